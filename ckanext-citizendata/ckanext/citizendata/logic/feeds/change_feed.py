"""The change feed for everyone: what was asked for, checked, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.citizendata import config
from ckanext.citizendata.core.changes import CREATED, MOVED, UPDATED, Step, told
from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.feeds.changes import ChangeEntry, ChangePage, change_page_rendered
from ckanext.citizendata.feeds.face import TURTLE
from ckanext.citizendata.feeds.listing import moment
from ckanext.citizendata.feeds.rendering import Rendering
from ckanext.citizendata.feeds.revision import revision
from ckanext.citizendata.logic.feeds.answer import Answer, refusal
from ckanext.citizendata.logic.feeds.catalogue_head import site_address
from ckanext.citizendata.logic.whole_number import whole_number
from ckanext.citizendata.model import public_change
from ckanext.citizendata.model.public_change import START, Place

__all__ = ["changes_address", "changes_answer"]

DEFAULT, MOST = 100, 1000
# The greatest number that the table can hold.
LAST = 2**63 - 1
WITH_RDF = (CREATED, UPDATED, MOVED)


@dataclass(frozen=True)
class _Wish:
    """What was asked for, checked."""

    after: Place
    limit: int
    epoch: int


def changes_address(**parameters: int) -> str:
    """Where the feed begins, or goes on with these parameters."""
    address = f"{site_address()}/feed/everyone/changes.json"
    return f"{address}?{urlencode(parameters)}" if parameters else address


def changes_answer(parameters: Mapping[str, Any]) -> Answer:
    """One page of the feed, or the sentence that says what is wrong with a parameter.

    :param parameters: `since`, `limit` and `epoch` as they came.
    """
    wish = _wish(parameters)
    if isinstance(wish, Answer):
        return wish
    page = _page(wish)
    body = change_page_rendered(page)
    links = (f'<{page.next}>; rel="next"',) if page.next else ()
    return Answer(200, lambda: Rendering(body), revision=revision(body), links=links)


def _wish(parameters: Mapping[str, Any]) -> _Wish | Answer:
    limit = whole_number(parameters.get("limit") or str(DEFAULT), MOST)
    if not limit:
        sentence = tk._("limit: “{value}” is no whole number from 1 to {most}.")
        return refusal(400, sentence.format(value=parameters.get("limit"), most=MOST))
    now = public_change.epoch()
    if parameters.get("epoch") not in (None, "", str(now)):
        return _begin_anew(410, "epoch", parameters)
    since = whole_number(parameters.get("since") or "0", LAST)
    after = START if since == 0 else public_change.place_of(since) if since else None
    return _Wish(after, limit, now) if after else _begin_anew(400, "since", parameters)


def _begin_anew(status: int, name: str, parameters: Mapping[str, Any]) -> Answer:
    sentence = tk._("{name}: “{value}” is no place in the list of changes as it is today. Begin anew at {address}")
    said = sentence.format(name=name, value=parameters.get(name), address=changes_address())
    return Answer(status, sentence=said, links=(f'<{changes_address()}>; rel="start"',))


def _page(wish: _Wish) -> ChangePage:
    rows = public_change.page(wish.after, wish.limit + 1)
    here, since = rows[: wish.limit], wish.after.sequence
    until = here[-1].sequence if here else since
    goes_on = len(rows) > wish.limit
    return ChangePage(
        catalogue=f"{config.base_iri()}/catalog",
        epoch=wish.epoch,
        since=since,
        until=until,
        next=changes_address(since=until, limit=wish.limit, epoch=wish.epoch) if goes_on else None,
        changes=tuple(entry for entry in map(_entry, here) if entry),
    )


def _entry(row: sa.Row[Any]) -> ChangeEntry | None:
    found = told(
        Step(row.operation, row.iri, row.readable, row.was_readable, row.known_as, row.followed, row.is_readable)
    )
    if found is None or not is_address(found.iri):
        return None
    if found.operation is None:
        return ChangeEntry(row.sequence, None, None, found.iri, None, None)
    has_rdf = found.operation in WITH_RDF and not row.waits
    return ChangeEntry(
        sequence=row.sequence,
        at=moment(row.at),
        operation=found.operation,
        iri=found.iri,
        record=f"{config.base_iri()}/record/{row.package_id}",
        dataset=f"{site_address()}/dataset/{row.package_id}.{TURTLE.suffix}" if has_rdf else None,
    )
