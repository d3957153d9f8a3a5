"""One row for each of our datasets, also after its package is gone; read as plain rows, past the identity map."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY


class Record(tk.BaseModel):
    """A fragment with its state; `issued` and `modified` are local times, those of the source are in the fragment."""

    __tablename__ = "citizendata_record"
    __table_args__ = (
        sa.UniqueConstraint("authority", "iri", name="citizendata_record_authority_iri_key"),
        sa.Index("citizendata_record_iri_idx", "iri"),
        sa.Index("citizendata_record_tombstoned_idx", "tombstoned", postgresql_where=sa.text("tombstone IS NOT NULL")),
        sa.Index(
            "citizendata_record_place_idx",
            "public_since",
            "package_id",
            postgresql_where=sa.text("public_since IS NOT NULL"),
        ),
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
# Ranges of ids are compared by bytes.
sa.Index(
    "citizendata_record_range_idx",
    sa.collate(_record.c.package_id, "C"),
    postgresql_where=_record.c.public_since.is_not(None),
)


def by_package(package_id: str) -> sa.Row[Any] | None:
    """The record of a package."""
    return model.Session.execute(sa.select(_record).where(_record.c.package_id == package_id)).first()


def authority_of(package_id: str) -> str | None:
    """Who speaks for the record of a package: `local` or `member:<id>`."""
    return model.Session.execute(sa.select(_record.c.authority).where(_record.c.package_id == package_id)).scalar()


def locked(package_id: str) -> sa.Row[Any] | None:
    """The record of a package, held until the transaction ends, so that two writers come one after the other."""
    query = sa.select(_record).where(_record.c.package_id == package_id).with_for_update()
    return model.Session.execute(query).first()


def by_iri(iri: str) -> Sequence[sa.Row[Any]]:
    """The records that go by this address, one an authority."""
    return model.Session.execute(sa.select(_record).where(_record.c.iri == iri)).all()


def owners(iris: Collection[str], but: str) -> Sequence[sa.Row[Any]]:
    """Whose records go by these addresses, but those of one authority: `iri`, `authority`, `state`, `audience`,
    `public_since`, and as `noted` the state in the ledger of the member that it comes from.
    """
    ledger = sa.table("citizendata_ledger", *map(sa.column, ("member_id", "iri", "state")))
    member_id = sa.func.split_part(_record.c.authority, ":", 2)
    entry = sa.and_(ledger.c.iri == _record.c.iri, ledger.c.member_id == member_id)
    columns = (_record.c[name] for name in ("iri", "authority", "state", "audience", "public_since"))
    query = sa.select(*columns, ledger.c.state.label("noted")).join_from(_record, ledger, entry, isouter=True)
    among = sa.any_(sa.literal(list(iris), ARRAY(sa.UnicodeText)))
    query = query.where(_record.c.iri == among, _record.c.authority != but)
    return model.Session.execute(query.order_by(_record.c.authority)).all()


def of_others(package_ids: Collection[str], authority: str) -> Sequence[sa.Row[Any]]:
    """Package, address and state of the records of these packages for which another authority speaks."""
    among = sa.any_(sa.literal(list(package_ids), ARRAY(sa.UnicodeText)))
    query = sa.select(_record.c.package_id, _record.c.iri, _record.c.state)
    return model.Session.execute(query.where(_record.c.package_id == among, _record.c.authority != authority)).all()


def of_authority_and_iri(authority: str, iri: str) -> sa.Row[Any] | None:
    """The one record that an authority publishes under this address."""
    query = sa.select(_record).where(_record.c.authority == authority, _record.c.iri == iri)
    return model.Session.execute(query).first()


def guarded(
    package_ids: Iterable[str], audience: str, answers: Mapping[str, frozenset[str]], statements: Iterable[str]
) -> Sequence[str]:
    """The addresses of those of the packages' records that have another audience, or give one of these answers.

    The package holds what this site shows; what it doesn't show stands in the fragment alone.
    """
    extras = model.package_table.c.extras
    shown = [extras[field].astext.in_(codes) for field, codes in answers.items()]
    stored = [sa.func.strpos(_record.c.fragment, each) > 0 for each in statements]
    query = (
        sa.select(_record.c.iri)
        .join(model.package_table, model.package_table.c.id == _record.c.package_id)
        .where(_record.c.package_id.in_(list(package_ids)))
        .where(sa.or_(_record.c.audience.is_distinct_from(audience), *shown, *stored))
    )
    return model.Session.execute(query).scalars().all()


def write(values: dict[str, Any]) -> None:
    """Replace the named columns of the record of `values["package_id"]`, or insert it."""
    update = sa.update(_record).where(_record.c.package_id == values["package_id"]).values(**values)
    if model.Session.execute(update.returning(_record.c.package_id)).first() is None:
        model.Session.execute(sa.insert(_record).values(**values))


def stale(version: str, after: str, limit: int) -> Sequence[str]:
    """The active packages behind the one of this id whose records were written by another version, so many at most."""
    query = _stale(_record.c.package_id, version).where(_record.c.package_id > after)
    return model.Session.execute(query.order_by(_record.c.package_id).limit(limit)).scalars().all()


def stale_count(version: str) -> int:
    """How many active packages have records that were written by another version."""
    return model.Session.execute(_stale(sa.func.count(), version)).scalar_one()


def _stale(what: Any, version: str) -> sa.Select[Any]:
    """What is deleted or a draft is written anew when it comes back."""
    package = model.package_table.c
    query = sa.select(what).join_from(_record, model.package_table, package.id == _record.c.package_id)
    return query.where(_record.c.mapping_version != version, package.state == model.State.ACTIVE)


def package_ids() -> Sequence[str]:
    """The packages of all records, in a stable order."""
    return model.Session.execute(sa.select(_record.c.package_id).order_by(_record.c.package_id)).scalars().all()


def below(starts: Collection[str], but: str, kind: str) -> Sequence[sa.Row[Any]]:
    """Package and address of the records whose address begins so, in whatever case, of all authorities of a kind but
    one, and but those where that one has a record too. They are held until the transaction ends, before their entries
    in the ledger: as a harvest does.
    """
    begins = [sa.func.lower(_record.c.iri).startswith(start.lower(), autoescape=True) for start in starts]
    own = _record.alias()
    has_one = sa.exists().where(own.c.authority == but, own.c.iri == _record.c.iri)
    query = sa.select(_record.c.package_id, _record.c.iri).where(sa.or_(sa.false(), *begins), ~has_one)
    query = query.where(_record.c.authority != but, _record.c.authority.startswith(kind))
    return model.Session.execute(query.order_by(_record.c.package_id).with_for_update()).all()


def hand_over(package_ids: Collection[str], authority: str) -> None:
    """Let another authority speak for the records of these packages from now on."""
    model.Session.execute(sa.update(_record).where(_record.c.package_id.in_(package_ids)).values(authority=authority))


def is_known(authority: str) -> bool:
    """Whether there is or was a record of this authority."""
    return bool(model.Session.execute(sa.select(sa.exists().where(_record.c.authority == authority))).scalar())
