"""Takes from the search index what no package stands behind.

CKAN writes the index before it commits: a process that dies in between leaves a document that nobody would ever remove.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.logic.finding.index_contents import pages, take_out
from ckanext.citizendata.logic.finding.index_truth import stored

__all__ = ["remove_ghosts", "sweep_index"]

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds


def sweep_index(organization_id: str | None = None) -> int:
    """How many documents were removed: of one organisation, or of the whole site.

    Raises `SearchError` where the search engine doesn't answer.
    """
    filters = [f'owner_org:"{organization_id}"'] if organization_id else []
    return sum(remove_ghosts(page) for page in pages(*filters))


def remove_ghosts(package_ids: Collection[str]) -> int:
    """How many of these were removed, because no dataset stands behind them that should be found.

    Raises `SearchError` where the search engine doesn't answer.
    """
    suspects = _without_package(package_ids)
    ghosts = _without_package(suspects) if suspects and _settled() else []
    if ghosts:
        log.warning("The search index holds what no dataset stands behind; it is removed: %s", ", ".join(ghosts))
        take_out(ghosts)
    return len(ghosts)


def _without_package(package_ids: Collection[str]) -> list[str]:
    known = stored(package_ids)
    return [each for each in package_ids if each not in known]


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
