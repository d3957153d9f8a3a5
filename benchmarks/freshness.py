"""How long an edit at a national catalogue takes to the registry's search, and what a harvest without news costs."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.arguments import add_sizes
from benchmarks.bench_services import ended_in_words
from benchmarks.two_sites import LiveSite, TwoSites, two_sites
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.progress import Progress

EDITS, DATASETS, HURRIED = 20, 100, 5
SECONDS, PAUSE, QUIET = 60, 0.05, 3.0
# A registry hears one catalogue once in five seconds; edits of people are further apart.
APART = 6.0
MEMBER = "node"
TABLES = ("package", "citizendata_record", "citizendata_change", "citizendata_ledger")
DESCRIPTION = {
    "notes_translated": {"en": "Where people fetch water, mapped by those who fetch it."},
    "country": ["KEN"],
    "temporal_coverage": [{"start": "2023", "end": "2024"}],
    "population_group": ["unknown"],
    "collection_mode": ["unknown"],
    "initiator_kind": ["unknown"],
    "contact": [{"name": "Water desk", "email": "water@example.org"}],
    "access_rights": "PUBLIC",
    "sensitivity": "low_or_none",
    "personal_data": "none",
    "indigenous_data": "no",
    "audience": "everyone",
}


@dataclass(frozen=True)
class Mark:
    """How many requests a node had seen, and what a registry had written."""

    requests: int
    transaction: int
    rows: dict[str, int]


@dataclass(frozen=True)
class Since:
    """What happened since a mark: the requests, and how many rows were added, changed or taken away."""

    requests: list[str]
    writes: int


@dataclass
class Course:
    """Seconds of each edit, and of such as follow another one at once; what a harvest without news cost."""

    edits: list[float] = field(default_factory=list)
    hurried: list[float] = field(default_factory=list)
    idle: Since | None = None


def measured(sites: TwoSites, datasets: int, edits: int) -> Course:
    """The course of so many edits, one after the other, and then of a harvest without news."""
    ids = _published(sites, datasets)
    _admitted(sites, datasets)
    course, before = Course(), _mark(sites)
    for number in range(edits):
        time.sleep(APART)
        sites.progress.count("editing", number + 1, edits)
        course.edits.append(_seconds_of_edit(sites, ids[number % len(ids)], _word(number)))
    sites.progress.step(f"editing {HURRIED} times without a pause")
    words = [_word(edits + number) for number in range(HURRIED)]
    course.hurried = [_seconds_of_edit(sites, ids[number], word) for number, word in enumerate(words)]
    _quiet(sites)
    seen = _since(sites, before)
    if not seen.requests or not seen.writes:
        told = f"{len(seen.requests)} requests and {seen.writes} writes"
        raise LocalError(f"Edits came through, and {told} were seen: nothing can be counted here.")
    sites.progress.step("harvesting what didn't change")
    before = _mark(sites)
    _harvested(sites.registry)
    course.idle = _since(sites, before)
    return course


def _word(number: int) -> str:
    """A word that no other edit brings, of letters alone: search cuts a word before its digits."""
    return "edited" + "".join("abcdefghij"[int(digit)] for digit in f"{number:04}")


def _published(sites: TwoSites, datasets: int) -> list[str]:
    """The ids of the node's records."""
    organization = sites.node.action("organization_create", name="water-watch", title="Water watch")["id"]
    ids = []
    for number in range(datasets):
        sites.progress.count("publishing at the node", number + 1, datasets)
        title = {"en": f"Water points of district {number}"}
        record = {"name": f"water-{number}", "owner_org": organization, "title_translated": title, **DESCRIPTION}
        ids.append(sites.node.action("package_create", **record)["id"])
    return ids


def _admitted(sites: TwoSites, datasets: int) -> None:
    """Make the node a member, and come back when its records are found at the registry."""
    sites.progress.step("admitting the node, and harvesting it for the first time")
    feed = f"{sites.node.url}/feed/everyone/manifest"
    _await(lambda: _published_in(sites.node, feed) == datasets, f"{feed} doesn't list {datasets} records")
    member = {"title": "Node", "url": feed, "kind": "citizendata", "prefixes": [f"{sites.node.url}/"]}
    sites.registry.action("citizendata_member_create", id=MEMBER, interval_minutes=0, **member)
    _harvested(sites.registry)
    _await(lambda: _found(sites.registry, "district") == datasets, f"the registry doesn't show {datasets} records")
    _quiet(sites)


def _published_in(node: LiveSite, feed: str) -> int:
    """How many records stand in a feed."""
    answer = node.session.get(f"{feed}.json", timeout=SECONDS)
    return answer.json()["datasets"] if answer.ok else 0


def _seconds_of_edit(sites: TwoSites, package_id: str, word: str) -> float:
    """The seconds from the sending of an edit until the registry's search finds its word."""
    began = time.monotonic()
    title = {"en": f"Water points of district {word}"}
    sites.node.action("package_patch", id=package_id, title_translated=title)
    _await(lambda: _found(sites.registry, word) == 1, f"the registry doesn't show the edit {word}")
    return time.monotonic() - began


def _found(site: LiveSite, word: str) -> int:
    """How many records a reader finds by a word."""
    return site.action("package_search", q=word, rows=0)["count"]


def _harvested(registry: LiveSite) -> None:
    """Come back when a harvest that is asked for now has ended well."""
    before = _last_run(registry).get("id", 0)
    registry.action("citizendata_harvest_run", id=MEMBER)
    _await(lambda: _last_run(registry).get("id", 0) > before, "the harvest doesn't begin")
    _await(lambda: _last_run(registry)["state"] != "running", "the harvest doesn't end")
    ended = _last_run(registry)
    if ended["state"] != "finished":
        raise LocalError(f"The harvest of the node failed: {ended['reason']}")


def _last_run(registry: LiveSite) -> dict[str, Any]:
    return registry.action("citizendata_member_show", id=MEMBER)["last_run"] or {}


def _quiet(sites: TwoSites) -> None:
    """Come back when the node wasn't asked for anything for a while, and no harvest runs."""
    since, asked = time.monotonic(), -1
    deadline = since + SECONDS
    while time.monotonic() < since + QUIET:
        running = _last_run(sites.registry).get("state") == "running"
        if running or len(sites.node.requests()) != asked:
            since, asked = time.monotonic(), len(sites.node.requests())
        if time.monotonic() > deadline:
            raise LocalError("The registry doesn't come to rest.")
        time.sleep(PAUSE)


def _mark(sites: TwoSites) -> Mark:
    ((transaction,),) = sites.registry.rows("SELECT txid_current()")
    rows = {table: sites.registry.rows(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}  # noqa: S608
    return Mark(len(sites.node.requests()), transaction, rows)


def _since(sites: TwoSites, mark: Mark) -> Since:
    """A row that was added or changed bears the number of the transaction that did it."""
    query = "SELECT count(*), count(*) FILTER (WHERE xmin::text::bigint > %s) FROM {}"
    writes = 0
    for table in TABLES:
        ((rows, written),) = sites.registry.rows(query.format(table), mark.transaction)
        writes += written + max(0, mark.rows[table] - rows)
    return Since(sites.node.requests()[mark.requests :], writes)


def _await(holds: Callable[[], bool], otherwise: str) -> None:
    """Come back when something holds. Raises LocalError with what is so otherwise."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise LocalError(f"Within {SECONDS} seconds {otherwise}.")
        time.sleep(PAUSE)


def told(course: Course) -> dict[str, Any]:
    """The figures by the words that programs know."""
    assert course.idle, "the harvest without news comes last"
    return {
        "seconds": round(median(course.edits), 2),
        "idle_requests": len(course.idle.requests),
        "idle_writes": course.idle.writes,
        "slowest": round(max(course.edits), 2),
        "fastest": round(min(course.edits), 2),
        "edits": len(course.edits),
        "hurried_seconds": round(median(course.hurried), 2),
        "idle_answers": [_answer(line) for line in course.idle.requests],
    }


def _answer(line: str) -> str:
    """The status with which a request was answered."""
    return line.rpartition(" ")[2]


def table(course: Course) -> str:
    """The figures for people."""
    found = told(course)
    lines = (
        f"{found['edits']} edits: visible at the registry after {found['seconds']} s (median)",
        f"the fastest after {found['fastest']} s, the slowest after {found['slowest']} s",
        f"without a pause between them: {found['hurried_seconds']} s",
        f"without news: {found['idle_requests']} requests {found['idle_answers']}, {found['idle_writes']} rows written",
    )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures for people, and as JSON."""
    parser = argparse.ArgumentParser(prog="bin/bench freshness")
    add_sizes(parser, datasets=DATASETS, edits=EDITS)
    given = parser.parse_args(arguments)

    def measure() -> None:
        with two_sites(Progress()) as sites:
            course = measured(sites, given.datasets, given.edits)
        if not given.json:
            print(table(course))
        print(json.dumps({**told(course), "datasets": given.datasets}))

    return ended_in_words(measure)


if __name__ == "__main__":
    sys.exit(main())
