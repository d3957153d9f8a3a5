"""Whose turn it is to be harvested, so that no member waits for another one that is slow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

__all__ = ["Turn", "in_turn", "job_seconds"]

NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)
# So many times as long as its last complete run a member's next one may take; and no run more than a day.
TIMES = 3
A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Turn:
    """A member and its last runs: when the last one `began`, and when the last one that ended did that.

    `lasted` is how long that one took, `is_running` whether the last one hasn't ended.
    """

    member_id: str
    interval: timedelta
    began: datetime | None = None
    ended: datetime | None = None
    lasted: timedelta = timedelta(0)
    is_running: bool = False

    def is_due(self, now: datetime) -> bool:
        """Whether its interval has passed since its last run began; without an interval it never is.

        A run that seems to begin much later than now tells of a clock that was wrong, and keeps nothing waiting.
        """
        return bool(self.interval) and (self.began is None or abs(now - self.began) >= self.interval)

    def takes(self, now: datetime) -> timedelta:
        """How long a run of it takes, as far as its last ones tell."""
        so_far = now - self.began if self.is_running and self.began else timedelta(0)
        return max(self.lasted, so_far)


def in_turn(
    turns: Sequence[Turn], busy: Collection[str], now: datetime, workers: int, long: timedelta
) -> Sequence[str]:
    """The members whose harvests begin now, in their order; those that are `busy` are being harvested or wait for it.

    Those that were never harvested come first, then those whose last run ended longest ago. Members whose runs take
    longer than `long` come behind, and so few of them that one of two or more workers is always free of them.
    """
    due = sorted((each for each in turns if each.is_due(now) and each.member_id not in busy), key=_order)
    quick = [each.member_id for each in due if each.takes(now) <= long]
    slow = [each.member_id for each in due if each.takes(now) > long]
    under_way = sum(each.member_id in busy and each.takes(now) > long for each in turns)
    room = max(0, max(1, workers - 1) - under_way)
    return [*quick, *slow[:room]]


def job_seconds(least: int, full: timedelta) -> int:
    """How long a harvest may take: `full` is how long the member's last complete one took.

    job_seconds(3600, timedelta(minutes=5)) -> 3600; job_seconds(3600, timedelta(hours=2)) -> 21600
    """
    return max(least, min(TIMES * int(full.total_seconds()), A_DAY))


def _order(turn: Turn) -> tuple[datetime, str]:
    # One whose runs never end, since they take the worker with them, doesn't stay in front for that.
    return turn.ended or turn.began or NEVER, turn.member_id
