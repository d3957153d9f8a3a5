"""What the registry knows of every record that a member ever offered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert


class Ledger(tk.BaseModel):
    """One record of one member; `decided` is when a person decided, and such a state outlives the next harvest.

    `absences` counts complete crawls without it, `removal` says what a person has to do with its removal.
    """

    __tablename__ = "citizendata_ledger"
    __table_args__ = (sa.Index("citizendata_ledger_package_id_idx", "package_id"),)

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


def of_iris(member_id: str, iris: Collection[str]) -> Sequence[sa.Row[Any]]:
    """What is known of these records."""
    query = sa.select(_ledger).where(_ledger.c.member_id == member_id, _ledger.c.iri.in_(iris))
    return model.Session.execute(query).all()


def following(member_id: str, states: Collection[str], after: str, limit: int) -> Sequence[sa.Row[Any]]:
    """So many records of a member in these states, by address, behind an address."""
    mine = _ledger.c.member_id == member_id, _ledger.c.state.in_(states), _ledger.c.iri > after
    return model.Session.execute(sa.select(_ledger).where(*mine).order_by(_ledger.c.iri).limit(limit)).all()


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


def remove_of(member_id: str, keep: str) -> None:
    """Forget all records of a member but those in state `keep`."""
    model.Session.execute(sa.delete(_ledger).where(_ledger.c.member_id == member_id, _ledger.c.state != keep))
