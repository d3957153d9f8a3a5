"""Moments at which workers are killed by chance: at places in the code, and at times that know nothing of it."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice, zip_longest
from pathlib import Path

from tests.faults.kills import KILLED, SECONDS, Reference
from tests.faults.lab import Lab, Member
from tests.faults.stages import STAGES, stages

__all__ = ["PLACES", "Moment", "Struck", "Tally", "drawn", "strike"]

# Where a worker is in a stage, the place that tells most first.
PLACES = {
    "fetch": ("fetch.next", "fetch.asked"),
    "screen": ("screen.looked_up",),
    "publish": ("publish.ledger", "publish.package", "publish.record"),
    "index": ("index.held", "index.sent", "index.answered"),
}
# A time may lie a little behind the end of a run of the usual length.
LONGEST = 1.1
# So long a worker may take to write down what it does.
TELLS_SECONDS = 0.05
LAST_RUN = "SELECT state FROM citizendata_run WHERE member_id = %s ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True)
class Moment:
    """The n-th time that a worker comes to a place, or a part of the time that an undisturbed run takes."""

    place: str = ""
    number: int = 0
    part: float = 0

    def __str__(self) -> str:
        return f"{self.place} {self.number}" if self.place else f"{self.part:.2f} of a run"


def drawn(seed: int, passed: Mapping[str, int], places: int, times: int) -> Iterator[Moment]:
    """Moments without end, in rounds of so many places in each stage and so many times, by chance.

    The places of a round are different ones as long as there are, its times spread over a whole run, one in each part.
    """
    for number in count():
        chance = random.Random(f"{seed} {number}")
        moments = [Moment(part=(each + chance.random()) / times * LONGEST) for each in range(times)]
        for found in PLACES.values():
            moments += islice(_places(chance, found, passed), places)
        chance.shuffle(moments)
        yield from moments


def _places(chance: random.Random, found: Sequence[str], passed: Mapping[str, int]) -> Iterator[Moment]:
    """Each place once at one of its times, then each once more."""
    shuffled = [chance.sample(range(passed.get(place, 0)), passed.get(place, 0)) for place in found]
    decks = [[Moment(place, each + 1) for each in numbers] for place, numbers in zip(found, shuffled, strict=True)]
    return (moment for each in zip_longest(*decks) for moment in each if moment)


@dataclass(frozen=True)
class Struck:
    """What a kill met: how the worker ended, whether it was in a run, and in which stages of it."""

    moment: Moment
    code: int | None
    is_inside: bool
    stages: tuple[str, ...]

    @property
    def is_killed(self) -> bool:
        """Whether the worker ended as abruptly as it was to.

        One that writes down the stacks of its other threads, which go on meanwhile, may stumble over them; it ends
        right there, at the same moment chosen by chance, and as little prepared as by `kill -9`.
        """
        return self.code == KILLED or (not self.moment.place and self.code == -signal.SIGSEGV)

    def __str__(self) -> str:
        met = "+".join(self.stages) or "between stages"
        return f"{self.moment}: {met if self.is_inside else 'outside of a run'}"


@dataclass
class Tally:
    """What was struck so far, and what must be struck."""

    kills: int
    inside: int
    each: int
    struck: list[Struck] = field(default_factory=list)

    @property
    def lacks(self) -> str:
        """What wasn't struck often enough; empty where all was."""
        inside = [each for each in self.struck if each.is_inside]
        found = Counter(stage for each in inside for stage in each.stages)
        short = {stage: found[stage] for stage in STAGES if found[stage] < self.each}
        if len(self.struck) >= self.kills and len(inside) >= self.inside and not short:
            return ""
        return f"{len(self.struck)} kills, {len(inside)} inside a run, {short or 'each stage often enough'}"

    def told(self) -> str:
        """How often what was struck, and each moment."""
        inside = [each for each in self.struck if each.is_inside]
        found = Counter(stage for each in inside for stage in each.stages)
        often = ", ".join(f"{stage} {number}" for stage, number in sorted(found.items()))
        listed = ", ".join(map(str, self.struck))
        return f"{len(self.struck)} kills, {len(inside)} inside a run ({often}): {listed}"


def strike(lab: Lab, member: Member, moment: Moment, whole: Reference) -> Struck:
    """Kill the worker that harvests a member at a moment."""
    stacks = lab.site.home.run / "stacks.txt"
    stacks.write_text("", encoding="utf-8")
    kill = {"port": lab.hostile.port, "stacks": str(stacks), "point": moment.place, "number": moment.number}
    # One that waits for more to do when it has harvested can be killed afterwards too.
    worker = lab.fork("harvest" if moment.place else "stay", kill, member=member.name, days=0)
    if not moment.place:
        time.sleep(moment.part * whole.seconds)
        _kill(worker, stacks)
    code = lab.reap(worker, SECONDS)
    ((state,),) = lab.site.sql(LAST_RUN, (member.name,))
    return Struck(moment, code, state == "running", stages(stacks.read_text(encoding="utf-8")))


def _kill(worker: int, stacks: Path) -> None:
    """Let the worker write down what it does, and kill it at once."""
    os.kill(worker, signal.SIGUSR1)
    end, size = time.monotonic() + TELLS_SECONDS, 0
    while time.monotonic() < end and (size == 0 or size != stacks.stat().st_size):
        size = stacks.stat().st_size
        time.sleep(0.001)
    os.kill(worker, signal.SIGKILL)
