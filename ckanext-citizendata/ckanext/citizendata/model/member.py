"""The catalogues that this registry harvests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY


class Member(tk.BaseModel):
    """One catalogue as the registry knows it; `audience` is the widest that its records may have here.

    More than `brake_records` records, and more than `brake_percent` % of them, aren't removed at once without a person.
    """

    __tablename__ = "citizendata_member"

    id = sa.Column(sa.UnicodeText, primary_key=True)
    title = sa.Column(sa.UnicodeText, nullable=False)
    url = sa.Column(sa.UnicodeText, nullable=False)
    organization_id = sa.Column(sa.UnicodeText)
    audience = sa.Column(sa.UnicodeText, nullable=False)
    prefixes = sa.Column(ARRAY(sa.UnicodeText), nullable=False, server_default="{}")
    interval_minutes = sa.Column(sa.Integer, nullable=False)
    brake_records = sa.Column(sa.Integer, nullable=False, server_default="3")
    brake_percent = sa.Column(sa.Integer, nullable=False, server_default="10")
    created = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


_member: sa.Table = Member.__table__  # type: ignore


def by_id(member_id: str) -> sa.Row[Any] | None:
    """The member of this name."""
    return model.Session.execute(sa.select(_member).where(_member.c.id == member_id)).first()


def every() -> Sequence[sa.Row[Any]]:
    """All members by name."""
    return model.Session.execute(sa.select(_member).order_by(_member.c.id)).all()


def write(values: dict[str, Any]) -> None:
    """Replace the named columns of the member of `values["id"]`, or insert it."""
    update = sa.update(_member).where(_member.c.id == values["id"]).values(**values)
    if model.Session.execute(update.returning(_member.c.id)).first() is None:
        model.Session.execute(sa.insert(_member).values(**values))


def remove(member_id: str) -> None:
    """Forget the member; its runs and ledger are removed by their own functions."""
    model.Session.execute(sa.delete(_member).where(_member.c.id == member_id))
