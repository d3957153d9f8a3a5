"""Moments at which a worker is killed: drawn again from their seed, spread, and told as they were met."""

from __future__ import annotations

import sys
from itertools import islice

import pytest

from tests.faults.moments import PLACES, Moment, Struck, Tally, drawn
from tests.faults.stages import STAGES, stages

PASSED = {place: 6 for places in PLACES.values() for place in places}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the cases need Linux: addresses of 127/8, and inotify")


def stacks(*threads: tuple[str, ...]) -> str:
    """What a process writes of its threads, each from its innermost call outwards."""
    texts = [
        "".join([f"Thread 0x{place:016x} (most recent call first):\n", *map(_frame, thread)])
        for place, thread in enumerate(threads)
    ]
    return "\n".join(texts)


def _frame(module: str) -> str:
    return f'  File "/srv/ckanext/citizendata/{module}.py", line 7 in each\n'


class TestStages:
    def test_are_those_of_all_threads(self) -> None:
        """One fetches while another one screens."""
        reading = ("federation/connection", "federation/fetch", "federation/pages")
        assert stages(stacks(reading, ("logic/publishing/ledger", "federation/judging", "federation/run"))) == (
            "fetch",
            "screen",
        )

    def test_of_a_thread_is_its_innermost_one(self) -> None:
        """CKAN's own index, called where a record is published, is the index."""
        called = ("lib/search/index", "logic/publishing/publisher", "federation/carrying", "federation/run")
        assert stages(stacks(called)) == ("index",)

    def test_are_none_between_two(self) -> None:
        """As of a worker that writes its report, or one that hasn't begun."""
        assert stages(stacks(("model/run", "federation/run"))) == ()
        assert stages("") == ()


class TestDrawn:
    def test_are_the_same_again_from_a_seed(self) -> None:
        """And others from another one."""
        once, again, other = ([*islice(drawn(seed, PASSED, 3, 13), 50)] for seed in (5, 5, 6))
        assert once == again != other

    def test_of_one_round_lie_in_each_stage_and_over_the_whole_run(self) -> None:
        """Three places of each stage, and a time in each thirteenth part."""
        moments = [*islice(drawn(5, PASSED, 3, 13), 25)]
        places = [each.place for each in moments]
        assert all(sum(map(places.count, PLACES[stage])) == 3 for stage in STAGES)
        assert {*places} == {"", *PASSED}
        times = sorted(each.part for each in moments if not each.place)
        assert all(place / 13 * 1.1 <= part <= (place + 1) / 13 * 1.1 for place, part in enumerate(times))
        assert len(times) == 13


class TestTally:
    def struck(self, inside: bool, *met: str) -> Struck:
        return Struck(Moment("fetch.next", 2), -9, inside, met)

    def test_counts_what_was_met_inside_a_run_alone(self) -> None:
        """A kill beside a run proves nothing about its stages."""
        tally = Tally(kills=2, inside=1, each=1)
        tally.struck += [self.struck(False, *STAGES), self.struck(True, "fetch", "screen")]
        assert tally.lacks == "2 kills, 1 inside a run, {'publish': 0, 'index': 0}"
        tally.struck.append(self.struck(True, "publish", "index"))
        assert not tally.lacks

    def test_wants_so_many_kills_and_so_many_of_them_inside(self) -> None:
        """However often each stage was met."""
        every = self.struck(True, *STAGES)
        assert Tally(2, 1, 1, [every]).lacks == "1 kills, 1 inside a run, each stage often enough"
        assert Tally(2, 2, 1, [every, self.struck(False)]).lacks

    def test_tells_each_moment(self) -> None:
        """With what it met, not with what was meant."""
        tally = Tally(1, 1, 1, [self.struck(True, "fetch"), self.struck(True), self.struck(False, "index")])
        moments = "fetch.next 2: fetch, fetch.next 2: between stages, fetch.next 2: outside of a run"
        assert tally.told() == f"3 kills, 2 inside a run (fetch 1): {moments}"
