"""Dumps in the background: after a cut, and no sooner than an hour after the last ones."""

from __future__ import annotations

import logging
import time
from uuid import uuid4

from ckan.lib.jobs import get_queue

from ckanext.citizendata import config
from ckanext.citizendata.federation.ports import in_silence
from ckanext.citizendata.feeds.addresses import DUMPS, EVERYONE
from ckanext.citizendata.feeds.dumps import latest_dump
from ckanext.citizendata.feeds.store import Store, StoreFull
from ckanext.citizendata.logic.feeds.dumping import count_listed, dump
from ckanext.citizendata.logic.feeds.feed_stores import store_of

__all__ = ["make_dumps", "plan_dumps"]

log = logging.getLogger(__name__)

DUMP = "citizendata-dump"
# Seconds for which one job works, so that no cut waits for it; and after which one is ended that never comes to an end.
WORKING, TIMEOUT = 10.0, 600
# After each page, a rest for a share of the time that it took.
SHARE = 0.5


class _Over(Exception):  # noqa: N818 - no error
    """The time of this job is over; what it made is kept beside the pages."""


class _Turn:
    """The time of one job."""

    def __init__(self, seconds: float) -> None:
        self._since = time.monotonic()
        self._end = self._since + seconds

    def rest(self) -> None:
        """Called after each page; raises `_Over` when the time is."""
        now = time.monotonic()
        if now >= self._end:
            raise _Over
        time.sleep(SHARE * (now - self._since))
        self._since = time.monotonic()


def plan_dumps() -> None:
    """Have the current snapshot dumped, where it isn't and the time has come.

    The job of a span of time is known by its name, also after it ran.
    """
    store, minutes = store_of(EVERYONE), config.feed_dump_minutes()
    if store is None or not minutes or not _missing(store):
        return
    span = minutes * 60
    job_id = f"{DUMP}-{int(time.time() // span)}"
    if get_queue().fetch_job(job_id) is None:
        _enqueue(job_id, 2 * span)


def make_dumps(working: float = WORKING) -> None:
    """Make dumps of the current snapshot for a short while; what is left comes at the end of the queue.

    The next job has twice the time: it puts together first what this one left.
    """
    store = store_of(EVERYONE)
    if store is None:
        return
    count_listed()
    turn = _Turn(working)
    try:
        for suffix in _missing(store):
            log.info("Dumped: %s", dump(suffix, in_silence, turn))
    except _Over:
        _enqueue(f"{DUMP}-{uuid4()}", TIMEOUT, min(2 * working, TIMEOUT / 2))
    except StoreFull as error:
        log.warning("No dump is made: %s", error)


def _enqueue(job_id: str, kept: int, working: float = WORKING) -> None:
    times = {"job_timeout": TIMEOUT, "result_ttl": kept, "failure_ttl": kept}
    get_queue().enqueue(make_dumps, working, job_id=job_id, **times)


def _missing(store: Store) -> list[str]:
    """The endings of the dumps that there aren't of the current snapshot."""
    current = store.current()
    found = {suffix: latest_dump(store, suffix) for suffix in (DUMPS if current is not None else ())}
    return [suffix for suffix, path in found.items() if path is None or not path.name.startswith(f"{current}.")]
