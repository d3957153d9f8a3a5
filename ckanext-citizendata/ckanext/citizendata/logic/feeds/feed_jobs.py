"""Snapshots made in the background: soon after each change, and whenever a round finds that one is due."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from ckan import model
from ckan.lib.jobs import get_queue
from redis import Redis
from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from sqlalchemy import event
from sqlalchemy.orm import Session

from ckanext.citizendata import config
from ckanext.citizendata.feeds.store import StoreFull
from ckanext.citizendata.logic.feeds.cutting import cut, is_due
from ckanext.citizendata.logic.feeds.feed_behind import Behind
from ckanext.citizendata.logic.feeds.feed_keys import KeyUnusable
from ckanext.citizendata.logic.feeds.feed_lock import Busy
from ckanext.citizendata.logic.feeds.feed_scopes import feeds

__all__ = ["ask", "ask_where_due", "cut_all", "cut_soon", "note_change", "watch"]

log = logging.getLogger(__name__)

NAME = "citizendata-feed"
NEXT = f"{NAME}-next"
# A hundred thousand records are rendered in less.
TIMEOUT = 4 * 3600
# A change is settled when all transactions have ended that ran when it was committed; then somebody looks again.
LOOKS = (0.0, 0.2, 0.3, 0.5, 1.0, 2.0)
WAITING = (JobStatus.QUEUED, JobStatus.DEFERRED, JobStatus.SCHEDULED)
_MARK = "ckanext.citizendata.changed"


def note_change() -> None:
    """Ask for snapshots when this transaction commits."""
    model.Session().info[_MARK] = True


def watch() -> None:
    """Look at the transactions of this process from now on."""
    if not event.contains(model.Session, "after_commit", _after):
        event.listen(model.Session, "after_commit", _after)


def ask() -> None:
    """Have snapshots made as soon as a worker is free; however many ask, one job waits."""
    _ask(cut_soon)


def ask_where_due() -> None:
    """Ask where a snapshot is due; nobody waits for it, so that its job looks once."""
    try:
        is_wanted = config.feed_folder() is not None and any(map(is_due, feeds()))
    except OSError:
        # Other work of the round goes on without the folder.
        log.exception("Nobody can tell whether a snapshot is due")
        return
    if is_wanted:
        _ask(cut_all)


def cut_soon() -> None:
    """Make the snapshots that are due, and look again for some seconds, since a change may not be settled yet."""
    for pause in LOOKS:
        time.sleep(pause)
        cut_all()
        model.Session.rollback()
        if not any(map(is_due, feeds())):
            return


def cut_all() -> None:
    """Make the snapshots of all feeds; why one can't be made is logged, and its last one goes on being served."""
    for feed in feeds():
        try:
            made = cut(feed)
        except Busy as error:
            log.info("%s", error)
        except (Behind, KeyUnusable, StoreFull, OSError):
            log.exception("There is no new snapshot of the feed %s", feed)
        else:
            if made:
                log.info("Snapshot %s of %s: %s pages anew", made.sequence, feed, made.rendered)


def _after(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.pop(_MARK, None):
        ask()


def _ask(work: Callable[[], None]) -> None:
    """A lost Redis costs nothing but time: the next round asks."""
    if config.feed_folder() is None:
        return
    try:
        _enqueue(work)
    except RedisError as error:
        log.warning("Snapshots of feeds are made a little later, since Redis doesn't answer: %s", error)


def _enqueue(work: Callable[[], None]) -> None:
    queue = get_queue()
    job_id, before = _place(queue.connection)
    if before is not None:
        if before.get_status() in WAITING:
            return
        before.delete()
    # One that waits already will see this change too.
    try:
        queue.enqueue_call(work, timeout=TIMEOUT, job_id=job_id, result_ttl=0, failure_ttl=60, unique=True)
    except DuplicateJobError:
        return


def _place(connection: Redis) -> tuple[str, Job | None]:
    """The id for a new job, and the job that has it already; one under way keeps its own."""
    for job_id in (NAME, NEXT):
        job = _known(job_id, connection)
        if job is None or job.get_status() != JobStatus.STARTED:
            return job_id, job
    # What looks as if two of them worked was killed.
    return NAME, _known(NAME, connection)


def _known(job_id: str, connection: Redis) -> Job | None:
    try:
        return Job.fetch(job_id, connection=connection)
    except NoSuchJobError:
        return None
