"""The change table as everyone may follow it: its settled rows, each with what the rows of its record around it say.

Rows of records that aren't for everyone come too, marked as such: a reader's place in the table must not depend on whom
a record is for today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.changes import ENDS, OPENS
from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.model.change import Change, Xid8
from ckanext.citizendata.model.dirty import Dirty
from ckanext.citizendata.model.feed import Feed
from ckanext.citizendata.model.record import Record

__all__ = ["START", "Place", "epoch", "last_moments", "page", "place_of"]

_change: sa.Table = Change.__table__  # type: ignore
_record: sa.Table = Record.__table__  # type: ignore
_dirty: sa.Table = Dirty.__table__  # type: ignore
_feed: sa.Table = Feed.__table__  # type: ignore
_settled = _change.c.txid < sa.func.pg_snapshot_xmin(sa.func.pg_current_snapshot())


@dataclass(frozen=True)
class Place:
    """A place in the order of the change table: transaction and number of the last row that was read."""

    txid: str
    sequence: int


START = Place("0", 0)


def epoch() -> int:
    """Which life of this site it is, from 1: raised when the site is put back from a backup."""
    query = sa.select(_feed.c.epoch).where(_feed.c.name == EVERYONE)
    return model.Session.execute(query).scalar() or 1


def place_of(sequence: int) -> Place | None:
    """The place of the row of this number; None where there is no such row, or none yet that stays where it is."""
    query = sa.select(sa.cast(_change.c.txid, sa.Text)).where(_change.c.sequence == sequence, _settled)
    txid = model.Session.execute(query).scalar()
    return Place(txid, sequence) if txid is not None else None


def page(after: Place, limit: int) -> Sequence[sa.Row[Any]]:
    """The next rows behind a place, so many at most, as `core.changes.Step` has them.

    Beside those: `sequence`, `at`, `package_id`, and `waits` for a record that is just being written anew.
    """
    start = sa.tuple_(sa.cast(sa.literal(after.txid), Xid8), sa.literal(after.sequence))
    behind = sa.tuple_(_change.c.txid, _change.c.sequence) > start
    columns = (_change.c.txid, _change.c.sequence, _change.c.package_id)
    read = sa.select(*columns).where(behind, _settled).order_by(_change.c.txid, _change.c.sequence)
    here = read.limit(limit).cte("here")
    lives = _lives(here)
    known = lives.alias("known")
    query = (
        sa.select(
            *(lives.c[name] for name in ("sequence", "at", "package_id", "operation", "iri", "readable")),
            lives.c.was_readable,
            known.c.iri.label("known_as"),
            lives.c.followed,
            _is_readable.label("is_readable"),
            sa.exists().where(_dirty.c.package_id == _record.c.package_id).label("waits"),
        )
        .join_from(here, lives, lives.c.sequence == here.c.sequence)
        .join(_record, _record.c.package_id == here.c.package_id, isouter=True)
        .join(known, known.c.sequence == lives.c.known, isouter=True)
    )
    return model.Session.execute(query.order_by(here.c.txid, here.c.sequence)).all()


_is_readable = sa.func.coalesce(sa.and_(_record.c.state == LIVE, _record.c.audience == EVERYONE), sa.false())
_readable = sa.func.coalesce(sa.and_(_change.c.operation.in_(OPENS), _change.c.audience == EVERYONE), sa.false())


def _lives(here: sa.CTE) -> sa.CTE:
    """All rows of the records of some rows; for one record the greater number is the later change."""
    life: dict[str, Any] = {"partition_by": _change.c.package_id, "order_by": _change.c.sequence}
    before, later = {**life, "rows": (None, -1)}, {**life, "rows": (1, None)}
    tells = sa.or_(_readable, _change.c.operation.in_(list(ENDS)))
    return (
        sa.select(
            *(_change.c[name] for name in ("sequence", "at", "package_id", "operation", "iri")),
            _readable.label("readable"),
            sa.func.coalesce(sa.func.lag(_readable).over(**life), sa.false()).label("was_readable"),
            sa.func.max(_change.c.sequence).filter(_readable).over(**before).label("known"),
            sa.func.coalesce(sa.func.bool_or(tells).over(**later), sa.false()).label("followed"),
        )
        .where(_change.c.package_id.in_(sa.select(here.c.package_id)))
        .cte("lives")
    )


def last_moments(package_id: str) -> Sequence[Any]:
    """When the last two changes of a record began, the later one first."""
    query = sa.select(_change.c.at).where(_change.c.package_id == package_id)
    return model.Session.execute(query.order_by(_change.c.sequence.desc()).limit(2)).scalars().all()
