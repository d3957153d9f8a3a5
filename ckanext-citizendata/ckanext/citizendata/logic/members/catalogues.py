"""What everybody may know of the catalogues that a registry reads, and of their harvests: times, counts and codes.

Nothing here names a record. However many records and harvests there are, a page costs the same.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz

from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.membership import ACTIVE, SUSPENDED
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.report import FAILED, RUNNING
from ckanext.citizendata.logic.harvesting.people import answers_for
from ckanext.citizendata.logic.publishing.ledger import member_of_row
from ckanext.citizendata.logic.values.storable import sought
from ckanext.citizendata.model import lease, run
from ckanext.citizendata.model import member as members

__all__ = ["admitted_named", "catalogue_shown", "catalogues_shown", "run_told"]


# That a catalogue asked to be read, and was refused, is nobody's business.
ADMITTED = (ACTIVE, SUSPENDED)


def admitted_named(member_id: str, user_name: str | None) -> Member:
    """The member of this name, as far as the user may know of it.

    Raises `ObjectNotFound` also for one that only applied, and for others than its people where its records aren't for
    everyone.
    """
    row = members.by_id(sought(member_id))
    if row is None or row.state not in ADMITTED or not _may_know(row, user_name):
        raise tk.ObjectNotFound(f"There is no catalogue {member_id}")
    return member_of_row(row)


def _may_know(row: sa.Row[Any], user_name: str | None) -> bool:
    return audiences.is_open(row.audience) or authz.is_sysadmin(user_name) or answers_for(user_name, row.id)


def catalogues_shown(user_name: str | None, after: str, limit: int) -> dict[str, Any]:
    """The catalogues behind a name, so many at most, and behind which name the next ones are (None for no more).

    To the registry's staff all; to others those whose records may be for everyone.
    """
    known = audiences.AUDIENCES if authz.is_sysadmin(user_name) else filter(audiences.is_open, audiences.AUDIENCES)
    rows = members.page(ADMITTED, [*known], after, limit + 1)
    shown = rows[:limit]
    names = [row.id for row in shown]
    newest, finished, working = run.newest(names), run.newest_finished(names), lease.working(names)
    return {
        "catalogues": [_catalogue(row, newest.get(row.id), finished.get(row.id), row.id in working) for row in shown],
        "next": names[-1] if len(rows) > limit else None,
    }


def catalogue_shown(member: Member, before: int | None, limit: int) -> dict[str, Any]:
    """One catalogue with its harvests, newest first, and before which number the next ones are (None for no more)."""
    rows = run.before(member.id, before, limit + 1)
    shown = rows[:limit]
    newest, finished = run.newest([member.id]), run.newest_finished([member.id])
    is_working = member.id in lease.working([member.id])
    return {
        **_catalogue(member, newest.get(member.id), finished.get(member.id), is_working),
        "runs": [run_told(row, is_working) for row in shown],
        "next": shown[-1].id if len(rows) > limit else None,
    }


def _catalogue(
    member: Any, newest: sa.Row[Any] | None, finished: sa.Row[Any] | None, is_working: bool
) -> dict[str, Any]:
    counted = (each.records for each in (newest, finished) if each is not None and each.records is not None)
    return {
        "id": member.id,
        "title": member.title,
        "records": next(counted, None),
        "last_run": newest and run_told(newest, is_working),
        "last_finished": finished and finished.finished.isoformat(),
    }


def run_told(row: sa.Row[Any], is_working: bool) -> dict[str, Any]:
    """One harvest; one that is marked as running though nobody works at it was interrupted."""
    state, code = (row.state, row.code) if row.state != RUNNING or is_working else (FAILED, "interrupted")
    return {
        "run": row.id,
        "started": row.started.isoformat(),
        "finished": row.finished and row.finished.isoformat(),
        "state": state,
        "code": code,
        "counts": row.counts,
        "reasons": [
            {"kind": kind, "code": each, "count": count}
            for kind, codes in row.reasons.items()
            for each, count in codes.items()
        ],
        "progress": {"phase": row.phase, "done": row.done, "total": row.total} if state == RUNNING else None,
    }
