"""The background work of a site on CKAN's queue: a short job that comes round every few seconds, and one a harvest."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk
from ckan.lib.jobs import get_queue
from rq.job import JobStatus
from rq.registry import ScheduledJobRegistry, StartedJobRegistry

from ckanext.citizendata import config
from ckanext.citizendata.federation.errors import HarvestRefused, RegistryUnavailable
from ckanext.citizendata.logic.dirty import render_dirty
from ckanext.citizendata.logic.harvest import harvested, member_named
from ckanext.citizendata.logic.index_rounds import keep_index_in_step
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import run

__all__ = ["enqueue_harvest", "harvest", "is_scheduled", "schedule", "tick"]

log = logging.getLogger(__name__)

TICK = "citizendata-tick"
TICK_TIMEOUT = 300
NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)
WAITING = (JobStatus.QUEUED, JobStatus.DEFERRED, JobStatus.SCHEDULED)


def tick() -> None:
    """One round: render what waits, start the harvests that are due, keep the search index in step.

    The next round is planned first, so that nothing that happens in this one ends the chain.
    """
    schedule()
    render_dirty()
    for member_id in _due(datetime.now(timezone.utc)):
        enqueue_harvest(member_id)
    keep_index_in_step()


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
    """The job that will harvest a member, also where it waits already; with a `plan` one that does just that."""
    job_id = f"citizendata-harvest-{member_id}"
    if plan:
        job_id = f"{job_id}-{plan.rpartition('-')[2]}"
    queue = get_queue()
    waiting = queue.fetch_job(job_id)
    if waiting is None or waiting.get_status() not in WAITING:
        timeout = config.harvest_job_seconds()
        rq_kwargs = {"job_id": job_id, "timeout": timeout}
        tk.enqueue_job(harvest, [member_id, plan], title=f"Harvest {member_id}", rq_kwargs=rq_kwargs)
    return job_id


def harvest(member_id: str, plan: str | None = None) -> None:
    """Harvest one member in the background, as a plan says where one was agreed to; the report tells how it ended."""
    try:
        report = harvested(member_named(member_id), _in_silence, plan=plan)
    except (HarvestRefused, RegistryUnavailable, tk.ObjectNotFound) as error:
        log.info("No harvest of %s: %s", member_id, error)
        return
    finally:
        # Redis may have lost the rounds meanwhile; whoever works still knows of them.
        if not is_scheduled():
            schedule()
    log.info("Harvest of %s: %s %s %s", member_id, report.state, report.reason or "", report.counts)


def _due(now: datetime) -> list[str]:
    """The members whose last harvest began longer ago than their interval, those that were never harvested first."""
    waits: list[tuple[datetime, str]] = []
    starts = run.latest_starts()
    for member in members.every():
        began = starts.get(member.id, NEVER)
        if member.interval_minutes > 0 and began + timedelta(minutes=member.interval_minutes) <= now:
            waits.append((began, member.id))
    return [member_id for _, member_id in sorted(waits)]


def _in_silence(_doing: str, _done: int, _total: int | None) -> None:
    return None
