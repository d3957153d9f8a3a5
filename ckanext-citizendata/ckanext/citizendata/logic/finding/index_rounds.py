"""What the background rounds do for the search index: what waits at each of them, all of it once a day."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone

from ckan.lib.jobs import get_queue

from ckanext.citizendata import config
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.ports import in_silence
from ckanext.citizendata.logic.finding.reconcile import drain, reconcile

__all__ = ["keep_index_in_step"]

log = logging.getLogger(__name__)

RECONCILE = "citizendata-reconcile"
AT_ONCE = 100
# A harvest under way indexes what it noted within seconds; what waits longer was left behind, or failed before.
LEFT_BEHIND = timedelta(minutes=2)
PAUSE = 0.2  # seconds to rest after each page, so that a large site goes on working meanwhile
TWO_DAYS = 172_800


def keep_index_in_step() -> None:
    """Index what was left behind; once a day (UTC) have the whole index compared with the database."""
    try:
        drain(AT_ONCE, LEFT_BEHIND)
    except RegistryUnavailable as error:
        log.warning("What waits to be indexed waits on: %s", error)
    _plan_reconcile()


def _plan_reconcile() -> None:
    """The job of a day is known by its name, also after it ran."""
    job_id = f"{RECONCILE}-{datetime.now(timezone.utc):%Y-%m-%d}"
    queue = get_queue()
    if queue.fetch_job(job_id) is None:
        timeout = config.harvest_job_seconds()
        queue.enqueue(_reconcile, job_id=job_id, job_timeout=timeout, result_ttl=TWO_DAYS, failure_ttl=TWO_DAYS)


def _reconcile() -> None:
    try:
        repairs = reconcile(in_silence, PAUSE)
    except RegistryUnavailable as error:
        log.warning("The search index wasn't compared with the database: %s", error)
        return
    if any(repairs.values()):
        log.warning("The search index was brought in step with the database: %s", dict(repairs))
