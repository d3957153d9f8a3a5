"""The catalogues that this registry harvests, and those that asked to be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from ckanext.citizendata.core.membership import ACTIVE, APPLIED, ORDINARY


class Member(tk.BaseModel):
    """One catalogue as the registry knows it; `audience` is the widest that its records may have here.

    `counts` is how many of its records are in each state, as `ledger.recount` wrote it last.
    More than `brake_records` records, and more than `brake_percent` % of them, aren't removed at once without a person.
    `state` holds `since` a person decided so, for a `reason`; `applicant` is the id of the user who applied.
    `kind` says how it is read: `dcat`, `ckan` or `citizendata`.
    """

    __tablename__ = "citizendata_member"

    id = sa.Column(sa.UnicodeText, primary_key=True)
    title = sa.Column(sa.UnicodeText, nullable=False)
    url = sa.Column(sa.UnicodeText, nullable=False)
    kind = sa.Column(sa.UnicodeText, nullable=False, server_default="dcat")
    organization_id = sa.Column(sa.UnicodeText)
    audience = sa.Column(sa.UnicodeText, nullable=False)
    prefixes = sa.Column(ARRAY(sa.UnicodeText), nullable=False, server_default="{}")
    interval_minutes = sa.Column(sa.Integer, nullable=False)
    brake_records = sa.Column(sa.Integer, nullable=False, server_default="3")
    brake_percent = sa.Column(sa.Integer, nullable=False, server_default="10")
    counts = sa.Column(JSONB, nullable=False, server_default="{}")
    created = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
    state = sa.Column(sa.UnicodeText, nullable=False, server_default=ACTIVE)
    reason = sa.Column(sa.UnicodeText)
    since = sa.Column(sa.DateTime(timezone=True))
    applicant = sa.Column(sa.UnicodeText)
    contact = sa.Column(sa.UnicodeText)
    trust = sa.Column(sa.UnicodeText, nullable=False, server_default=ORDINARY)


_member: sa.Table = Member.__table__  # type: ignore


def by_id(member_id: str) -> sa.Row[Any] | None:
    """The member of this name."""
    return model.Session.execute(sa.select(_member).where(_member.c.id == member_id)).first()


def locked(member_id: str) -> sa.Row[Any] | None:
    """The member of this name, held until the transaction ends, so that one person decides after the other."""
    return model.Session.execute(sa.select(_member).where(_member.c.id == member_id).with_for_update()).first()


def every() -> Sequence[sa.Row[Any]]:
    """All members by name."""
    return model.Session.execute(sa.select(_member).order_by(_member.c.id)).all()


def applications(applicant: str) -> int:
    """How many applications of a user wait for a decision."""
    mine = _member.c.applicant == applicant, _member.c.state == APPLIED
    return model.Session.execute(sa.select(sa.func.count()).where(*mine)).scalar_one()


def at(url: str) -> str | None:
    """The name of a member whose feed is at this address."""
    return model.Session.execute(sa.select(_member.c.id).where(_member.c.url == url).limit(1)).scalar()


def write(values: dict[str, Any]) -> None:
    """Replace the named columns of the member of `values["id"]`, or insert it."""
    update = sa.update(_member).where(_member.c.id == values["id"]).values(**values)
    if model.Session.execute(update.returning(_member.c.id)).first() is None:
        model.Session.execute(sa.insert(_member).values(**values))


def decide(member_id: str, state: str, reason: str | None) -> None:
    """Note what a person decided about the member's standing, now."""
    write({"id": member_id, "state": state, "reason": reason, "since": sa.func.clock_timestamp()})


def remove(member_id: str) -> None:
    """Forget the member; its runs and ledger are removed by their own functions."""
    model.Session.execute(sa.delete(_member).where(_member.c.id == member_id))


def page(states: Collection[str], audiences: Collection[str], after: str, limit: int) -> Sequence[sa.Row[Any]]:
    """So many members in these states and with these audiences by name, those behind a name."""
    which = _member.c.state.in_(states), _member.c.audience.in_(audiences)
    query = sa.select(_member).where(*which, _member.c.id > after)
    return model.Session.execute(query.order_by(_member.c.id).limit(limit)).all()


def of_organizations(organization_ids: Collection[str]) -> Sequence[sa.Row[Any]]:
    """The members that these organisations stand for, by name."""
    query = sa.select(_member).where(_member.c.organization_id.in_(organization_ids)).order_by(_member.c.id)
    return model.Session.execute(query).all()


def read_at(url: str) -> str | None:
    """The name of the active member whose feed is at this address."""
    here = _member.c.url == url, _member.c.state == ACTIVE
    return model.Session.execute(sa.select(_member.c.id).where(*here).limit(1)).scalar()
