"""Pages that are too much: of statements, of one text, of values in one record."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable

from tests.faults.evidence import Evidence
from tests.faults.feeds import catalogue, dataset
from tests.faults.harness import case
from tests.faults.hostile import NT, Answer, says
from tests.faults.lab import Lab, Member

CAP = r"rejected\((cap:[a-z_]+|too_large|too_costly)\)"
ROUNDS = 3
SLOWER = 1.1


@case("S07")
def too_much(lab: Lab, seen: Evidence) -> None:
    """A million statements, one text of 40 MB, 100,000 keywords, 50,000 files of one dataset; nine others meanwhile."""
    pair = lab.pair("S07", seen)
    iri, part = f"{pair.bad.prefix}dataset/huge", lab.size(1, 4)
    others = [lab.member(f"s07-other{each}") for each in range(9)]
    _round(others, "before")
    for cause, make in _pages(iri, part).items():
        answer = make()
        with lab.memory() as memory:
            harvest = pair.tries(cause, answer, CAP, 180)
        seen.must(iri not in pair.bad.found(), f"{cause}: it was published")
        told = [item["reason"] for item in harvest.items if item["iri"] == iri] or [harvest.reason]
        seen.must(bool(re.search(r"\d", told[0])), f"{cause}: no limit is told: {told[0][:200]}")
        seen.must(memory.grown < 300, f"{cause}: memory grew by {memory.grown} MB")
        seen.notes(f"{cause}: {', '.join(harvest.codes)} in {harvest.seconds:.1f} s, {memory.grown} MB")
    pair.recovers(lab.feed_of(pair.bad))
    _others_go_on(lab, seen, pair.bad, others, _pages(iri, part)["statements"]())
    pair.notes()


def _pages(iri: str, part: int) -> dict[str, Callable[[], Answer]]:
    one = f"<{iri}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n"

    def statements() -> Answer:
        number = 1_000_000 // part
        lines = "".join(f"<{iri}> <http://purl.org/dc/terms/relation> <x:{each}> .\n" for each in range(number))
        return says((one + lines).encode(), NT)

    def text() -> Answer:
        return says(catalogue(dataset(iri, "Huge " + "a" * (40_000_000 // part))))

    def keywords() -> Answer:
        words = ", ".join(f'"keyword {each}"@en' for each in range(100_000 // part))
        return says(catalogue(dataset(iri, "Huge", f"<{iri}> dcat:keyword {words} .")))

    def files() -> Answer:
        described = ", ".join(f"[ dcat:accessURL <{iri}/{each}> ]" for each in range(50_000 // part))
        return says(catalogue(dataset(iri, "Huge", f"<{iri}> dcat:distribution {described} .")))

    return {"statements": statements, "one text": text, "keywords": keywords, "files": files}


def _round(others: list[Member], word: str) -> list[float]:
    """The seconds that each of the nine takes for a record with a new title."""
    seconds = []
    for each in others:
        each.lists({f"{each.prefix}dataset/a": word})
        began = time.monotonic()
        harvest = each.harvest()
        seconds.append(time.monotonic() - began)
        assert harvest.state == "finished", harvest.reason
    return seconds


def _others_go_on(lab: Lab, seen: Evidence, bad: Member, others: list[Member], huge: Answer) -> None:
    """Nine good members in one worker, alone and with the bad one in another, in turn; the best of each counts."""
    alone: list[list[float]] = []
    beside: list[list[float]] = []
    bad.serves(huge)
    for number in range(ROUNDS):
        alone.append(_round(others, f"alone {number}"))
        worker = lab.fork("harvest", member=bad.name)
        beside.append(_round(others, f"beside {number}"))
        seen.must(lab.reap(worker, 240) is not None, "the worker of the huge feed doesn't end")
    best = [sum(map(min, zip(*rounds, strict=True))) for rounds in (alone, beside)]
    ratio = best[1] / best[0]
    usual = statistics.median(map(sum, beside)) / statistics.median(map(sum, alone))
    seen.must(ratio < SLOWER, f"nine others are {ratio:.2f} times as slow beside it")
    seen.notes(f"nine others beside it: {ratio:.2f} times the time (best of {ROUNDS}; median {usual:.2f})")
