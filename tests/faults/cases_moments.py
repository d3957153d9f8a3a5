"""Workers that are killed at any moment of a harvest, and what they had started killed alone."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from tests.faults.digests import digest, leaks
from tests.faults.evidence import Evidence
from tests.faults.feeds import tombstone
from tests.faults.harness import case
from tests.faults.kills import (
    MARCH,
    MAY,
    ROUND_TRIP,
    SECONDS,
    Feed,
    Reference,
    at_rest,
    finish,
    iri_of,
    listed,
    out_of_step,
    ready,
    reference,
)
from tests.faults.lab import Lab, Member
from tests.faults.moments import PLACES, Struck, Tally, drawn, strike

POINTS = tuple(place for places in PLACES.values() for place in places)
# Small batches, so that one is read, one written and one indexed at the same time.
BATCH = 10
# More moments than wanted, where some didn't meet what they should.
SPARE = 15

PARSER, READER = "parser", "reader"

NAMES = [f"{number:02}" for number in range(56)]
KNOWN, NEW = NAMES[:24], NAMES[24:]
WITHDRAWN, LOWERED, MISSING, CHANGED = KNOWN[0::12], KNOWN[1::12], KNOWN[2::12], KNOWN[3::3]


def first(member: Member) -> list[str]:
    """Two dozen records."""
    return [listed(member, name, f"Old {name}", MARCH) for name in KNOWN]


def later(member: Member) -> list[str]:
    """The same later: withdrawn, no longer for everyone, not listed any more, changed, as they were, and new ones."""
    changed = [name for name in KNOWN if name in CHANGED and name not in WITHDRAWN]
    same = [name for name in KNOWN if name not in (*WITHDRAWN, *LOWERED, *MISSING, *CHANGED)]
    return [
        *(tombstone(iri_of(member, name), MAY) for name in WITHDRAWN),
        *(listed(member, name, f"New {name}", MAY, "national") for name in LOWERED),
        *(listed(member, name, f"New {name}", MAY) for name in (*changed, *NEW)),
        *(listed(member, name, f"Old {name}", MARCH) for name in same),
    ]


PAGE, PAGES = 8, 7
FEED = Feed(first, later, PAGE, frozenset(NAMES).difference(WITHDRAWN, LOWERED))


@case("K25")
def random_moments(lab: Lab, seen: Evidence) -> None:
    """kill -9 of the worker at 25 random moments, in fetch, screen, publish and index; then it harvests again."""
    with lab.options(batch_records=BATCH):
        whole = reference(lab, "k25-reference", FEED, POINTS, seen)
        tally = Tally(lab.size(25, 8), lab.size(20, 6), lab.size(3, 1))
        moments = drawn(lab.seed, whole.passed, *lab.size((3, 13), (1, 4)))
        members: dict[str, Member] = {}
        slowest = 0.0
        while tally.lacks and len(members) < tally.kills + SPARE:
            member = ready(lab, f"k25-{len(members):02}", FEED)
            struck = strike(lab, member, next(moments), whole)
            tally.struck.append(struck)
            slowest = max(slowest, _taken_over(lab, seen, whole, member, struck))
            members[f"{len(members) + 1}. {struck}"] = member
        twin = members["never killed"] = _never_killed(lab, seen)
    seen.must(not tally.lacks, f"too few were struck: {tally.lacks}")
    # Once more: whoever harvested later did nothing to those before.
    _same(lab, seen, whole, members)
    _losses_are_seen(lab, seen, whole, twin)
    seen.notes(f"seed {lab.seed}; nothing was left of a killed worker after {slowest:.1f} s; {tally.told()}")


def _taken_over(lab: Lab, seen: Evidence, whole: Reference, member: Member, struck: Struck) -> float:
    """The seconds until nothing was left of the killed worker; the next one makes all as if nothing had happened."""
    cause = str(struck)
    seen.must(struck.is_killed, f"{cause}: the worker ended with {struck.code} instead of being killed")
    seconds = at_rest(lab, seen, cause)
    seen.must(not leaks(lab, member), f"{cause}: after the kill the search shows {leaks(lab, member)}")
    finish(lab, seen, member, cause)
    # Before anybody else harvests, who would index what this one left behind.
    for told in out_of_step(lab, seen, whole.member, FEED, {cause: member}).values():
        seen.must(False, f"{cause}: at once: {told}")
    return seconds


def _never_killed(lab: Lab, seen: Evidence) -> Member:
    """The healthy twin, which is harvested when all others were."""
    twin = ready(lab, "k25-twin", FEED)
    finish(lab, seen, twin, "the healthy twin")
    return twin


def _same(lab: Lab, seen: Evidence, whole: Reference, members: Mapping[str, Member]) -> None:
    """The three digests of each member are those of the undisturbed one."""
    wrong = out_of_step(lab, seen, whole.member, FEED, members)
    for cause, told in wrong.items():
        seen.must(False, f"{cause}: {told}")
    same = len(members) - len(wrong)
    seen.notes(f"digests of PostgreSQL, Solr and export as undisturbed: {same} of {len(members)}")


def _losses_are_seen(lab: Lab, seen: Evidence, whole: Reference, twin: Member) -> None:
    """A digest that never differs proves nothing: what is taken away by hand must show."""
    expected = digest(lab, whole.member, lab.export())
    rows = {row["iri"].removeprefix(iri_of(twin, "")): row["package_id"] for row in twin.rows()}
    document, file, record = (rows[name] for name in NEW[:3])
    lab.site.solr_update({"delete": {"id": lab.site.index_id(document)}})
    found = digest(lab, twin, lab.export())
    seen.must(found.solr.keys() == expected.solr.keys() - NEW[:1], "a document that is lost isn't seen")
    lab.site.sql("DELETE FROM resource WHERE package_id = %s", (file,))
    found = digest(lab, twin, lab.export())
    seen.must(f"PostgreSQL: {NEW[1]} " in found.difference(expected), "a file that is lost isn't seen")
    lab.site.sql("UPDATE citizendata_record SET state = 'closed' WHERE package_id = %s", (record,))
    found = digest(lab, twin, lab.export())
    seen.must(found.export.keys() == expected.export.keys() - {NEW[2]}, "a record that is lost isn't seen")
    seen.shows("a lost document, file and record are seen")


@dataclass(frozen=True)
class Blow:
    """Which helper is killed, how long after a page was asked for."""

    helper: str
    page: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.helper} {self.seconds:.2f} s after page {self.page}"


@case("K26", smoke=True)
def helpers_die(lab: Lab, seen: Evidence) -> None:
    """kill -9 of the process that parses and of the one that reads records, at random moments; the worker goes on."""
    chance = random.Random(lab.seed)
    members: dict[str, Member] = {}
    with lab.options(batch_records=BATCH):
        whole = reference(lab, "k26-reference", FEED, POINTS, seen)
        # The one that parses has nothing to do any more when the last page is read.
        for helper, longest in ((PARSER, ROUND_TRIP), (READER, whole.seconds / 3)):
            for number in range(lab.size(4, 1)):
                blow = Blow(helper, chance.randint(2, PAGES), chance.random() * longest)
                member = members[str(blow)] = ready(lab, f"k26-{helper}-{number}", FEED)
                _goes_on(lab, seen, member, blow)
    _same(lab, seen, whole, members)
    seen.notes(f"{len(members)} kills with seed {lab.seed}: {', '.join(members)}")


def _goes_on(lab: Lab, seen: Evidence, member: Member, blow: Blow) -> None:
    """The run ends well though its helper was killed, and nothing is left."""
    path = f"/{member.name}/{blow.page}.ttl"
    before = len(lab.hostile.times(path))
    worker = lab.fork("harvest", member=member.name, days=0)
    _asked(lab, path, before)
    process = _helper(worker, blow.helper)
    time.sleep(blow.seconds)
    seen.must(_killed(process), f"{blow}: it had ended by then")
    code = lab.reap(worker, SECONDS)
    report = member.report()
    ended = code == 0 and report.state == "finished" and not report.counts["rejected"]
    seen.must(ended, f"{blow}: {code}, {report.state} {report.reason} {report.counts}")
    at_rest(lab, seen, str(blow))


def _asked(lab: Lab, path: str, before: int) -> None:
    """Come back when the path is asked for once more. Raises `AssertionError` where it isn't."""
    end = time.monotonic() + SECONDS
    while len(lab.hostile.times(path)) == before:
        assert time.monotonic() < end, f"nobody asks for {path}"
        time.sleep(0.002)


def _helper(worker: int, helper: str) -> psutil.Process:
    """The process of this kind that a worker has started. Raises `AssertionError` where there is none."""
    # The one that parses is a program of its own, the other one a copy of the worker.
    for each in psutil.Process(worker).children():
        if any("parser_process" in word for word in each.cmdline()) == (helper == PARSER):
            return each
    raise AssertionError(f"the worker has no {helper}")


def _killed(process: psutil.Process) -> bool:
    """Whether it lived until now."""
    try:
        lived = process.status() != psutil.STATUS_ZOMBIE
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return lived
