"""What people were told by mail, and when, so that nobody is told the same twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB, insert


class Mail(tk.BaseModel):
    """The last mail to a person about something; `said` counts what it told by kind."""

    __tablename__ = "citizendata_mail"

    user_id = sa.Column(sa.UnicodeText, primary_key=True)
    about = sa.Column(sa.UnicodeText, primary_key=True)
    said = sa.Column(JSONB, nullable=False, server_default="{}")
    sent = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


_mail: sa.Table = Mail.__table__  # type: ignore


def last(user_id: str, about: str) -> sa.Row[Any] | None:
    """The last mail to this person about this."""
    query = sa.select(_mail).where(_mail.c.user_id == user_id, _mail.c.about == about)
    return model.Session.execute(query).first()


def is_older(user_id: str, about: str, seconds: float) -> bool:
    """Whether the last mail to this person about this was sent longer ago, or never."""
    limit = sa.func.clock_timestamp() - sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    young = sa.select(_mail.c.user_id).where(_mail.c.user_id == user_id, _mail.c.about == about, _mail.c.sent >= limit)
    return model.Session.execute(young).first() is None


def note_sent(user_id: str, about: str, said: Mapping[str, int]) -> None:
    """Note that a mail was sent now."""
    statement = insert(_mail).values(user_id=user_id, about=about, said=said, sent=sa.func.clock_timestamp())
    again = {"said": said, "sent": sa.func.clock_timestamp()}
    model.Session.execute(statement.on_conflict_do_update(index_elements=["user_id", "about"], set_=again))


def note_less(user_id: str, about: str, said: Mapping[str, int]) -> None:
    """Note that of what was told only this is left, so that its return is news."""
    mine = _mail.c.user_id == user_id, _mail.c.about == about
    model.Session.execute(sa.update(_mail).where(*mine).values(said=said))


def forget(about: str) -> None:
    """Forget all mails about this."""
    model.Session.execute(sa.delete(_mail).where(_mail.c.about == about))
