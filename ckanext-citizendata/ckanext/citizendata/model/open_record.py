"""The records that everyone may read now: whether one is among them, and all of them for a sitemap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.model.dirty import Dirty
from ckanext.citizendata.model.record import Record

__all__ = ["at_most", "open_iri", "part", "parts"]

_record: sa.Table = Record.__table__  # type: ignore
_dirty: sa.Table = Dirty.__table__  # type: ignore
# The order of bytes, which an index of the table has, and in which a range has the same members everywhere.
_id = _record.c.package_id.collate("C")
_waits = sa.exists().where(_dirty.c.package_id == _record.c.package_id)
_open = (_record.c.public_since.is_not(None), _record.c.state == LIVE, _record.c.audience == EVERYONE, ~_waits)
_changed = sa.func.greatest(_record.c.modified, _record.c.public_since)
ROWS_AT_ONCE = 1000


def open_iri(package_id: str) -> str | None:
    """The IRI of a record that everyone may read now, None for any other."""
    query = sa.select(_record.c.iri).where(_record.c.package_id == package_id, *_open)
    return model.Session.execute(query).scalar()


def at_most() -> int:
    """How many records everyone may read or could, for which an index is enough."""
    query = sa.select(sa.func.count()).where(_record.c.public_since.is_not(None))
    return model.Session.execute(query).scalar_one()


def parts(length: int) -> Sequence[sa.Row[Any]]:
    """The records by how the ids of their packages `start`, so many characters: number of `pages`, latest `changed`."""
    start = sa.func.left(_id, length)
    each = (start.label("start"), sa.func.count().label("pages"), sa.func.max(_changed).label("changed"))
    return model.Session.execute(sa.select(*each).where(*_open).group_by(start).order_by(start)).all()


def part(start: str, limit: int) -> Iterator[sa.Row[Any]]:
    """The records whose packages' ids start so, so many at most: `name` of the page and when it `changed`.

    They are read as they are asked for, on a connection that ends with them.
    """
    package = model.package_table.c
    within = [_id >= start, _id < start[:-1] + chr(ord(start[-1]) + 1)] if start else []
    query = (
        sa.select(package.name, _changed.label("changed"))
        .join_from(_record, model.package_table, package.id == _record.c.package_id)
        .where(*within, *_open, package.state == model.State.ACTIVE, package.private.is_(False))
        .order_by(_id)
        .limit(limit)
    )
    with model.ensure_engine().connect() as connection:
        streaming = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
        yield from streaming.execute(query)
