"""Snapshots of a feed, cut from the tables: what changed is rendered anew, a page at a time, all else stays.

Killed anywhere, the next cut ends in the same state: files are made before the rows that speak of them are committed,
and the number of the snapshot that is served moves last.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata import config
from ckanext.citizendata.core.manifest import MANIFEST_TYPE, Manifest, ManifestPage
from ckanext.citizendata.feeds import ranges
from ckanext.citizendata.feeds.head import json_from_head
from ckanext.citizendata.feeds.issuing import Issue, issued
from ckanext.citizendata.feeds.ranges import WHOLE, Range, without_empty
from ckanext.citizendata.feeds.store import Store
from ckanext.citizendata.logic.description import mapping_version
from ckanext.citizendata.logic.feeds import feed_keys, feed_news
from ckanext.citizendata.logic.feeds.catalogue_head import catalogue_head
from ckanext.citizendata.logic.feeds.cutting_pages import PageMaker
from ckanext.citizendata.logic.feeds.feed_behind import require_not_behind
from ckanext.citizendata.logic.feeds.feed_lock import alone
from ckanext.citizendata.logic.feeds.feed_retiring import retire
from ckanext.citizendata.logic.feeds.feed_scopes import scope_of
from ckanext.citizendata.logic.feeds.feed_stores import store_of
from ckanext.citizendata.logic.feeds.moving import addresses_before
from ckanext.citizendata.model import change, cutting, feed_page
from ckanext.citizendata.model.cutting import Moment, Scope

__all__ = ["Cut", "cut", "cut_anew", "is_due"]

# How a run ended that may have done half of its work, and for how many hours its records wait for the next one.
HALF_DONE, PATIENCE = ("interrupted", "registry", "stopped"), 24


@dataclass(frozen=True, slots=True)
class Cut:
    """A new snapshot: its number, what is on it, and how many pages were rendered for it."""

    feed: str
    sequence: int
    rendered: int
    pages: int
    datasets: int
    tombstones: int


@dataclass(frozen=True, slots=True)
class _State:
    """What a cut starts from: the feed's row and pages, what it is about, and which state of the database it sees.

    `since` is the transaction from which on changes are looked at, None where all is rendered anew.
    """

    connection: sa.Connection
    store: Store
    row: sa.Row[Any]
    scope: Scope
    now: Moment
    since: str | None
    pages: Sequence[sa.Row[Any]] = field(default_factory=tuple)


def cut(feed: str) -> Cut | None:
    """The new snapshot, None where the last one is still right: its number moves only where something differs.

    Raises `Busy` where somebody else is cutting, `Behind` where the database is older than what is served,
    `KeyUnusable` where nothing can be signed, and `StoreFull`: then the last snapshot goes on being served.
    """
    return _cut(feed, _touched)


def cut_anew(feed: str) -> Cut | None:
    """The same with every page rendered, whatever is known of changes."""
    return _cut(feed, _every)


def _cut(feed: str, numbers_of: Callable[[_State], set[int]]) -> Cut | None:
    store = store_of(feed)
    if store is None:
        return None
    with alone():
        started = time.time()
        with model.ensure_engine().begin() as connection:
            change.settle(connection)
        with cutting.connected() as connection:
            state = _state(connection, store, feed_page.made(connection, feed))
            require_not_behind(store, feed, state.row.sequence)
            made = _made(state, numbers_of)
            connection.commit()
        with model.ensure_engine().begin() as connection:
            # What was closed meanwhile never gets served.
            gone = retire(connection, cutting.lowered(connection, state.scope, state.now), feed).get(feed, ())
            store.give_back({page.sha256 for page in feed_page.current(connection, feed)}.difference(gone))
            _serve(connection, store, feed)
            store.forget_taken(started)
            if made:
                _prune(connection, store, feed)
    if made:
        feed_news.tell(feed, made.sequence)
    return made


def is_due(feed: str) -> bool:
    """Whether there is something to do for a cut: changes, time, or files that are lost."""
    store = store_of(feed)
    if store is None:
        return False
    with cutting.connected() as connection:
        row = feed_page.feed(connection, feed)
        if row is None or store.current() != row.sequence or _is_half_over(row):
            return True
        state = _state(connection, store, row)
        return state.since is None or cutting.is_behind(connection, state.since) or bool(_touched(state))


def _state(connection: sa.Connection, store: Store, row: sa.Row[Any]) -> _State:
    is_usable = row.cut_txid and not feed_page.is_of_another_database(connection, row.cut_txid)
    return _State(
        connection=connection,
        store=store,
        row=row,
        scope=scope_of(row.name, cutting.at_work(connection, HALF_DONE, PATIENCE)),
        now=cutting.moment(connection),
        since=row.cut_txid if is_usable else None,
        pages=feed_page.current(connection, row.name),
    )


def _is_half_over(row: sa.Row[Any]) -> bool:
    return row.expires is None or datetime.now(timezone.utc) >= row.created + (row.expires - row.created) / 2


def _made(state: _State, numbers_of: Callable[[_State], set[int]]) -> Cut | None:
    """What this transaction writes down, and the files that it made for it."""
    connection, scope = state.connection, state.scope
    # First: what is taken back has to be rendered anew, and is missing from then on.
    lowered = cutting.lowered(connection, scope, _seen(state.row)) if state.since else []
    gone = retire(connection, lowered, scope.feed)
    signer = feed_keys.signer(connection)
    numbers = numbers_of(state)
    cutting.hold(connection, scope, state.since)
    cutting.release(connection, scope)
    pages = without_empty(_pages(state, numbers))
    manifest = issued(_issue(state), pages, state.row.signed, datetime.now(timezone.utc))
    if manifest is not None:
        _write(state, manifest, signer.signed(manifest.payload(), MANIFEST_TYPE))
        feed_page.mark_gone(connection, scope.feed, gone.get(scope.feed, ()))
    elif state.since is None or cutting.is_behind(connection, state.since):
        feed_page.write(connection, scope.feed, _place(state))
    return _told(state, manifest) if manifest else None


def _seen(row: sa.Row[Any]) -> Moment:
    """The state of the database that the last cut saw."""
    return Moment(row.cut_txid, row.cut_sequence, row.cut_snapshot)


def _every(state: _State) -> set[int]:
    """The numbers of all pages."""
    return set(range(max(1, len(state.pages))))


def _touched(state: _State) -> set[int]:
    """The numbers of the pages that are rendered anew."""
    if state.since is None:
        return _every(state)
    starts = [page.start for page in state.pages] or [WHOLE.start]
    lost = {number for number, page in enumerate(state.pages) if state.store.packed_page(page.sha256) is None}
    return lost | ranges.touched(starts, cutting.touched(state.connection, state.scope, state.since, state.now))


def _pages(state: _State, numbers: set[int]) -> Iterator[ManifestPage]:
    maker = PageMaker(state.connection, state.store, state.scope)
    for number, row in enumerate(state.pages or [None]):
        if number in numbers:
            here = Range(row.start, row.stop) if row else WHOLE
            yield from maker.pages(here, row.sha256 if row else None)
        elif row:
            yield _manifest_page(row)


def _manifest_page(row: sa.Row[Any]) -> ManifestPage:
    return ManifestPage(row.start, row.sha256, row.size, row.datasets, row.tombstones)


def _issue(state: _State) -> Issue:
    return Issue(
        catalogue=catalogue_head(None).iri,
        audience=state.scope.feed,
        epoch=state.row.epoch,
        keys=feed_keys.keys(state.connection),
        days=config.feed_days(),
        mapping_version=mapping_version(),
        licence=config.metadata_licence(),
        moved_from=next(iter(addresses_before()), None),
    )


def _write(state: _State, manifest: Manifest, signed: str) -> None:
    """The files of the snapshot, then its rows."""
    connection, feed = state.connection, state.scope.feed
    state.store.put_head(manifest.sequence, json_from_head(catalogue_head(cutting.latest(connection, state.scope))))
    state.store.put_manifest(manifest.sequence, signed)
    stops = [*(page.start for page in manifest.pages[1:]), None]
    fresh = {(page.start, stop, page.sha256): (page, stop) for page, stop in zip(manifest.pages, stops, strict=False)}
    known = {(row.start, row.stop, row.sha256): row.id for row in state.pages}
    feed_page.close(connection, [id_ for key, id_ in known.items() if key not in fresh], manifest.sequence - 1)
    feed_page.add(connection, feed, [each for key, each in fresh.items() if key not in known], manifest.sequence)
    values = {"sequence": manifest.sequence, "signed": signed}
    times = {"created": manifest.created, "expires": manifest.expires}
    feed_page.write(connection, feed, values | times | _place(state))


def _place(state: _State) -> dict[str, Any]:
    """Up to which change the feed tells all."""
    now = state.now
    return {"cut_txid": now.txid, "cut_sequence": now.sequence, "cut_snapshot": now.snapshot}


def _told(state: _State, manifest: Manifest) -> Cut:
    before = {page.sha256 for page in state.pages}
    rendered = sum(page.sha256 not in before for page in manifest.pages)
    number = len(manifest.pages)
    return Cut(state.scope.feed, manifest.sequence, rendered, number, manifest.datasets, manifest.tombstones)


def _serve(connection: sa.Connection, store: Store, feed: str) -> None:
    """Serves the snapshot that the table tells, also where whoever cut it was killed, or its files were lost."""
    row = feed_page.feed(connection, feed)
    if row is None or not row.sequence:
        return
    if store.manifest(row.sequence) != row.signed:
        store.put_manifest(row.sequence, row.signed)
    if store.head(row.sequence) is None:
        store.put_head(row.sequence, json_from_head(catalogue_head(cutting.latest(connection, scope_of(feed)))))
    if store.current() != row.sequence:
        store.make_current(row.sequence)


def _prune(connection: sa.Connection, store: Store, feed: str) -> None:
    kept, since = feed_page.expire(connection, feed, timedelta(hours=config.feed_kept_hours()))
    store.prune(kept, since.timestamp())
