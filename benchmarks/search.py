"""What people type, beside CKAN's own search on the same records: what is found among the first five, and how soon."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import mean

# Before CKAN, which puts a folder with a `tests` of its own in front of the path.
from benchmarks.feed_files import Feed, searches  # isort: skip
import requests

from benchmarks.arguments import add_sizes
from benchmarks.bench_services import ended_in_words
from benchmarks.bench_site import BenchSite
from benchmarks.neighbours import noticed
from benchmarks.pair import Pair, pair
from benchmarks.web_server import web_server
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.progress import Progress

NAMES = ("stock", "ours")
FIRST = 5
ROWS = 20
FACETS = ["organization", "res_format"]
WAYS = ("action", "page")
WAIT = 60
# Rounds that aren't counted: Java compiles a way of searching after it was asked for a few hundred times.
WARM = 10


@dataclass
class Course:
    """Of each site the part of the queries that find their record, and the milliseconds of each search, by round.

    `timed` is how many searches the times are of; `near` are the milliseconds in which ours answers what stock finds
    less of.
    """

    found: dict[str, float] = field(default_factory=dict)
    near: float = 0.0
    timed: int = 0
    times: dict[tuple[str, str], list[list[float]]] = field(
        default_factory=lambda: {(name, way): [] for name in NAMES for way in WAYS}
    )
    others: list[float] = field(default_factory=list)

    def milliseconds(self, name: str, way: str) -> float:
        """The mean of the searches, each in its best round: whatever else the machine does only adds to one."""
        return mean(map(min, zip(*self.times[name, way], strict=True)))


def measured(sites: Pair, feed: Feed, rounds: int) -> Course:
    """Both sites on the same records, asked in turn what both answer with as many: each more is more to read."""
    course = Course()
    with ExitStack() as stack:
        addresses = {name: stack.enter_context(web_server(sites.named(name))) for name in NAMES}
        for name in NAMES:
            sites.named(name).resume()
            course.found[name] = _success(sites.named(name), feed)
        shown = {text: {_shown(sites.named(name), text) for name in NAMES} for text in _texts()}
        texts = [text for text in _texts() if len(shown[text]) == 1 and 0 not in shown[text]]
        course.timed = len(texts)
        for number in range(1 - WARM, rounds + 1):
            shown_as = f"round {number} of {rounds}" if number > 0 else f"warming, {number + WARM} of {WARM}"
            for name in NAMES:
                sites.progress.step(f"{shown_as}: asking {name}")
                with noticed() as neighbours:
                    asked = (_actions(sites.named(name), texts), _pages(addresses[name], texts))
                if number > 0:
                    course.others.append(round(neighbours.cores, 2))
                    for way, took in zip(WAYS, asked, strict=True):
                        course.times[name, way].append(took)
        course.near = mean(_actions(sites.ours, [text for text in _texts() if len(shown[text]) > 1]))
    return course


def _success(site: BenchSite, feed: Feed) -> float:
    """The part of the queries whose record is among the first five."""
    places = {name: number for number, name in enumerate(searches()["records"])}
    hits = [feed.iri(places[query["find"]]) in _first(site, query["type"]) for query in searches()["queries"]]
    return sum(hits) / len(hits)


def _first(site: BenchSite, text: str) -> list[str]:
    return [package.get("uri", "") for package in site.action("package_search", q=text, rows=FIRST)["results"]]


def _shown(site: BenchSite, text: str) -> int:
    """How many records a page of the answer has."""
    return min(ROWS, site.action("package_search", q=text, rows=0)["count"])


def _actions(site: BenchSite, texts: Sequence[str]) -> list[float]:
    calls = [{"q": text, "rows": ROWS, "facet.field": FACETS} for text in texts]
    return [1000 * seconds for seconds in site.times("package_search", calls)]


def _texts() -> list[str]:
    """What is asked for the time: words of many records, of a few and of all, and the table's."""
    plain = ["water", "wells", "households sample", "district {}", "water district {}", "points d'eau {}", ""]
    several = [text.format(number * 37 % 100) for number in range(8) for text in plain]
    return [*(str(query["type"]) for query in searches()["queries"]), *several]


def _pages(address: str, texts: Sequence[str]) -> list[float]:
    with requests.Session() as session:
        return [1000 * _page(session, address, text) for text in texts]


def _page(session: requests.Session, address: str, text: str) -> float:
    began = time.perf_counter()
    answer = session.get(f"{address}/dataset/", params={"q": text}, timeout=WAIT)
    if not answer.ok or "<form" not in answer.text:
        raise LocalError(f"{answer.url} answers {answer.status_code}.")
    return time.perf_counter() - began


def filled(sites: Pair, datasets: int) -> Feed:
    """The feed that both sites have harvested, each alone in its catalogue."""
    feed = sites.feed("searched", "both", datasets)
    for name in NAMES:
        sites.progress.step(f"{name} harvests {feed.size}")
        sites.named(name).warm(feed)
        sites.named(name).end()
    return feed


def told(course: Course, datasets: int) -> dict[str, float]:
    """The figures by the words that programs know; a ratio above 1 says that ours is faster."""
    times = {(name, way): course.milliseconds(name, way) for name in NAMES for way in WAYS}
    return {
        "success": round(course.found["ours"], 3),
        "stock_success": round(course.found["stock"], 3),
        **{f"{way}_ratio": round(times["stock", way] / times["ours", way], 2) for way in WAYS},
        **{f"{way}_ms": round(times["ours", way], 1) for way in WAYS},
        **{f"stock_{way}_ms": round(times["stock", way], 1) for way in WAYS},
        "near_ms": round(course.near, 1),
        "timed": course.timed,
        "queries": len(searches()["queries"]),
        "datasets": datasets,
        "rounds": len(course.others) // len(NAMES),
        "others": max(course.others),
    }


def table(course: Course) -> str:
    """The figures for people."""
    lines = [f"{'':8}{f'found in {FIRST}':>12}{'package_search, ms':>20}{'page, ms':>10}"]
    lines += [
        f"{name:8}{course.found[name]:>12.0%}{course.milliseconds(name, 'action'):>20.1f}"
        f"{course.milliseconds(name, 'page'):>10.1f}"
        for name in NAMES
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, and the figures as JSON."""
    parser = argparse.ArgumentParser(prog="bin/bench search")
    add_sizes(parser, datasets=5000, rounds=3)
    given = parser.parse_args(arguments)
    if given.datasets < len(searches()["records"]):
        parser.error(f"--datasets: fewer than the {len(searches()['records'])} that must be found")

    def measure() -> None:
        with pair(dict(os.environ), Progress()) as sites:
            course = measured(sites, filled(sites, given.datasets), given.rounds)
        if not given.json:
            print(table(course))
        print(json.dumps(told(course, given.datasets)))

    return ended_in_words(measure)


if __name__ == "__main__":
    sys.exit(main())
