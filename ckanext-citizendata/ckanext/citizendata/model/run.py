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
    """One harvest; what it did with each record stands in `citizendata_outcome`."""

    __tablename__ = "citizendata_run"
    __table_args__ = (sa.Index("citizendata_run_member_id_idx", "member_id", "id"),)

    id = sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    member_id = sa.Column(sa.UnicodeText, nullable=False)
    started = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
    finished = sa.Column(sa.DateTime(timezone=True))
    state = sa.Column(sa.UnicodeText, nullable=False)
    reason = sa.Column(sa.UnicodeText)
    counts = sa.Column(JSONB, nullable=False, server_default="{}")


_run: sa.Table = Run.__table__  # type: ignore


def start(member_id: str) -> int:
    """The number of a new run in state `running`."""
    statement = sa.insert(_run).values(member_id=member_id, state="running").returning(_run.c.id)
    return model.Session.execute(statement).scalar_one()


def finish(run_id: int, values: dict[str, Any]) -> None:
    """Close a run with its state, reason and counts."""
    statement = sa.update(_run).where(_run.c.id == run_id).values(finished=sa.func.clock_timestamp(), **values)
    model.Session.execute(statement)


def last(member_id: str) -> sa.Row[Any] | None:
    """The newest run of a member."""
    query = sa.select(_run).where(_run.c.member_id == member_id).order_by(_run.c.id.desc()).limit(1)
    return model.Session.execute(query).first()


def latest_starts() -> dict[str, datetime]:
    """When the last run of each member began."""
    query = sa.select(_run.c.member_id, sa.func.max(_run.c.started)).group_by(_run.c.member_id)
    return {member_id: started for member_id, started in model.Session.execute(query)}


def in_state(member_id: str, state: str) -> Sequence[int]:
    """The numbers of a member's runs in one state."""
    query = sa.select(_run.c.id).where(_run.c.member_id == member_id, _run.c.state == state).order_by(_run.c.id)
    return model.Session.execute(query).scalars().all()


def of_member(member_id: str) -> sa.Select[Any]:
    """The numbers of all runs of a member, as a query."""
    return sa.select(_run.c.id).where(_run.c.member_id == member_id)


def beyond(member_id: str, state: str, newest: int, days: int) -> sa.Select[Any]:
    """The numbers of a member's runs in a state but the newest, and but those of the last days, as a query."""
    mine = of_member(member_id).where(_run.c.state == state)
    kept = mine.order_by(_run.c.id.desc()).limit(newest)
    return mine.where(_run.c.started < sa.func.now() - sa.func.make_interval(0, 0, 0, days), _run.c.id.not_in(kept))


def remove_of(member_id: str) -> None:
    """Forget all runs of a member."""
    model.Session.execute(sa.delete(_run).where(_run.c.member_id == member_id))
