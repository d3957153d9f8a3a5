"""What all kills have in common: a member with two feeds, the run that nobody disturbed, and what must hold later."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.faults.digests import digest
from tests.faults.evidence import Evidence
from tests.faults.feeds import dataset, listing, paged
from tests.faults.hostile import late
from tests.faults.lab import REFUSED, Lab, Member

__all__ = [
    "KILLED",
    "MARCH",
    "MAY",
    "ROUND_TRIP",
    "SECONDS",
    "Feed",
    "Reference",
    "at_rest",
    "compare",
    "finish",
    "iri_of",
    "listed",
    "out_of_step",
    "ready",
    "reference",
]

MARCH, MAY = "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z"
KILLED = -9
SECONDS = 120
# The database needs a moment to see that a worker is gone, and refuses the next one so long.
UNSEEN_SECONDS = 10
ORPHANS_SECONDS = 5
# As far away as a server in the same country.
ROUND_TRIP = 0.02

Items = Callable[[Member], Sequence[str]]


@dataclass(frozen=True)
class Feed:
    """What a member serves first and later, so many datasets a page, and which of them are public in the end."""

    first: Items
    later: Items
    page: int
    public: frozenset[str]

    def serve(self, member: Member, items: Items) -> None:
        """From now on the member's feed has these."""
        every = items(member)
        parts = [every[start : start + self.page] for start in range(0, len(every), self.page)]
        paths = [member.path, *(f"/{member.name}/{number}.ttl" for number in range(2, len(parts) + 1)), ""]
        for part, path, following in zip(parts, paths, paths[1:], strict=False):
            member.lab.hostile.serve(path, late(paged(part, following, len(every)), ROUND_TRIP))


def iri_of(member: Member, name: str) -> str:
    """The address of a dataset."""
    return f"{member.prefix}dataset/{name}"


def listed(member: Member, name: str, title: str, modified: str, audience: str = "everyone") -> str:
    """A dataset with a file, and its catalogue record."""
    iri = iri_of(member, name)
    file = (
        f'<{iri}> dcat:distribution <{iri}/file> . <{iri}/file> a dcat:Distribution ; dct:title "File of {title}"@en ; '
        f"dcat:accessURL <{iri}/page> ; dcat:downloadURL <{iri}/{modified[:7]}.csv> ."
    )
    return dataset(iri, title, file) + listing(iri, modified, audience)


@dataclass(frozen=True)
class Reference:
    """A member that was harvested twice without any fault, how often its worker came to each point, and how long."""

    member: Member
    passed: Mapping[str, int]
    seconds: float


def reference(lab: Lab, name: str, feed: Feed, points: Sequence[str], seen: Evidence) -> Reference:
    """The undisturbed run that all others are compared with. Raises `AssertionError` where it misses a point."""
    member = ready(lab, name, feed)
    counts = Path(lab.site.home.run / f"{name}.json")
    began = time.monotonic()
    worker = lab.fork("harvest", {"port": lab.hostile.port, "counts": str(counts)}, member=name, days=0)
    code = lab.reap(worker, SECONDS)
    seconds = time.monotonic() - began
    seen.must(code == 0, f"the undisturbed run ended with {code}: {member.report().reason}")
    passed = json.loads(counts.read_text(encoding="utf-8")) if counts.exists() else {}
    missing = [point for point in points if not passed.get(point)]
    assert not missing, f"no worker comes to {', '.join(missing)}: the case has to learn the new way"
    return Reference(member, passed, seconds)


def ready(lab: Lab, name: str, feed: Feed) -> Member:
    """A member whose first feed is published, and whose later one is served."""
    member = lab.member(name)
    feed.serve(member, feed.first)
    harvest = member.harvest()
    wanted = len(feed.first(member))
    said = f"{harvest.counts} {harvest.said[:300]}"
    assert harvest.counts["added"] == wanted, f"the first feed is not published: {said}"
    feed.serve(member, feed.later)
    return member


def finish(lab: Lab, seen: Evidence, member: Member, cause: str) -> None:
    """A new worker takes the run up again, without anybody's help."""
    end = time.monotonic() + UNSEEN_SECONDS
    while (code := lab.reap(lab.fork("harvest", member=member.name, days=0), SECONDS)) == REFUSED:
        if time.monotonic() > end:
            break
    seen.must(code == 0, f"{cause}: the next run ended with {code}: {member.report().reason}")
    told = (
        "SELECT count(*) FROM citizendata_run WHERE member_id = %s AND (state = 'running' OR state = 'failed' AND %s)"
    )
    seen.must(lab.site.sql(told, (member.name, False)) == [(0,)], f"{cause}: a run is still called running")
    untold = lab.site.sql(f"{told} AND coalesce(reason, '') = ''", (member.name, True))
    seen.must(untold == [(0,)], f"{cause}: a run failed without a reason")


def compare(lab: Lab, seen: Evidence, whole: Member, feed: Feed, members: Mapping[str, Member]) -> None:
    """Three digests each, which agree with each other and with those of the undisturbed member.

    What isn't in step when the next run has ended may be mended by a background round, but by no person.
    """
    at_once = out_of_step(lab, seen, whole, feed, members)
    seen.notes(
        f"digests of PostgreSQL, Solr and export as undisturbed: {len(members) - len(at_once)} of {len(members)}"
    )
    if at_once:
        _ten_minutes_later(lab)
        still = out_of_step(lab, seen, whole, feed, members)
        for cause, wrong in still.items():
            seen.must(False, f"{cause}: {wrong}")
        told = ", ".join(f"{cause} ({wrong})" for cause, wrong in [*at_once.items()][:3])
        seen.notes(f"ten minutes later {len(members) - len(still)}; at first not {told}")


def out_of_step(lab: Lab, seen: Evidence, whole: Member, feed: Feed, members: Mapping[str, Member]) -> dict[str, str]:
    """What is wrong now, by cause."""
    export = lab.export()
    expected = digest(lab, whole, export)
    seen.must(not expected.disagreement, f"undisturbed: {expected.disagreement}")
    seen.must(expected.postgres.keys() == feed.public, f"undisturbed: {[*expected.postgres]} are public")
    found = {cause: digest(lab, member, export) for cause, member in members.items()}
    wrong = {cause: each.disagreement or each.difference(expected) for cause, each in found.items()}
    return {cause: told for cause, told in wrong.items() if told}


def _ten_minutes_later(lab: Lab) -> None:
    """The background round that comes then: what waits to be indexed has waited for so long."""
    if lab.site.sql("SELECT to_regclass('citizendata_unindexed')") != [(None,)]:
        lab.site.sql("UPDATE citizendata_unindexed SET at = at - interval '10 minutes'")
    lab.reap(lab.fork("tick"), SECONDS)


def at_rest(lab: Lab, seen: Evidence, cause: str) -> float:
    """The seconds after which nothing is left of a worker that ended: no process of its own, and no file."""
    began = time.monotonic()
    while (left := _left(lab)) and time.monotonic() < began + ORPHANS_SECONDS:
        time.sleep(0.02)
    seen.must(not left, f"{cause}: {', '.join(left[:3])} is left of a worker that ended")
    return time.monotonic() - began


def _left(lab: Lab) -> list[str]:
    """What a worker had started becomes a child of the registry's process when it ends."""
    children = psutil.Process(lab.site.ask.pid).children(recursive=True)
    living = [f"process {each.pid}" for each in children if each.status() != psutil.STATUS_ZOMBIE]
    return [*living, *(f"file {each.name}" for each in lab.site.scratch.iterdir())]
