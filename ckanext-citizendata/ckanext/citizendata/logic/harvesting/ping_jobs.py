"""Reading a catalogue that said that something is new, in a queue of its own."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import datetime, timezone
from typing import Any

from rq.exceptions import DuplicateJobError

from ckanext.citizendata import config
from ckanext.citizendata.core.membership import WATCHED
from ckanext.citizendata.federation.turns import job_seconds
from ckanext.citizendata.logic.harvesting import jobs, queues
from ckanext.citizendata.model import lease, run
from ckanext.citizendata.model import member as members

__all__ = ["read", "read_soon"]

log = logging.getLogger(__name__)

NAME = "citizendata-ping-"
# While a member is being harvested already, its job looks again after so many seconds.
PAUSE = 2


def read_soon(member_id: str) -> None:
    """Has the member harvested within seconds; what a person wants to look at first waits for that person."""
    member = members.by_id(member_id)
    if member is None or member.trust == WATCHED:
        log.info("%s has news, which waits for a person", member_id)
        return
    with suppress(DuplicateJobError):
        queues.for_pings().enqueue_call(read, [member_id], unique=True, **_job(member_id, int(time.time())))


def read(member_id: str) -> None:
    """Harvest the member, as soon as nobody else does: what is under way may have read the feed before the news."""
    if lease.working([member_id]):
        slot = int(time.time() // PAUSE) + 1
        at = datetime.fromtimestamp(slot * PAUSE, timezone.utc)
        wanted = _job(member_id, slot * PAUSE)
        seconds = wanted.pop("timeout")
        # Named for its time: of several that wait one goes on.
        queues.for_pings().enqueue_at(at, read, member_id, job_timeout=seconds, **wanted)
        return
    jobs.harvest(member_id)


def _job(member_id: str, second: int) -> dict[str, Any]:
    seconds = job_seconds(config.harvest_job_seconds(), run.complete_lasted(member_id))
    name, title = f"{NAME}{member_id}_{second}", f"News of {member_id}"
    return {"job_id": name, "timeout": seconds, "result_ttl": 0, "failure_ttl": 3600, "meta": {"title": title}}
