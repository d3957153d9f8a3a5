"""Who asked for an account, or to publish for an organisation, until somebody decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB, insert


class Account(tk.BaseModel):
    """One request: of somebody who has an account already, its `user_id`.

    `organization_id` is the organisation asked for, else `organization_name` says who they are. `answers` are those of
    a form that was begun meanwhile, as pairs of name and value.
    """

    __tablename__ = "citizendata_account"

    id = sa.Column(sa.UnicodeText, primary_key=True)
    email = sa.Column(sa.UnicodeText, nullable=False, unique=True)
    fullname = sa.Column(sa.UnicodeText, nullable=False)
    user_id = sa.Column(sa.UnicodeText)
    password_hash = sa.Column(sa.UnicodeText)
    organization_id = sa.Column(sa.UnicodeText)
    organization_name = sa.Column(sa.UnicodeText, nullable=False, server_default="")
    reason = sa.Column(sa.UnicodeText, nullable=False, server_default="")
    answers = sa.Column(JSONB)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


_account: sa.Table = Account.__table__  # type: ignore


def put(values: Mapping[str, Any]) -> None:
    """Keeps a request; of two with one address the first one, so that nobody can change another one's."""
    model.Session.execute(insert(_account).values(**values).on_conflict_do_nothing())


def waiting(organization_ids: Collection[str] | None, limit: int) -> Sequence[sa.Row[Any]]:
    """The requests that wait, longest first: all (None), or those for these organisations."""
    query = _within(sa.select(_account), organization_ids)
    return model.Session.execute(query.order_by(_account.c.at, _account.c.id).limit(limit)).all()


def number(organization_ids: Collection[str] | None) -> int:
    """How many wait."""
    query = _within(sa.select(sa.func.count()).select_from(_account), organization_ids)
    return model.Session.execute(query).scalar_one()


def by_id(id_: str) -> sa.Row[Any] | None:
    """The request of that id."""
    return model.Session.execute(sa.select(_account).where(_account.c.id == id_)).first()


def delete(id_: str) -> bool:
    """Forgets a request that was decided; whether it was still there: of two who decide at once one is first."""
    return bool(model.Session.execute(sa.delete(_account).where(_account.c.id == id_)).rowcount)  # type: ignore


def _within(query: sa.Select[Any], organization_ids: Collection[str] | None) -> sa.Select[Any]:
    return query if organization_ids is None else query.where(_account.c.organization_id.in_(organization_ids))
