"""What is kept of past harvests: how each ended and its counts for ever, what became of each record for a while."""

from __future__ import annotations

from ckan import model
from ckan.lib.jobs import add_queue_name_prefix
from ckan.lib.redis import connect_to_redis

from ckanext.citizendata.federation.report import FAILED, RUNNING
from ckanext.citizendata.model import outcome, run

__all__ = ["FAILED_DAYS", "NEWEST", "forget_old_outcomes", "forgotten"]

# Outcomes record by record are kept of so many runs of each member, and of those that failed for so many days.
NEWEST = 30
FAILED_DAYS = 180
# So many runs lose their outcomes in one transaction.
AT_ONCE = 500
AN_HOUR = 3600
DONE = "citizendata-history"


def forget_old_outcomes() -> int:
    """Of how many runs the outcomes were forgotten; once an hour, whoever asks."""
    is_time = connect_to_redis().set(add_queue_name_prefix(DONE), 1, nx=True, ex=AN_HOUR)
    return forgotten() if is_time else 0


def forgotten() -> int:
    """Of how many runs the outcomes were just forgotten, since they are older than the policy keeps them."""
    number = 0
    while old := run.beyond(NEWEST, {FAILED: FAILED_DAYS, RUNNING: FAILED_DAYS}, AT_ONCE):
        outcome.remove_of(old)
        run.note_forgotten(old)
        model.Session.commit()
        number += len(old)
    return number
