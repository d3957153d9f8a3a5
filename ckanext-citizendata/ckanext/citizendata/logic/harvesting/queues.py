"""The queues of background work: CKAN's own for what is short, others for harvests and for news; who works on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins as p
from ckan.lib.jobs import DEFAULT_QUEUE_NAME, get_queue, remove_queue_name_prefix
from rq import Queue
from rq.registry import StartedJobRegistry
from rq.worker_registration import get_keys

from ckanext.citizendata import config

__all__ = ["adopted", "advice", "each", "for_harvests", "for_pings", "name_of", "shown", "under_way", "workers"]

# A worker that is just started again finds its jobs where they were.
PATIENCE = timedelta(minutes=1)


def each() -> tuple[Queue, ...]:
    """The queues on which this site's work waits: CKAN's default one, and those of a registry's harvests and news."""
    names = [DEFAULT_QUEUE_NAME, *(_own() if p.plugin_loaded("citizendata_registry") else ())]
    return tuple(get_queue(name) for name in dict.fromkeys(names))


def _own() -> tuple[str, ...]:
    return config.harvest_queue(), config.ping_queue()


def for_harvests() -> Queue:
    """Where a harvest waits: in its own queue, or in CKAN's default one as long as no worker listens to its own.

    So a site with a single `ckan jobs worker` harvests too.
    """
    return _heard(config.harvest_queue())


def for_pings() -> Queue:
    """Where the harvest waits of a member that has news: in its own queue, or in CKAN's default one, as above."""
    return _heard(config.ping_queue())


def _heard(name: str) -> Queue:
    own = get_queue(name)
    return own if workers(own) else get_queue()


def workers(queue: Queue) -> int:
    """How many workers listen to a queue; one that was killed counts for some minutes more."""
    keys = get_keys(queue)
    return int(queue.connection.exists(*keys)) if keys else 0


def name_of(queue: Queue) -> str:
    """The name of a queue, as commands take it."""
    return remove_queue_name_prefix(queue.name)


def under_way(queue: Queue) -> list[str]:
    """The ids of the jobs of a queue that wait or run."""
    return [*queue.get_job_ids(), *StartedJobRegistry(queue=queue).get_job_ids()]


def adopted() -> list[str]:
    """The jobs that waited for workers that are gone, and wait for others now."""
    return [job_id for name in dict.fromkeys(_own()) for job_id in _adopted(get_queue(name), _heard(name))]


def _adopted(own: Queue, used: Queue) -> Sequence[str]:
    return [] if own.name == used.name else list(_moved(own, used))


def _moved(source: Queue, target: Queue) -> Iterator[str]:
    until = datetime.now(timezone.utc) - PATIENCE
    for job in source.get_jobs():
        # Of two who do this at once, one removes it.
        if job.enqueued_at and job.enqueued_at < until and source.remove(job):
            target.enqueue_job(job)
            yield job.id


def shown() -> list[dict[str, Any]]:
    """Each queue by name, with its number of workers and of jobs that wait."""
    return [{"name": name_of(queue), "workers": workers(queue), "waiting": queue.count} for queue in each()]


def advice() -> list[str]:
    """What an operator should do about queues to which no worker listens, in sentences; news need none."""
    default, *others = shown()
    lost = "no member is harvested by itself, and late changes don't reach the feed"
    rounds = f"No worker listens to the queue {default['name']}: {lost}. Start one: ckan jobs worker"
    alone = [queue["name"] for queue in others if queue["name"] == config.harvest_queue() and not queue["workers"]]
    return [*([] if default["workers"] else [rounds]), *map(_alone, alone)]


def _alone(name: str) -> str:
    slow = "harvests share the default queue, where a long one holds up all other background work"
    return f"No worker listens to the queue {name}: {slow}. Start one or more: ckan jobs worker {name}"
