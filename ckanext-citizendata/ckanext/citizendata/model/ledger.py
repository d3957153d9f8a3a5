"""What the registry knows of every record that a member ever offered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from ckanext.citizendata.model.member import Member


class Ledger(tk.BaseModel):
    """One record of one member; `decided` is when a person decided, and such a state outlives the next harvest.

    `absences` counts complete crawls without it, `removal` says what a person has to do with its removal.
    Of what is only listed beside its owner, `missing_since` says since when.
    """

    __tablename__ = "citizendata_ledger"
    __table_args__ = (
        sa.Index("citizendata_ledger_package_id_idx", "package_id"),
        sa.Index(
            "citizendata_ledger_removal_idx", "member_id", "removal", postgresql_where=sa.text("removal IS NOT NULL")
        ),
        sa.Index(
            "citizendata_ledger_iri_idx",
            "iri",
            postgresql_where=sa.text("state IN ('also_listed', 'vacant')"),
        ),
    )

    member_id = sa.Column(sa.UnicodeText, primary_key=True)
    iri = sa.Column(sa.UnicodeText, primary_key=True)
    package_id = sa.Column(sa.UnicodeText)
    fingerprint = sa.Column(sa.UnicodeText)
    state = sa.Column(sa.UnicodeText, nullable=False)
    reason = sa.Column(sa.UnicodeText)
    missing_since = sa.Column(sa.DateTime(timezone=True))
    absences = sa.Column(sa.Integer, nullable=False, server_default="0")
    removal = sa.Column(sa.UnicodeText)
    decided = sa.Column(sa.DateTime(timezone=True))
    updated = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


_ledger: sa.Table = Ledger.__table__  # type: ignore
_member: sa.Table = Member.__table__  # type: ignore
# What a harvest asks for, thousands of rows at a time.
_known = [
    _ledger.c[name]
    for name in ("iri", "state", "reason", "package_id", "fingerprint", "missing_since", "absences", "removal")
]


def by_iri(member_id: str, iri: str) -> sa.Row[Any] | None:
    """What is known of one record."""
    return model.Session.execute(
        sa.select(_ledger).where(_ledger.c.member_id == member_id, _ledger.c.iri == iri)
    ).first()


def locked(member_id: str, iri: str) -> sa.Row[Any] | None:
    """What is known of one record, held until the transaction ends."""
    query = sa.select(_ledger).where(_ledger.c.member_id == member_id, _ledger.c.iri == iri).with_for_update()
    return model.Session.execute(query).first()


def states(member_id: str) -> dict[str, int]:
    """How many records of a member are in each state."""
    query = sa.select(_ledger.c.state, sa.func.count()).where(_ledger.c.member_id == member_id)
    return {state: number for state, number in model.Session.execute(query.group_by(_ledger.c.state))}


def recount(member_id: str) -> None:
    """Keep beside the member how many of its records are in each state, for lists of many members."""
    by_state = sa.select(_ledger.c.state, sa.func.count().label("number")).where(_ledger.c.member_id == member_id)
    states = by_state.group_by(_ledger.c.state).subquery()
    counts = sa.select(sa.func.jsonb_object_agg(states.c.state, states.c.number)).scalar_subquery()
    known = sa.func.coalesce(counts, sa.literal({}, JSONB))
    # A harvest that changes nothing writes nothing.
    others = _member.c.id == member_id, _member.c.counts.is_distinct_from(known)
    model.Session.execute(sa.update(_member).where(*others).values(counts=known))


def of_iris(member_id: str, iris: Collection[str]) -> Sequence[sa.Row[Any]]:
    """What is known of these records, in the columns that a harvest asks for."""
    among = sa.any_(sa.literal(list(iris), ARRAY(sa.UnicodeText)))
    query = sa.select(*_known).where(_ledger.c.member_id == member_id, _ledger.c.iri == among)
    return model.Session.execute(query).all()


def following(member_id: str, states: Collection[str], after: str, limit: int) -> Sequence[sa.Row[Any]]:
    """So many records of a member in these states, by address, behind an address; with the columns of `of_iris`."""
    mine = _ledger.c.member_id == member_id, _ledger.c.state.in_(states), _ledger.c.iri > after
    return model.Session.execute(sa.select(*_known).where(*mine).order_by(_ledger.c.iri).limit(limit)).all()


def count(member_id: str, states: Collection[str]) -> int:
    """How many records of a member are in these states."""
    query = sa.select(sa.func.count()).where(_ledger.c.member_id == member_id, _ledger.c.state.in_(states))
    return model.Session.execute(query).scalar_one()


def waiting(member_id: str, removal: str, withdrawn: str) -> Sequence[sa.Row[Any]]:
    """The records of a member whose removal is in this state, with titles, those that are missing longest first.

    Those in state `withdrawn` are left out: a person took them away already.
    """
    package = model.package_table
    query = sa.select(_ledger, package.c.title).join(package, package.c.id == _ledger.c.package_id, isouter=True)
    query = query.where(_ledger.c.member_id == member_id, _ledger.c.removal == removal, _ledger.c.state != withdrawn)
    return model.Session.execute(query.order_by(_ledger.c.missing_since, _ledger.c.iri)).all()


def write(values: dict[str, Any]) -> None:
    """Insert the row of `member_id` and `iri`, or replace its named columns."""
    stamped = {**values, "updated": sa.func.clock_timestamp()}
    statement = insert(_ledger).values(**stamped)
    changed = {name: statement.excluded[name] for name in stamped if name not in ("member_id", "iri")}
    model.Session.execute(statement.on_conflict_do_update(index_elements=["member_id", "iri"], set_=changed))


def decide(member_id: str, iri: str, state: str) -> None:
    """Note what a person decided about a record, so that no harvest undoes it; what was counted before is kept."""
    write({"member_id": member_id, "iri": iri, "state": state, "decided": sa.func.clock_timestamp()})
    recount(member_id)


def remove_of(member_id: str, keep: str) -> None:
    """Forget all records of a member but those in state `keep`."""
    model.Session.execute(sa.delete(_ledger).where(_ledger.c.member_id == member_id, _ledger.c.state != keep))


def mark(member_id: str, states: Collection[str], fingerprint: str) -> None:
    """Replace the fingerprint of all records of a member in these states, so that its next harvest writes them anew."""
    mine = _ledger.c.member_id == member_id, _ledger.c.state.in_(states), _ledger.c.fingerprint.is_not(None)
    model.Session.execute(sa.update(_ledger).where(*mine).values(fingerprint=fingerprint))


def listing(iri: str, states: Collection[str]) -> Sequence[str]:
    """The members that have a record of this address in one of these states, by name."""
    query = sa.select(_ledger.c.member_id).where(_ledger.c.iri == iri, _ledger.c.state.in_(states))
    return model.Session.execute(query.order_by(_ledger.c.member_id)).scalars().all()


def claims(authority: str, states: Collection[str]) -> dict[str, int]:
    """How many records of an authority each other member has in one of these states of its own."""
    record = sa.table("citizendata_record", sa.column("iri"), sa.column("authority"))
    query = (
        sa.select(_ledger.c.member_id, sa.func.count())
        .join(record, record.c.iri == _ledger.c.iri)
        .where(_ledger.c.state.in_(states), record.c.authority == authority)
        .group_by(_ledger.c.member_id)
        .order_by(_ledger.c.member_id)
    )
    return {member_id: number for member_id, number in model.Session.execute(query)}


def leave_package(package_id: str) -> None:
    """Take the package from whatever entry shows it: another member's record stands there from now on."""
    model.Session.execute(sa.update(_ledger).where(_ledger.c.package_id == package_id).values(package_id=None))


def move(
    package_ids: Collection[str], member_id: str, values: dict[str, Any], fingerprint: str, withdrawn: str
) -> None:
    """Give what stands in these packages to another member, to be written anew by its next harvest.

    The entries that it had there get these values; what was removed is nobody's. What is in state `withdrawn` is
    always kept: also where it was forgotten what its feed said.
    """
    theirs = _ledger.c.package_id.in_(package_ids), _ledger.c.member_id != member_id
    kept = ("iri", "package_id", "state", "reason", "missing_since", "absences", "removal", "decided")
    moved = sa.select(sa.literal(member_id), sa.literal(fingerprint), *(_ledger.c[name] for name in kept))
    stands = sa.and_(_ledger.c.fingerprint.is_not(None), _ledger.c.state != "removed")
    standing = moved.where(*theirs, sa.or_(_ledger.c.state == withdrawn, stands))
    statement = insert(_ledger).from_select(["member_id", "fingerprint", *kept], standing)
    changed = {name: statement.excluded[name] for name in ("fingerprint", *kept) if name != "iri"}
    model.Session.execute(statement.on_conflict_do_update(index_elements=["member_id", "iri"], set_=changed))
    emptied = {"package_id": None, "fingerprint": None, "missing_since": None, "absences": 0, "removal": None}
    model.Session.execute(sa.update(_ledger).where(*theirs).values(**emptied, **values))


def waiting_counts(removal: str, withdrawn: str) -> dict[str, tuple[int, datetime | None]]:
    """Of each member that has any: how many records' removal is in this state, and since when the first is missing."""
    mine = _ledger.c.removal == removal, _ledger.c.state != withdrawn
    columns = _ledger.c.member_id, sa.func.count(), sa.func.min(_ledger.c.missing_since)
    query = sa.select(*columns).where(*mine).group_by(_ledger.c.member_id)
    return {member_id: (number, since) for member_id, number, since in model.Session.execute(query)}


def shown(member_id: str, iris: Collection[str]) -> dict[str, sa.Row[Any]]:
    """Of these records, by address: `state`, `removal`, and `title` and `name` of their pages."""
    package = model.package_table
    columns = _ledger.c.iri, _ledger.c.state, _ledger.c.removal, package.c.title, package.c.name
    query = sa.select(*columns).join(package, package.c.id == _ledger.c.package_id, isouter=True)
    query = query.where(_ledger.c.member_id == member_id, _ledger.c.iri.in_(iris))
    return {row.iri: row for row in model.Session.execute(query)}
