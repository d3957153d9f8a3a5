"""The background work of a site on CKAN's queue: a short job that comes round every few seconds, and one a harvest."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.jobs import get_queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from rq.registry import ScheduledJobRegistry, StartedJobRegistry

from ckanext.citizendata import config
from ckanext.citizendata.core.membership import ACTIVE, WATCHED
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.federation.errors import HarvestRefused, RegistryUnavailable
from ckanext.citizendata.federation.ports import in_silence
from ckanext.citizendata.federation.turns import Turn, in_turn, job_seconds
from ckanext.citizendata.logic.dirty import render_dirty
from ckanext.citizendata.logic.feeds import feed_jobs
from ckanext.citizendata.logic.feeds.dump_jobs import plan_dumps
from ckanext.citizendata.logic.finding.index_rounds import keep_index_in_step
from ckanext.citizendata.logic.harvesting import findings, queues
from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from ckanext.citizendata.logic.harvesting.history import forget_old_outcomes
from ckanext.citizendata.logic.harvesting.mailing import mail_needs, mail_report
from ckanext.citizendata.model import lease, member_list, run

__all__ = ["ask_shapes", "enqueue_asking", "enqueue_harvest", "harvest", "is_scheduled", "schedule", "tick"]

log = logging.getLogger(__name__)

TICK = "citizendata-tick"
TICK_TIMEOUT = 300
HARVEST = "citizendata-harvest-"
# Between the name of a member and the rest: no name has one.
APART = "_"
# Of several plans that somebody agreed to, the last one waits.
PLANNED = f"{APART}plan"
# Seconds for which one job asks the shapes, and after which one is ended whose record never comes to an end.
ASKING, ASKING_TIMEOUT = 20.0, 300
WAITING = (JobStatus.QUEUED, JobStatus.DEFERRED, JobStatus.SCHEDULED)


def tick() -> None:
    """One round: render what waits, ask for snapshots, start the harvests that are due, keep the index in step.

    The next round is planned first, so that nothing that happens in this one ends the chain.
    """
    schedule()
    render_dirty()
    feed_jobs.ask_where_due()
    _begin_harvests(datetime.now(timezone.utc))
    mail_needs()
    keep_index_in_step()
    plan_dumps()
    forget_old_outcomes()


def is_scheduled() -> bool:
    """Whether a round waits for its time or for a worker, or is under way; an emptied Redis knows of none."""
    queue = get_queue()
    planned, running = ScheduledJobRegistry(queue=queue), StartedJobRegistry(queue=queue)
    known = (*planned.get_job_ids(), *queue.get_job_ids(), *running.get_job_ids())
    return any(job_id.startswith(TICK) for job_id in known)


def schedule() -> str:
    """The job of the next round, planned now. Rounds are named for their time, so that two calls plan one round."""
    pause = config.tick_seconds()
    slot = int(time.time() // pause) + 1
    at = datetime.fromtimestamp(slot * pause, timezone.utc)
    queue = get_queue()
    job = queue.enqueue_at(at, tick, job_id=f"{TICK}-{slot}", job_timeout=TICK_TIMEOUT, result_ttl=0, failure_ttl=3600)
    return job.id


def enqueue_harvest(member_id: str, plan: str | None = None) -> str:
    """The job that will harvest a member, also where it waits already; with a `plan` one that does just that.

    However many ask at once, one job waits; while one runs, another one may wait behind it.
    """
    job_id, before = _place(_name(member_id) + (PLANNED if plan else ""))
    if before is not None and before.get_status() in WAITING and before.args[1] == plan:
        return job_id
    if before is not None:
        before.delete()
    queue = queues.for_harvests()
    seconds = job_seconds(config.harvest_job_seconds(), run.complete_lasted(member_id))
    meta = {"title": f"Harvest {member_id}"}
    with suppress(DuplicateJobError):
        queue.enqueue_call(harvest, [member_id, plan], timeout=seconds, job_id=job_id, meta=meta, unique=True)
        log.info("The job %s waits in the queue %s; it may take %s seconds", job_id, queues.name_of(queue), seconds)
    return job_id


def _name(member_id: str) -> str:
    """The name of the harvest that comes after the last one that began.

    No later one has it: where Redis was emptied meanwhile, a worker that ends a job would take a new one of its name
    for its own, and clear it away.
    """
    last = run.last(member_id)
    return f"{HARVEST}{member_id}{APART}{last.id if last else 0}"


def _place(name: str) -> tuple[str, Job | None]:
    """The id for a new job, and the job that has it already; a job under way keeps its own."""
    for job_id in (name, f"{name}{APART}next"):
        job = _known(job_id)
        if job is None or job.get_status() != JobStatus.STARTED:
            return job_id, job
    # No member is harvested twice at once: what looks so was killed.
    return name, _known(name)


def _known(job_id: str) -> Job | None:
    try:
        return Job.fetch(job_id, connection=get_queue().connection)
    except NoSuchJobError:
        return None


def harvest(member_id: str, plan: str | None = None) -> None:
    """Harvest one member in the background, as a plan says where one was agreed to; the report tells how it ended."""
    try:
        member = member_named(member_id)
        report = harvested(member, in_silence, plan=plan)
    except (HarvestRefused, RegistryUnavailable, tk.ObjectNotFound) as error:
        log.info("No harvest of %s: %s", member_id, error)
        return
    finally:
        # Redis may have lost the rounds meanwhile; whoever works still knows of them.
        if not is_scheduled():
            schedule()
    log.info("Harvest of %s: %s %s %s", member_id, report.state, report.reason or "", report.counts)
    mail_report(member)
    if findings.can_ask() and findings.waiting(member_id):
        enqueue_asking(member_id)


def enqueue_asking(member_id: str) -> str:
    """The job that will hold what the member's records say against the shapes, behind all jobs that wait already."""
    job_id = f"citizendata-shapes-{member_id}-{uuid4()}"
    rq_kwargs = {"job_id": job_id, "timeout": ASKING_TIMEOUT}
    tk.enqueue_job(ask_shapes, [member_id], title=f"Shapes {member_id}", rq_kwargs=rq_kwargs)
    return job_id


def ask_shapes(member_id: str) -> None:
    """Ask for a short while; what is left comes at the end of the queue, so that no harvest waits for it."""
    try:
        left = findings.asked(member_named(member_id).id, ASKING, in_silence)
    except (Unusable, tk.ObjectNotFound) as error:
        log.info("The shapes aren't asked about %s: %s", member_id, error)
        return
    if left:
        enqueue_asking(member_id)


def _begin_harvests(now: datetime) -> None:
    """Put the harvests that are due where a worker finds them; those that nobody would find are moved."""
    adopted = queues.adopted()
    due = _due(now)
    for member_id in due:
        enqueue_harvest(member_id)
    if adopted or due:
        for sentence in queues.advice():
            log.warning("%s", sentence)


def _due(now: datetime) -> Sequence[str]:
    """The members that are to be harvested now, in their order."""
    turns = [_turn(row) for row in member_list.turns()]
    if not any(turn.is_due(now) for turn in turns):
        return ()
    workers = queues.workers(queues.for_harvests())
    return in_turn(turns, _busy(), now, workers, timedelta(seconds=config.harvest_long_seconds()))


def _turn(row: Any) -> Turn:
    lasted = row.ended - row.ended_began if row.ended else timedelta(0)
    interval = timedelta(minutes=row.interval_minutes if _goes_by_itself(row) else 0)
    return Turn(row.id, interval, row.began, row.ended, lasted, row.began is not None and row.finished is None)


def _busy() -> set[str]:
    """The members that are being harvested or wait for it, by whomever."""
    jobs = [job_id for queue in queues.each() for job_id in queues.under_way(queue) if job_id.startswith(HARVEST)]
    waiting = {job_id.removeprefix(HARVEST).partition(APART)[0] for job_id in jobs}
    return waiting | {row.member_id for row in lease.in_work()}


def _goes_by_itself(member: sa.Row[Any]) -> bool:
    """Whether nobody has to ask for its harvests, nor to look at them first."""
    return member.state == ACTIVE and member.trust != WATCHED
