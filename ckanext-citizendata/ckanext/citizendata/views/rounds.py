"""Rounds of background work that go on: whoever answers pages looks now and then whether another round is planned.

Each round plans the next one in Redis, which is disposable (design decision 3). After it was emptied while nothing
ran nobody would be left who knows of them.
"""

from __future__ import annotations

import logging
from time import monotonic

from flask import Blueprint
from redis.exceptions import RedisError

from ckanext.citizendata.logic.harvesting.jobs import is_scheduled, schedule

__all__ = ["Rounds", "rounds"]

log = logging.getLogger(__name__)

# Seconds between two looks of one process: a round is missed for a minute at most, and a look costs three questions.
PAUSE = 60.0


class Rounds:
    """Plans the next round where none is planned."""

    def __init__(self) -> None:
        self._next_look = 0.0

    def look(self) -> None:
        """Looks at most once a minute; a lost Redis costs no page."""
        now = monotonic()
        if now < self._next_look:
            return
        self._next_look = now + PAUSE
        try:
            if not is_scheduled():
                log.warning("No round of background work was planned; the job %s is", schedule())
        except RedisError as error:
            log.warning("Whether a round of background work is planned can't be seen: %s", error)


rounds = Blueprint("citizendata_rounds", __name__)
rounds.before_app_request(Rounds().look)
