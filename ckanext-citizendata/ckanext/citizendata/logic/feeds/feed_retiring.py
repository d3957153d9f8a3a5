"""Takes pages back that hold what fewer may read from now on, before whoever closes a record hears that it is done.

Every kept page whose range of ids has the record goes, whether it says something of it or not: that is surer, and the
next cut has it anew in seconds. It happens before the commit and once more after it, for what somebody cut meanwhile.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from ckan import model
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ckanext.citizendata import config
from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.record import LIVE, RecordState
from ckanext.citizendata.feeds.ranges import Range, holds_any
from ckanext.citizendata.feeds.store import StoreFull
from ckanext.citizendata.logic.feeds.feed_stores import store_of
from ckanext.citizendata.model import feed_page

__all__ = ["is_less_open", "note", "retire", "watch"]

log = logging.getLogger(__name__)

_MARK = "ckanext.citizendata.retiring"
# What stands in one feed or another.
TRAVELLING = frozenset({"everyone", "collaborative", "partners"})


def is_less_open(before: RecordState | None, after: RecordState) -> bool:
    """Whether a reader of feeds could read a record who can't any more, or can't under that address."""
    if before is None or before.state != LIVE or before.audience not in TRAVELLING:
        return False
    lost = audiences.readers(before.audience) - audiences.readers(after.audience)
    return after.state != LIVE or bool(lost) or before.iri != after.iri


def note(package_ids: Iterable[str]) -> None:
    """Have the pages of these records taken back when this transaction commits, and not where it doesn't."""
    info = model.Session().info
    info[_MARK] = info.get(_MARK, frozenset()) | frozenset(package_ids)


def retire(
    connection: sa.Connection, package_ids: Collection[str], only: str | None = None
) -> Mapping[str, Sequence[str]]:
    """The pages that were taken back, by feed: all that are kept and have one of these records in their range.

    :param only: the feed that is looked at; else all are

    What can't be taken back from the disk is logged: a record that can't be closed would be worse.
    """
    if not package_ids or config.feed_folder() is None:
        return {}
    ids = sorted(package_ids)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in feed_page.kept(connection, ids[0], ids[-1]):
        if only in (None, row.feed) and holds_any(Range(row.start, row.stop), ids):
            found[row.feed].append(row.sha256)
    for feed, names in found.items():
        _take_back(feed, names)
    return found


def watch() -> None:
    """Look at the transactions of this process from now on."""
    for name, listener in (("before_commit", _before), ("after_commit", _after), ("after_rollback", _forget)):
        if not event.contains(model.Session, name, listener):
            event.listen(model.Session, name, listener)


def _take_back(feed: str, names: Iterable[str]) -> None:
    store = store_of(feed)
    if store is None:
        return
    try:
        store.retire_all(names)
    except (OSError, StoreFull):
        log.exception("Pages of the feed %s can't be taken back whole; the next snapshot tries again", feed)
    finally:
        # Last, so that none that is being made of these pages is left.
        store.drop_dumps()


def _before(session: Session) -> None:
    # A savepoint isn't the end.
    if session.info.get(_MARK) and not session.in_nested_transaction():
        retire(session.connection(), session.info[_MARK])


def _after(session: Session) -> None:
    package_ids = None if session.in_nested_transaction() else session.info.pop(_MARK, None)
    if not package_ids:
        return
    try:
        with model.ensure_engine().connect() as connection:
            retire(connection, package_ids)
    except DBAPIError:
        # It is committed; the next cut does the same.
        log.exception("Pages of feeds aren't looked at once more")


def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_MARK, None)
