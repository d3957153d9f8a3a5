"""Which organisation here the records of a member's publishers belong to; only people write it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.citizendata.model.record import Record


class Publisher(tk.BaseModel):
    """One publisher of one member, by address or name as `core.publishers` tells it, and its organisation."""

    __tablename__ = "citizendata_publisher"

    member_id = sa.Column(sa.UnicodeText, primary_key=True)
    publisher = sa.Column(sa.UnicodeText, primary_key=True)
    organization_id = sa.Column(sa.UnicodeText, nullable=False)


_publisher: sa.Table = Publisher.__table__  # type: ignore
_record: sa.Table = Record.__table__  # type: ignore


def organizations(member_id: str) -> dict[str, str]:
    """The id of the organisation of each publisher of a member, where that organisation still is one."""
    group = model.group_table.c
    query = sa.select(_publisher.c.publisher, _publisher.c.organization_id).join(
        model.group_table, sa.and_(group.id == _publisher.c.organization_id, group.state == model.State.ACTIVE)
    )
    return {key: id_ for key, id_ in model.Session.execute(query.where(_publisher.c.member_id == member_id))}


def write(member_id: str, publisher: str, organization_id: str) -> None:
    """Note whose the records of a publisher are."""
    statement = insert(_publisher).values(member_id=member_id, publisher=publisher, organization_id=organization_id)
    changed = {"organization_id": organization_id}
    keys = ["member_id", "publisher"]
    model.Session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def remove(member_id: str, publisher: str) -> None:
    """Leave the records of a publisher to the member's own organisation."""
    mine = _publisher.c.member_id == member_id, _publisher.c.publisher == publisher
    model.Session.execute(sa.delete(_publisher).where(*mine))


def remove_of(member_id: str) -> None:
    """Forget all publishers of a member."""
    model.Session.execute(sa.delete(_publisher).where(_publisher.c.member_id == member_id))


def named(authority: str) -> Sequence[tuple[str | None, int]]:
    """What the packages of an authority say of their publishers, as JSON, and how many say so."""
    said = model.package_table.c.extras["publisher"].astext
    query = sa.select(said, sa.func.count()).where(*_of(authority)).group_by(said)
    return [(text, number) for text, number in model.Session.execute(query)]


def packages(authority: str, said: Collection[str], but: str) -> Sequence[str]:
    """The packages of an authority that say this of their publishers, by id, but those of one organisation."""
    package = model.package_table.c
    wanted = package.extras["publisher"].astext.in_(said), package.owner_org != but
    query = sa.select(package.id).where(*_of(authority), *wanted).order_by(package.id)
    return model.Session.execute(query).scalars().all()


def _of(authority: str) -> tuple[Any, ...]:
    package = model.package_table.c
    return (
        _record.c.package_id == package.id,
        _record.c.authority == authority,
        package.state == model.State.ACTIVE,
    )
