from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta, timezone

import pytest

from ckanext.citizendata.federation.turns import Turn, in_turn, job_seconds

NOW = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
LONG = timedelta(minutes=10)


def turn(name: str, ended: float = 2, lasted: float = 1, every: int = 60) -> Turn:
    """A member whose last run ended so many hours ago and took so many minutes."""
    end, length = NOW - timedelta(hours=ended), timedelta(minutes=lasted)
    return Turn(name, timedelta(minutes=every), end - length, end, length)


def order(*turns: Turn, busy: tuple[str, ...] = (), workers: int = 2) -> list[str]:
    return [*in_turn(turns, busy, NOW, workers, LONG)]


class TestInTurn:
    def test_who_waits_longest_comes_first(self) -> None:
        """By the end of the last run, and before all those that were never harvested."""
        assert order(turn("a", 2), turn("b", 5), Turn("new", HOUR), turn("c", 3)) == ["new", "b", "c", "a"]

    def test_whose_interval_has_not_passed_waits(self) -> None:
        """It counts from the beginning of the last run; without an interval nothing begins by itself."""
        assert order(turn("early", 0.5), turn("by-hand", 9, every=0), Turn("new-by-hand", timedelta(0))) == []
        assert order(turn("due", 0.5, lasted=40)) == ["due"]

    def test_a_run_of_a_wrong_clock_keeps_nothing_waiting(self) -> None:
        """One that seems to begin tomorrow; a clock that goes a little ahead is no reason to begin again."""
        assert order(turn("tomorrow", -24), turn("ahead", -0.5)) == ["tomorrow"]

    def test_who_is_busy_is_left_out(self) -> None:
        """Whoever harvests it."""
        assert order(turn("a"), turn("b"), busy=("a",)) == ["b"]

    def test_long_ones_come_behind_and_leave_a_worker_free(self) -> None:
        """Even where they wait longest; of four workers they get three, of one they get that."""
        slow = [turn(f"slow-{number}", 9 - number, lasted=11) for number in range(5)]
        assert order(*slow, turn("a"), workers=4) == ["a", "slow-0", "slow-1", "slow-2"]
        assert order(*slow, turn("a"), workers=2) == ["a", "slow-0"]
        assert order(*slow, turn("a"), workers=1) == ["a", "slow-0"]
        assert order(*slow, turn("a"), workers=0) == ["a", "slow-0"]

    def test_long_ones_under_way_count(self) -> None:
        """Those that are known to take long, and those that do so for the first time."""
        known = Turn("known", HOUR, NOW - timedelta(minutes=1), NOW - 3 * HOUR, timedelta(hours=2), is_running=True)
        first = Turn("first", HOUR, NOW - timedelta(minutes=11), is_running=True)
        fresh = Turn("fresh", HOUR, NOW - timedelta(minutes=2), is_running=True)
        slow = turn("slow", lasted=30)
        assert order(slow, known, busy=("known",)) == []
        assert order(slow, first, busy=("first",)) == []
        assert order(slow, fresh, busy=("fresh",)) == ["slow"]

    def test_one_whose_runs_never_end_does_not_stay_in_front(self) -> None:
        """A member that takes the worker with it each time is never new again."""
        killer = Turn("killer", HOUR, NOW - 2 * HOUR, is_running=True)
        assert order(killer, turn("a", 3)) == ["a", "killer"]


class TestSlowMember:
    @pytest.mark.parametrize("workers", [2, 3])
    def test_delays_others_by_less_than_a_tenth(self, workers: int) -> None:
        """Members with a run of a minute each hour, beside one whose runs fill hours and whose next is always due."""
        alone = days_between_runs(workers, slow=0)
        assert days_between_runs(workers, slow=workers) < 1.1 * alone


def days_between_runs(workers: int, slow: int) -> float:
    """The mean time from one run of an ordinary member to its next, of workers who take what waits first."""
    lengths = {f"quick-{number}": timedelta(minutes=1) for number in range(20)}
    lengths |= {f"slow-{number}": timedelta(hours=3) for number in range(slow)}
    turns = {name: Turn(name, HOUR) for name in lengths}
    waiting: deque[str] = deque()
    running: dict[str, datetime] = {}
    began: list[tuple[str, datetime]] = []
    now = NOW
    while now < NOW + timedelta(days=1):
        for name in [name for name, end in running.items() if end <= now]:
            turns[name] = Turn(name, HOUR, turns[name].began, running.pop(name), lengths[name])
        waiting += in_turn([*turns.values()], {*waiting, *running}, now, workers, LONG)
        while waiting and len(running) < workers:
            name = waiting.popleft()
            before = turns[name]
            turns[name] = Turn(name, HOUR, now, before.ended, before.lasted, is_running=True)
            running[name] = now + lengths[name]
            began.append((name, now))
        now += timedelta(seconds=30)
    quick = [time for name, time in began if name == "quick-7"]
    # The first run of a slow one is a surprise; what counts is how it goes on.
    return (quick[-1] - quick[3]) / timedelta(days=1) / (len(quick) - 4)


class TestJobSeconds:
    @pytest.mark.parametrize(
        ("full", "seconds"),
        [
            (timedelta(0), 3600),
            (timedelta(minutes=19), 3600),
            (timedelta(hours=2), 6 * 3600),
            (timedelta(days=3), 86_400),
        ],
    )
    def test_follow_from_the_last_complete_run(self, full: timedelta, seconds: int) -> None:
        """Three times as long, at least what the option says, at most a day."""
        assert job_seconds(3600, full) == seconds

    def test_an_option_of_more_than_a_day_counts(self) -> None:
        """Whoever sets it means it."""
        assert job_seconds(100_000, timedelta(0)) == 100_000
