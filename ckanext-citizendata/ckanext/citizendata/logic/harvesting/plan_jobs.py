"""Plans made in the background, since a large feed takes minutes to read; kept in Redis alone, for an hour."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.jobs import get_queue
from rq import get_current_job
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus

from ckanext.citizendata import config
from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.core.conformance.wording import N_
from ckanext.citizendata.federation.errors import HarvestRefused, SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.report import OUTCOMES
from ckanext.citizendata.logic.harvesting import queues
from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.harvesting.planning import Look, looked_at

__all__ = ["Planned", "forget_plan", "make_plan", "plan", "planned"]

KEPT_SECONDS = 3600
SECONDS_BETWEEN = 1.0
# So many records of each outcome a person is shown.
SHOWN = 25
PROGRESS = "citizendata_progress"
UNDER_WAY = (JobStatus.QUEUED, JobStatus.DEFERRED, JobStatus.SCHEDULED, JobStatus.STARTED)


@dataclass(frozen=True)
class Planned:
    """A plan that was asked for: what it says, why there is none, or how far it is."""

    state: str
    made: str | None = None
    plan: dict[str, Any] | None = None
    code: str = ""
    reason: str = ""
    progress: dict[str, Any] | None = None


def make_plan(member_id: str, language: str) -> None:
    """Have a plan made in the language of a reader; one that is being made already is waited for.

    One a member, whoever asks: it reads the feed to its end, and harvests wait for it.
    """
    before = _job(member_id)
    if before is not None:
        if _is_under_way(before):
            return
        before.delete()
    rq_kwargs = {
        "job_id": _name(member_id),
        "timeout": config.harvest_job_seconds(),
        "result_ttl": KEPT_SECONDS,
        "failure_ttl": KEPT_SECONDS,
    }
    title, queue = f"Plan of a harvest of {member_id}", queues.name_of(queues.for_harvests())
    tk.enqueue_job(plan, [member_id, language], title=title, queue=queue, rq_kwargs=rq_kwargs)


def planned(member_id: str, language: str) -> Planned | None:
    """The plan that was asked for last in this language; None where none was, or an hour ago."""
    job = _job(member_id)
    if job is None:
        return None
    if _is_under_way(job):
        return Planned("under_way", progress=job.get_meta().get(PROGRESS))
    if job.args[1] != language:
        return None
    result = job.return_value() if job.get_status() == JobStatus.FINISHED else None
    return Planned(**result) if result else Planned("failed", code="interrupted")


def forget_plan(member_id: str) -> None:
    """Forget the plan that a person refused or agreed to."""
    job = _job(member_id)
    if job is not None and not _is_under_way(job):
        job.delete()


def plan(member_id: str, language: str) -> dict[str, Any]:
    """What a harvest would do, or why that can't be said, as `Planned` has it."""
    member = member_named(member_id)
    try:
        with looked_at(member, _told(), wording=Wording(language, N_)) as look:
            found = {**look.head(), "written": look.plan.written, "items": _items(look)}
    except (HarvestRefused, SourceMalformed, SourceUnreachable) as error:
        return {"state": "failed", "code": error.code, "reason": str(error)}
    return {"state": "made", "made": datetime.now(timezone.utc).isoformat(), "plan": found}


def _items(look: Look) -> dict[str, list[dict[str, Any]]]:
    counts = look.plan.counts
    return {outcome: [*look.items_of(outcome, SHOWN)] for outcome in OUTCOMES if counts[outcome]}


def _told() -> Callable[[str, int, int | None], None]:
    """Keeps with the job how far it is, at most once a second."""
    job = get_current_job()
    silent_until = 0.0

    def tell(doing: str, done: int, total: int | None) -> None:
        nonlocal silent_until
        now = time.monotonic()
        if job is not None and now >= silent_until:
            silent_until = now + SECONDS_BETWEEN
            job.meta[PROGRESS] = {"phase": doing, "done": done, "total": total}
            job.save_meta()

    return tell


def _name(member_id: str) -> str:
    return f"citizendata-plan-{member_id}"


def _job(member_id: str) -> Job | None:
    try:
        return Job.fetch(_name(member_id), connection=get_queue().connection)
    except NoSuchJobError:
        return None


def _is_under_way(job: Job | None) -> bool:
    return job is not None and job.get_status() in UNDER_WAY
