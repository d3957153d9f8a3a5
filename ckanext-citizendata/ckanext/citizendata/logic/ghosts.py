"""Takes from the search index what no package stands behind.

CKAN writes the index before it commits: a process that dies in between leaves a document that nobody would ever remove.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.lib.search import make_connection
from ckan.lib.search.common import SearchError
from pysolr import SolrError

__all__ = ["sweep_index"]

log = logging.getLogger(__name__)

PAGE = 1000
PATIENCE = 10.0  # seconds


def sweep_index(organization_id: str | None = None) -> int:
    """How many documents were removed: of one organisation, or of the whole site.

    Raises `SearchError` where the search engine doesn't answer.
    """
    suspects = [each for page in _pages(organization_id) for each in _without_package(page)]
    if not suspects or not _settled():
        return 0
    ghosts = [*_without_package(suspects)]
    for package_id in ghosts:
        log.warning("The search index holds %s, which no dataset stands behind; it is removed", package_id)
        search.clear(package_id)
    return len(ghosts)


def _pages(organization_id: str | None) -> Iterator[list[str]]:
    filters = ["entity_type:package", f'site_id:"{tk.config["ckan.site_id"]}"']
    if organization_id:
        filters.append(f'owner_org:"{organization_id}"')
    at, before = "*", ""
    while at != before:
        try:
            found = make_connection().search("*:*", fq=filters, fl="id", sort="index_id asc", rows=PAGE, cursorMark=at)
        except (SolrError, OSError) as error:
            raise SearchError(str(error)) from error
        yield [document["id"] for document in found.docs]
        at, before = found.nextCursorMark or at, at


def _without_package(package_ids: list[str]) -> Iterable[str]:
    for start in range(0, len(package_ids), PAGE):
        page = package_ids[start : start + PAGE]
        known = set(model.Session.execute(sa.select(model.Package.id).where(model.Package.id.in_(page))).scalars())
        yield from (each for each in page if each not in known)


def _settled() -> bool:
    """Whether all who were writing have ended: a dataset that is just being saved is in the index already."""
    model.Session.commit()
    seen = model.Session.execute(sa.text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")).scalar_one()
    ended = sa.text("SELECT pg_snapshot_xmin(pg_current_snapshot()) >= CAST(:seen AS xid8)")
    until = time.monotonic() + PATIENCE
    while not model.Session.execute(ended, {"seen": seen}).scalar_one():
        if time.monotonic() > until:
            log.warning("The search index isn't swept: somebody has been writing to the database for %s s", PATIENCE)
            return False
        time.sleep(0.1)
    return True
