"""One row for each of our datasets, also after its package is gone; read as plain rows, past the identity map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.model.dirty import Dirty


class Record(tk.BaseModel):
    """A fragment with its state; `issued` and `modified` are local times, those of the source are in the fragment."""

    __tablename__ = "citizendata_record"
    __table_args__ = (
        sa.UniqueConstraint("authority", "iri", name="citizendata_record_authority_iri_key"),
        sa.Index("citizendata_record_iri_idx", "iri"),
        sa.Index("citizendata_record_tombstoned_idx", "tombstoned", postgresql_where=sa.text("tombstone IS NOT NULL")),
    )

    package_id = sa.Column(sa.UnicodeText, primary_key=True)
    iri = sa.Column(sa.UnicodeText, nullable=False)
    authority = sa.Column(sa.UnicodeText, nullable=False)
    fragment = sa.Column(sa.UnicodeText, nullable=False)
    residue = sa.Column(sa.UnicodeText, nullable=False)
    fingerprint = sa.Column(sa.UnicodeText, nullable=False)
    mapping_version = sa.Column(sa.UnicodeText, nullable=False)
    audience = sa.Column(sa.UnicodeText)
    state = sa.Column(sa.UnicodeText, nullable=False)
    issued = sa.Column(sa.DateTime(timezone=True), nullable=False)
    modified = sa.Column(sa.DateTime(timezone=True), nullable=False)
    public_since = sa.Column(sa.DateTime(timezone=True))
    tombstone = sa.Column(sa.UnicodeText)
    tombstoned = sa.Column(sa.DateTime(timezone=True))


_record: sa.Table = Record.__table__  # type: ignore
_dirty: sa.Table = Dirty.__table__  # type: ignore


def by_package(package_id: str) -> sa.Row[Any] | None:
    """The record of a package."""
    return model.Session.execute(sa.select(_record).where(_record.c.package_id == package_id)).first()


def locked(package_id: str) -> sa.Row[Any] | None:
    """The record of a package, held until the transaction ends, so that two writers come one after the other."""
    query = sa.select(_record).where(_record.c.package_id == package_id).with_for_update()
    return model.Session.execute(query).first()


def by_iri(iri: str) -> Sequence[sa.Row[Any]]:
    """The records that go by this address, one an authority."""
    return model.Session.execute(sa.select(_record).where(_record.c.iri == iri)).all()


def by_authority(authority: str) -> Sequence[sa.Row[Any]]:
    """All records of this site (`local`) or of one member (`member:<id>`), by address."""
    return model.Session.execute(
        sa.select(_record).where(_record.c.authority == authority).order_by(_record.c.iri)
    ).all()


def of_authority_and_iri(authority: str, iri: str) -> sa.Row[Any] | None:
    """The one record that an authority publishes under this address."""
    query = sa.select(_record).where(_record.c.authority == authority, _record.c.iri == iri)
    return model.Session.execute(query).first()


def write(values: dict[str, Any]) -> None:
    """Replace the named columns of the record of `values["package_id"]`, or insert it."""
    update = sa.update(_record).where(_record.c.package_id == values["package_id"]).values(**values)
    if model.Session.execute(update.returning(_record.c.package_id)).first() is None:
        model.Session.execute(sa.insert(_record).values(**values))


def package_ids() -> Sequence[str]:
    """The packages of all records, in a stable order."""
    return model.Session.execute(sa.select(_record.c.package_id).order_by(_record.c.package_id)).scalars().all()


def open_records(after: str = "", limit: int = 100) -> Sequence[sa.Row[Any]]:
    """What the open feeds carry, by package id from the one after `after`; dirty ones stay out until rendered."""
    query = sa.select(_record).where(*_open(), _record.c.package_id > after)
    return model.Session.execute(query.order_by(_record.c.package_id).limit(limit)).all()


def open_count() -> int:
    """How many records the open feeds carry now."""
    return model.Session.execute(sa.select(sa.func.count()).select_from(_record).where(*_open())).scalar_one()


def open_record(package_id: str) -> sa.Row[Any] | None:
    """The record if the open feeds carry it."""
    return model.Session.execute(sa.select(_record).where(*_open(), _record.c.package_id == package_id)).first()


def open_among(package_ids: Iterable[str]) -> Sequence[sa.Row[Any]]:
    """Those of the given packages whose records the open feeds carry."""
    query = sa.select(_record).where(*_open(), _record.c.package_id.in_(list(package_ids)))
    return model.Session.execute(query.order_by(_record.c.package_id)).all()


def tombstones(after: str = "", limit: int = 100) -> Sequence[sa.Row[Any]]:
    """What was public to everyone and is no more, by package id from the one after `after`."""
    query = sa.select(_record).where(_record.c.tombstone.is_not(None), _record.c.package_id > after)
    return model.Session.execute(query.order_by(_record.c.package_id).limit(limit)).all()


def _open() -> tuple[sa.ColumnElement[bool], ...]:
    dirty = sa.exists().where(_dirty.c.package_id == _record.c.package_id)
    return (_record.c.state == LIVE, _record.c.audience == audiences.EVERYONE, ~dirty)
