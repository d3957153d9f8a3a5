"""What each harvest of a member did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB


class Run(tk.BaseModel):
    """One harvest; `items` lists every record that was not simply unchanged, with its outcome and reason."""

    __tablename__ = "citizendata_run"
    __table_args__ = (sa.Index("citizendata_run_member_id_idx", "member_id", "id"),)

    id = sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    member_id = sa.Column(sa.UnicodeText, nullable=False)
    started = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
    finished = sa.Column(sa.DateTime(timezone=True))
    state = sa.Column(sa.UnicodeText, nullable=False)
    reason = sa.Column(sa.UnicodeText)
    counts = sa.Column(JSONB, nullable=False, server_default="{}")
    items = sa.Column(JSONB, nullable=False, server_default="[]")


_run: sa.Table = Run.__table__  # type: ignore
_head = [column for column in _run.c if column.name != "items"]


def start(member_id: str) -> int:
    """The number of a new run in state `running`."""
    statement = sa.insert(_run).values(member_id=member_id, state="running").returning(_run.c.id)
    return model.Session.execute(statement).scalar_one()


def finish(run_id: int, values: dict[str, Any]) -> None:
    """Close a run with its state, reason, counts and items."""
    statement = sa.update(_run).where(_run.c.id == run_id).values(finished=sa.func.clock_timestamp(), **values)
    model.Session.execute(statement)


def last(member_id: str) -> sa.Row[Any] | None:
    """The newest run of a member, without its items, which may be many."""
    return model.Session.execute(_newest(member_id, *_head)).first()


def last_with_items(member_id: str) -> sa.Row[Any] | None:
    """The newest run of a member, whole."""
    return model.Session.execute(_newest(member_id, _run)).first()


def latest_starts() -> dict[str, datetime]:
    """When the last run of each member began."""
    query = sa.select(_run.c.member_id, sa.func.max(_run.c.started)).group_by(_run.c.member_id)
    return {member_id: started for member_id, started in model.Session.execute(query)}


def in_state(member_id: str, state: str) -> Sequence[int]:
    """The numbers of a member's runs in one state."""
    query = sa.select(_run.c.id).where(_run.c.member_id == member_id, _run.c.state == state).order_by(_run.c.id)
    return model.Session.execute(query).scalars().all()


def remove_of(member_id: str) -> None:
    """Forget all runs of a member."""
    model.Session.execute(sa.delete(_run).where(_run.c.member_id == member_id))


def _newest(member_id: str, *columns: Any) -> sa.Select[Any]:
    return sa.select(*columns).where(_run.c.member_id == member_id).order_by(_run.c.id.desc()).limit(1)
