"""What each harvest of a member did."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY, JSONB


class Run(tk.BaseModel):
    """One harvest; what it did with each record stands in `citizendata_outcome` as long as it is kept `in_full`.

    `reasons` counts codes by kind for everybody, `groups` has examples for those who may know of the records. `records`
    is how many stand here at its end; `phase`, `done` and `total` say how far it is.
    """

    __tablename__ = "citizendata_run"
    __table_args__ = (
        sa.Index("citizendata_run_member_id_idx", "member_id", "id"),
        sa.Index("citizendata_run_in_full_idx", "member_id", "id", postgresql_where=sa.text("in_full")),
        sa.Index("citizendata_run_finished_idx", "member_id", "id", postgresql_where=sa.text("state = 'finished'")),
    )

    id = sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    member_id = sa.Column(sa.UnicodeText, nullable=False)
    started = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
    finished = sa.Column(sa.DateTime(timezone=True))
    state = sa.Column(sa.UnicodeText, nullable=False)
    reason = sa.Column(sa.UnicodeText)
    counts = sa.Column(JSONB, nullable=False, server_default="{}")
    in_full = sa.Column(sa.Boolean, nullable=False, server_default="true")
    code = sa.Column(sa.UnicodeText, nullable=False, server_default="")
    reasons = sa.Column(JSONB, nullable=False, server_default="{}")
    groups = sa.Column(JSONB(none_as_null=True))
    records = sa.Column(sa.BigInteger)
    phase = sa.Column(sa.UnicodeText)
    done = sa.Column(sa.BigInteger)
    total = sa.Column(sa.BigInteger)


_run: sa.Table = Run.__table__  # type: ignore
# What lists need of a run; its groups may be long.
BRIEF = tuple(column for column in _run.c if column.name != "groups")


def start(member_id: str) -> int:
    """The number of a new run in state `running`."""
    statement = sa.insert(_run).values(member_id=member_id, state="running").returning(_run.c.id)
    return model.Session.execute(statement).scalar_one()


def progress(connection: sa.engine.Connection, run_id: int, phase: str, done: int, total: int | None) -> None:
    """Write down how far a run is."""
    connection.execute(sa.update(_run).where(_run.c.id == run_id).values(phase=phase, done=done, total=total))


def finish(run_id: int, values: dict[str, Any]) -> None:
    """Close a run with its state, reason and counts."""
    statement = sa.update(_run).where(_run.c.id == run_id).values(finished=sa.func.clock_timestamp(), **values)
    model.Session.execute(statement)


def last(member_id: str) -> sa.Row[Any] | None:
    """The newest run of a member."""
    query = sa.select(_run).where(_run.c.member_id == member_id).order_by(_run.c.id.desc()).limit(1)
    return model.Session.execute(query).first()


def complete_lasted(member_id: str) -> timedelta:
    """How long the newest run of a member took that finished; nothing where none did."""
    lasted = sa.select(_run.c.finished - _run.c.started).where(_run.c.member_id == member_id)
    query = lasted.where(_run.c.state == "finished").order_by(_run.c.id.desc()).limit(1)
    return model.Session.execute(query).scalar() or timedelta(0)


def of_number(member_id: str, number: int) -> sa.Row[Any] | None:
    """The run of a member with this number."""
    return model.Session.execute(sa.select(_run).where(_run.c.member_id == member_id, _run.c.id == number)).first()


def newest(member_ids: Collection[str]) -> dict[str, sa.Row[Any]]:
    """The newest run of each of these members, without its groups."""
    return _newest(member_ids, sa.true())


def newest_finished(member_ids: Collection[str]) -> dict[str, sa.Row[Any]]:
    """The newest run that went well of each of these members, without its groups."""
    return _newest(member_ids, _run.c.state == sa.literal_column("'finished'"))


def _newest(member_ids: Collection[str], which: sa.ColumnElement[bool]) -> dict[str, sa.Row[Any]]:
    """One look into the index for each member, however many runs there are."""
    wanted = sa.select(sa.func.unnest(sa.cast([*member_ids], ARRAY(sa.UnicodeText))).label("member_id")).subquery()
    mine = sa.select(*BRIEF).where(_run.c.member_id == wanted.c.member_id, which)
    found = mine.order_by(_run.c.id.desc()).limit(1).lateral("newest")
    query = sa.select(*found.c).select_from(wanted.join(found, sa.true()))
    return {row.member_id: row for row in model.Session.execute(query)}


def before(member_id: str, number: int | None, limit: int) -> Sequence[sa.Row[Any]]:
    """The runs of a member, newest first, so many at most, those before a run where one is named; without groups."""
    mine = sa.select(*BRIEF).where(_run.c.member_id == member_id)
    older = mine if number is None else mine.where(_run.c.id < number)
    return model.Session.execute(older.order_by(_run.c.id.desc()).limit(limit)).all()


def in_state(member_id: str, state: str) -> Sequence[int]:
    """The numbers of a member's runs in one state."""
    query = sa.select(_run.c.id).where(_run.c.member_id == member_id, _run.c.state == state).order_by(_run.c.id)
    return model.Session.execute(query).scalars().all()


def of_member(member_id: str) -> sa.Select[Any]:
    """The numbers of all runs of a member, as a query."""
    return sa.select(_run.c.id).where(_run.c.member_id == member_id)


def beyond(newest: int, days: Mapping[str, int], limit: int) -> Sequence[int]:
    """So many runs at most that are kept in full, and are neither among the newest of their member nor so young.

    :param days: for how many days runs in a state are kept in full all the same
    """
    place = sa.func.row_number().over(partition_by=_run.c.member_id, order_by=_run.c.id.desc()).label("place")
    # Whatever isn't kept in full any more is older than all these.
    ranked = sa.select(_run.c.id, _run.c.state, _run.c.started, place).where(_run.c.in_full).subquery()
    young = [
        sa.and_(ranked.c.state == state, ranked.c.started > sa.func.now() - timedelta(days=number))
        for state, number in days.items()
    ]
    query = sa.select(ranked.c.id).where(ranked.c.place > newest, sa.not_(sa.or_(*young))).limit(limit)
    return model.Session.execute(query).scalars().all()


def note_forgotten(run_ids: Collection[int]) -> None:
    """Note that what became of each record is kept no more of these runs, and forget the groups of what was wrong."""
    model.Session.execute(sa.update(_run).where(_run.c.id.in_(run_ids)).values(in_full=False, groups=None))


def remove_of(member_id: str) -> None:
    """Forget all runs of a member."""
    model.Session.execute(sa.delete(_run).where(_run.c.member_id == member_id))
