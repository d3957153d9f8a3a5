"""What snapshots are cut from; each on the connection of whoever cuts.

All of one cut is read in one transaction of `REPEATABLE READ`, so that it sees one state of the database. Changes of
transactions before the oldest that ran then are settled: none can come before them any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.record import LIVE, MEMBER
from ckanext.citizendata.model.change import Change, Xid8
from ckanext.citizendata.model.dirty import EDITED, Dirty
from ckanext.citizendata.model.feed import COLLATION, FeedWaiting
from ckanext.citizendata.model.place import WHENCE, last_change
from ckanext.citizendata.model.record import Record

__all__ = [
    "Moment",
    "Scope",
    "at_work",
    "connected",
    "count",
    "hold",
    "is_behind",
    "latest",
    "lowered",
    "moment",
    "release",
    "rows",
    "touched",
]

_change: sa.Table = Change.__table__  # type: ignore
_dirty: sa.Table = Dirty.__table__  # type: ignore
_record: sa.Table = Record.__table__  # type: ignore
_waiting: sa.Table = FeedWaiting.__table__  # type: ignore

Connection = sa.engine.Connection
Condition = sa.ColumnElement[bool]
AT_ONCE = 25
_package_id = sa.collate(_record.c.package_id, COLLATION)
# Edited past the hooks: what its record says may be more than its package now allows.
IS_EDITED = sa.exists().where(_dirty.c.package_id == _record.c.package_id, _dirty.c.reason == EDITED)
AT_WORK = sa.text("""
SELECT member_id FROM citizendata_lease WHERE until > clock_timestamp()
UNION
SELECT m.id FROM citizendata_member m JOIN LATERAL (
    SELECT state, code, started FROM citizendata_run WHERE member_id = m.id ORDER BY id DESC LIMIT 1
) r ON true
WHERE m.state = 'active' AND r.started > clock_timestamp() - make_interval(hours => :hours)
AND (r.state = 'running' OR (r.state = 'failed' AND r.code = ANY(:codes)))
""")


@dataclass(frozen=True)
class Moment:
    """The state of the database that a cut sees: changes of transactions before `txid` are settled, the greatest of
    which has the number `sequence`; `snapshot` is PostgreSQL's name of it.
    """

    txid: str
    sequence: int
    snapshot: str


@dataclass(frozen=True)
class Scope:
    """What a feed is about: records for these audiences, but for what waits while these authorities are `at_work`."""

    feed: str
    audiences: tuple[str, ...]
    at_work: tuple[str, ...] = ()

    @property
    def lowering(self) -> tuple[str, ...]:
        """Operations after which fewer readers of the feed may know of a record, or know it by another name.

        Nothing is above everyone; of two other audiences neither need be the lower one.
        """
        ends = ("lower", "withdraw", "delete", "move")
        return ends if self.audiences == (EVERYONE,) else (*ends, "raise")

    @property
    def is_place(self) -> Condition:
        """Whether a record has a place in the feed: one is never given up."""
        was_public = _record.c.public_since.is_not(None)
        if self.audiences == (EVERYONE,):
            return was_public
        was_read = sa.exists().where(
            _change.c.package_id == _record.c.package_id,
            _change.c.audience.in_(self.audiences),
            _change.c.operation.not_in(("withdraw", "delete")),
        )
        return sa.or_(was_public, was_read)

    @property
    def is_of_run(self) -> Condition:
        """Whether what a record says now is part of a run that isn't over. What is less public never waits."""
        is_read = sa.and_(_record.c.state == LIVE, _record.c.audience.in_(self.audiences))
        return sa.and_(is_read, _record.c.authority.in_(self.at_work))

    @property
    def is_bound(self) -> Condition:
        """Whether a record that waits goes on waiting."""
        return sa.or_(IS_EDITED, self.is_of_run)

    @property
    def waits(self) -> Condition:
        """Whether a record is among those that wait."""
        return sa.exists().where(_waiting.c.feed == self.feed, _waiting.c.package_id == _record.c.package_id)


def connected() -> Connection:
    """A connection of its own, whose transaction sees one state of the database."""
    return model.ensure_engine().connect().execution_options(isolation_level="REPEATABLE READ")


def moment(connection: Connection) -> Moment:
    """The state of the database that this transaction sees."""
    snapshot = sa.func.pg_current_snapshot()
    before = sa.func.pg_snapshot_xmin(snapshot)
    newest = sa.select(sa.func.max(_change.c.sequence)).where(_change.c.txid < before).scalar_subquery()
    query = sa.select(sa.cast(before, sa.Text).label("txid"), newest.label("sequence"), sa.cast(snapshot, sa.Text))
    txid, sequence, name = connection.execute(query).one()
    return Moment(txid, sequence or 0, name)


def at_work(connection: Connection, codes: Sequence[str], hours: int) -> tuple[str, ...]:
    """The authorities of whose records half a run may stand in the tables.

    Somebody works on them, or the last run, which began no so many hours ago, ended in between with one of these codes.
    """
    found = connection.execute(AT_WORK, {"codes": [*codes], "hours": hours}).scalars()
    return tuple(sorted(MEMBER + member_id for member_id in found))


def is_behind(connection: Connection, since: str) -> bool:
    """Whether there is a change that no cut has seen as settled."""
    return bool(connection.execute(sa.select(sa.exists().where(_change.c.txid >= _txid(since)))).scalar())


def hold(connection: Connection, scope: Scope, since: str | None) -> None:
    """Notes which records wait: those of runs under way that changed (all, without a `since`), and edited ones."""
    ids = sa.select(sa.literal(scope.feed), _record.c.package_id).where(scope.is_place)
    changed = _among_changed(since) if since else sa.true()
    for which in (sa.and_(changed, _record.c.authority.in_(scope.at_work)), IS_EDITED):
        added = insert(_waiting).from_select(["feed", "package_id"], ids.where(which))
        connection.execute(added.on_conflict_do_nothing())


def release(connection: Connection, scope: Scope) -> None:
    """Forgets the records that don't wait any more."""
    bound = sa.exists().where(_record.c.package_id == _waiting.c.package_id, scope.is_bound)
    connection.execute(sa.delete(_waiting).where(_waiting.c.feed == scope.feed, ~bound))


def touched(connection: Connection, scope: Scope, since: str, now: Moment) -> Iterator[str]:
    """The packages of which the feed says something else now, or may: settled changes, what waited, what was edited."""
    settled = sa.exists().where(
        _change.c.package_id == _record.c.package_id, _change.c.txid >= _txid(since), _change.c.txid < _txid(now.txid)
    )
    changed = sa.and_(settled, ~scope.is_of_run)
    waited = sa.and_(scope.waits, ~scope.is_bound)
    edited = sa.and_(IS_EDITED, ~scope.waits)
    for which in (changed, waited, edited):
        query = sa.select(_record.c.package_id).where(which, scope.is_place)
        yield from connection.execute(query, execution_options={"yield_per": 1000}).scalars()


def lowered(connection: Connection, scope: Scope, seen: Moment) -> list[str]:
    """The packages that fewer may know of, or may, than was visible at a moment; in order."""
    is_seen = sa.func.pg_visible_in_snapshot(_change.c.txid, sa.text("CAST(:snapshot AS pg_snapshot)"))
    since = _change.c.txid >= _txid(seen.txid), sa.not_(is_seen), _change.c.operation.in_(scope.lowering)
    has_place = sa.exists().where(_record.c.package_id == _change.c.package_id, scope.is_place)
    changed = sa.select(_change.c.package_id).where(*since, has_place).params(snapshot=seen.snapshot)
    edited = sa.select(_record.c.package_id).where(IS_EDITED, ~scope.waits, scope.is_place)
    # Python compares text as PostgreSQL compares its bytes in UTF-8.
    return sorted({*connection.execute(changed).scalars(), *connection.execute(edited).scalars()})


def count(connection: Connection, scope: Scope, start: str, stop: str | None) -> int:
    """How many places there are in a range of ids."""
    query = sa.select(sa.func.count()).select_from(_record).where(scope.is_place, *_between(start, stop))
    return connection.execute(query).scalar_one()


def rows(connection: Connection, scope: Scope, start: str, stop: str | None) -> Iterator[sa.Row[Any]]:
    """The places in a range of ids, in order, a few at a time; `waits` are edited ones, `is_kept` those that go on
    saying what they said."""
    kept = sa.and_(scope.waits, scope.is_of_run)
    query = sa.select(_record, IS_EDITED.label("waits"), *WHENCE, kept.label("is_kept"))
    query = query.where(scope.is_place, *_between(start, stop)).order_by(_package_id)
    yield from connection.execute(query, execution_options={"yield_per": AT_ONCE})


def latest(connection: Connection, scope: Scope) -> datetime | None:
    """When the last change happened of anything that has a place."""
    return connection.execute(sa.select(sa.func.max(last_change)).where(scope.is_place)).scalar()


def _between(start: str, stop: str | None) -> Collection[Condition]:
    return (_package_id >= start,) if stop is None else (_package_id >= start, _package_id < stop)


def _among_changed(since: str) -> Condition:
    return sa.exists().where(_change.c.package_id == _record.c.package_id, _change.c.txid >= _txid(since))


def _txid(text: str) -> sa.ColumnElement[Any]:
    return sa.cast(sa.literal(text, sa.Text), Xid8)
