"""All members at once, each beside its last runs: one statement whatever their number, and no look at their records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.model.member import Member
from ckanext.citizendata.model.run import Run

__all__ = ["page", "turns"]

_member: sa.Table = Member.__table__  # type: ignore
_run: sa.Table = Run.__table__  # type: ignore


def page(after: str, limit: int) -> Sequence[tuple[sa.Row[Any], sa.Row[Any] | None]]:
    """The next so many members by name behind a name, each with its last run."""
    query = sa.select(_member).where(_member.c.id > after).order_by(_member.c.id).limit(limit)
    found = model.Session.execute(query).all()
    names = sa.select(sa.func.unnest(sa.cast([row.id for row in found], sa.ARRAY(sa.UnicodeText))).label("id"))
    last = _newest(names.subquery("named"))
    runs = {row.member_id: row for row in model.Session.execute(last)}
    return [(row, runs.get(row.id)) for row in found]


def turns() -> Sequence[sa.Row[Any]]:
    """Of each member `id`, `state`, `trust` and `interval_minutes`; of its last run `began` and `finished`.

    Of the last one that ended also `ended_began` and `ended`.
    """
    last = _last_of(_member.c.id, _run.alias("any_run")).lateral("last")
    closed = _run.alias("closed_run")
    ended = _last_of(_member.c.id, closed).where(closed.c.finished.is_not(None)).lateral("ended")
    query = sa.select(
        _member.c.id,
        _member.c.state,
        _member.c.trust,
        _member.c.interval_minutes,
        last.c.started.label("began"),
        last.c.finished,
        ended.c.started.label("ended_began"),
        ended.c.finished.label("ended"),
    ).select_from(_member.outerjoin(last, sa.true()).outerjoin(ended, sa.true()))
    return model.Session.execute(query).all()


def _newest(names: sa.FromClause) -> sa.Select[Any]:
    last = _last_of(names.c.id, _run.alias("any_run")).lateral("last")
    return sa.select(last).select_from(names.join(last, sa.true()))


def _last_of(member_id: sa.ColumnElement[str], runs: sa.FromClause) -> sa.Select[Any]:
    """The newest of these runs of the member, by the index of runs."""
    return sa.select(runs).where(runs.c.member_id == member_id).order_by(runs.c.id.desc()).limit(1)
