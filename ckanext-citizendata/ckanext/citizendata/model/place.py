"""The places of the public catalogue: one for each record that everyone could ever read, oldest publication first.

A place is never given up, so the pages behind it don't move: a record that is gone leaves its tombstone there, one that
waits to be rendered leaves it empty for a moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.record import MEMBER
from ckanext.citizendata.model.custody import Custody
from ckanext.citizendata.model.dirty import Dirty
from ckanext.citizendata.model.member import Member
from ckanext.citizendata.model.record import Record

__all__ = ["WHENCE", "Places", "among", "has_others", "last_change", "of_package", "page"]

_record: sa.Table = Record.__table__  # type: ignore
_dirty: sa.Table = Dirty.__table__  # type: ignore
_custody: sa.Table = Custody.__table__  # type: ignore
_member: sa.Table = Member.__table__  # type: ignore
_waits = sa.exists().where(_dirty.c.package_id == _record.c.package_id).label("waits")
# Where it came from, for a record that was harvested.
_hops = sa.select(_custody.c.hops).where(_custody.c.package_id == _record.c.package_id).scalar_subquery().label("hops")
_source = sa.func.substr(_record.c.authority, len(MEMBER) + 1)
_feed = sa.select(_member.c.url).where(_member.c.id == _source).scalar_subquery()
WHENCE = (_hops, _feed.label("feed"))
_more = (_waits, *WHENCE)
# No other way by which a record changes what the catalogue says of it: an edit, a tombstone, the first publication.
last_change = sa.func.greatest(_record.c.modified, _record.c.tombstoned, _record.c.public_since)


@dataclass(frozen=True)
class Places:
    """Some places in their order, how many there are in all, and the last change of any."""

    rows: Sequence[sa.Row[Any]]
    total: int
    latest: datetime | None


def page(offset: int, size: int, since: datetime | None = None) -> Places:
    """One page of all places, or of those that changed since; one statement, so one state of the database."""
    held = [_record.c.public_since.is_not(None)] + ([last_change >= since] if since else [])
    whole = sa.select(sa.func.count().label("total"), sa.func.max(last_change).label("latest")).where(*held).cte()
    # The keys first: they come from the index, and of the records before this page no fragment is read.
    keys = sa.select(_record.c.package_id).where(*held).order_by(_record.c.public_since, _record.c.package_id)
    here = keys.offset(offset).limit(size).subquery()
    part = sa.select(_record, *_more).join(here, here.c.package_id == _record.c.package_id).subquery()
    query = sa.select(whole.c.total, whole.c.latest, part).join_from(whole, part, sa.true(), isouter=True)
    rows = model.Session.execute(query.order_by(part.c.public_since, part.c.package_id)).all()
    return Places([row for row in rows if row.package_id is not None], rows[0].total, rows[0].latest)


def among(package_ids: Iterable[str]) -> Sequence[sa.Row[Any]]:
    """The places of the given packages, in no order."""
    query = sa.select(_record, *_more).where(_record.c.public_since.is_not(None))
    return model.Session.execute(query.where(_record.c.package_id.in_(list(package_ids)))).all()


def of_package(package_id: str) -> sa.Row[Any] | None:
    """The record of a package, public or not, and whether it waits to be rendered."""
    return model.Session.execute(sa.select(_record, *_more).where(_record.c.package_id == package_id)).first()


def has_others(own_type: str) -> bool:
    """Whether the site has public packages of other types that ckanext-dcat would export."""
    package = model.package_table.c
    apart = package.type.not_in((own_type, "harvest", "showcase"))
    query = sa.select(sa.exists().where(apart, package.state == model.State.ACTIVE, package.private.is_(False)))
    return bool(model.Session.execute(query).scalar())
