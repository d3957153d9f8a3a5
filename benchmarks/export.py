"""Pages of a catalogue under several readers, beside the stock stack on the same datasets; and a dump of the whole."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

# Before CKAN, which puts a folder with a `tests` of its own in front of the path.
from benchmarks.feed_files import Feed  # isort: skip
from pyoxigraph import NamedNode, RdfFormat, parse

from benchmarks.arguments import add_sizes
from benchmarks.bench_services import ended_in_words
from benchmarks.bench_site import BenchSite, started
from benchmarks.dump import DUMP_FORMAT, Dump, dumped
from benchmarks.neighbours import noticed
from benchmarks.pair import Pair, pair
from benchmarks.reader import IS_DATASET, Reading, bodies
from benchmarks.web_server import THREADS, WORKERS, web_server
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.progress import Progress

KIND = "plain"
READERS = 4
ROUNDS = 3
NAMES = ("stock", "ours")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DATASET = NamedNode("http://www.w3.org/ns/dcat#Dataset")


@dataclass
class Course:
    """Datasets a second of both sites, round by round; of each page how many statements, and what others took."""

    speeds: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in NAMES})
    megabytes: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in NAMES})
    statements: dict[str, int] = field(default_factory=dict)
    others: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times as fast ours is, by the medians."""
        return median(self.speeds["ours"]) / median(self.speeds["stock"])


class Readers:
    """Processes that read one site at the same time; each has read the whole catalogue when this comes back."""

    def __init__(self, site: BenchSite, address: str) -> None:
        log = site.home.logs / f"{site.name}-readers.log"
        command = [sys.executable, "-m", "benchmarks.reader", address]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.site = site
        self.processes = [started(command, log, **pipes) for _ in range(READERS)]
        self._readings()

    def read(self, seconds: int) -> list[Reading]:
        """What each read in so many seconds."""
        for process in self.processes:
            assert process.stdin
            process.stdin.write(f"{seconds}\n")
            process.stdin.flush()
        return self._readings()

    def end(self) -> None:
        """End them."""
        for process in self.processes:
            process.kill()
            process.communicate()

    def _readings(self) -> list[Reading]:
        lines = [process.stdout.readline() for process in self.processes if process.stdout]
        if not all(lines):
            raise LocalError(
                f"A reader of {self.site.name} ended: see {self.site.name}-readers.log and {self.site.name}-web.log in "
                f"{self.site.home.logs}."
            )
        return [Reading(**json.loads(line)) for line in lines]


def measured(sites: Pair, feed: Feed, rounds: int, seconds: int) -> Course:
    """Both sites served side by side and read in turn, so that one is idle while the other is read."""
    course = Course()
    with _served(sites, "stock", feed, course) as stock, _served(sites, "ours", feed, course) as ours:
        for number in range(1, rounds + 1):
            for name, readers in (("stock", stock), ("ours", ours)):
                sites.progress.step(f"round {number} of {rounds}: {READERS} readers of {name}")
                with noticed() as neighbours:
                    found = readers.read(seconds)
                course.others.append(round(neighbours.cores, 2))
                course.speeds[name].append(sum(each.datasets / each.seconds for each in found))
                course.megabytes[name].append(sum(each.octets / each.seconds for each in found) / 1e6)
            told = ", ".join(f"{name} {course.speeds[name][-1]:.1f}" for name in NAMES)
            sites.progress.done(f"round {number} of {rounds}: {told} datasets a second")
    return course


@contextmanager
def _served(sites: Pair, name: str, feed: Feed, course: Course) -> Iterator[Readers]:
    """Readers of the named site, whose catalogue is what the feed says."""
    site = sites.named(name)
    sites.progress.step(f"starting the web server of {name}")
    with web_server(site) as address:
        sites.progress.step(f"reading all of {name} once")
        course.statements[name] = _statements(name, address, feed)
        readers = Readers(site, address)
        try:
            yield readers
        finally:
            readers.end()


def _statements(name: str, address: str, feed: Feed) -> int:
    """The statements on all pages; each dataset of the feed stands on one of them, and no other one does."""
    listed: list[str] = []
    number = counted = 0
    for body in bodies(address):
        found = list(parse(body, format=RdfFormat.TURTLE))
        number, counted = number + len(found), counted + body.count(IS_DATASET)
        listed += {quad.subject.value for quad in found if (quad.predicate, quad.object) == (TYPE, DATASET)}  # type: ignore[union-attr]
    if sorted(listed) != sorted(feed.iri(each) for each in range(feed.size)):
        raise LocalError(f"The pages of {name} list {len(listed)} datasets, not the {feed.size} of the feed once each.")
    if counted != feed.size:
        raise LocalError(f"On the pages of {name} {counted} datasets are counted instead of {feed.size}.")
    return number


def filled(sites: Pair, datasets: int) -> Feed:
    """The feed that both sites have harvested, each alone in its catalogue."""
    feed = sites.feed(KIND, "both", datasets)
    for name in NAMES:
        sites.progress.step(f"{name} harvests {feed.size}")
        sites.named(name).warm(feed)
        sites.named(name).end()
    sites.progress.step("ours cuts its first snapshot")
    sites.ours.command("feed", "cut")
    return feed


def told(course: Course, dump: Dump, read: int) -> dict[str, float | str]:
    """The figures by the words that programs know; `read` is how many datasets both catalogues had."""
    return {
        "ratio": round(course.ratio, 1),
        "dump_seconds": round(dump.seconds, 1),
        "dump_datasets": dump.datasets,
        "memory_mb": round(max(dump.megabytes, dump.cut_megabytes)),
        "ours": round(median(course.speeds["ours"]), 1),
        "stock": round(median(course.speeds["stock"]), 1),
        "ours_mb_per_second": round(median(course.megabytes["ours"]), 1),
        "stock_mb_per_second": round(median(course.megabytes["stock"]), 2),
        "statements": round(course.statements["ours"] / read),
        "stock_statements": round(course.statements["stock"] / read),
        "cut_seconds": round(dump.cut_seconds, 1),
        "dump": DUMP_FORMAT,
        "readers": READERS,
        "workers": WORKERS,
        "threads": THREADS,
        "read": read,
        "rounds": len(course.others) // len(NAMES),
        "others": max(course.others),
    }


def table(course: Course, dump: Dump) -> str:
    """The figures for people: datasets a second, median and range of the rounds; the dump."""
    lines = [f"{'':8}{'datasets a second':>19}{'slowest':>10}{'fastest':>10}{'MB a second':>13}{'ratio':>8}"]
    for name, ratio in (("ours", course.ratio), ("stock", 1)):
        speeds = course.speeds[name]
        speed = f"{median(speeds):>19.1f}{min(speeds):>10.1f}{max(speeds):>10.1f}"
        lines.append(f"{name:8}{speed}{median(course.megabytes[name]):>13.1f}{ratio:>8.1f}")
    lines.append(
        f"{dump.datasets} datasets: first snapshot in {dump.cut_seconds:.1f} s with {dump.cut_megabytes:.0f} MB, "
        f"{DUMP_FORMAT} dump in {dump.seconds:.1f} s with {dump.megabytes:.0f} MB, {dump.file_megabytes:.1f} MB long"
    )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, and the figures as JSON."""
    parser = argparse.ArgumentParser(prog="bin/bench export")
    add_sizes(parser, datasets=100_000, read=500, rounds=ROUNDS, seconds=10)
    given = parser.parse_args(arguments)
    if given.datasets <= given.read:
        parser.error(f"--datasets: more than the {given.read} of --read")

    def measure() -> None:
        with pair(dict(os.environ), Progress()) as sites:
            feed = filled(sites, given.read)
            course = measured(sites, feed, given.rounds, given.seconds)
            dump = dumped(sites, given.datasets - feed.size, given.datasets)
        if not given.json:
            print(table(course, dump))
        print(json.dumps(told(course, dump, given.read)))

    return ended_in_words(measure)


if __name__ == "__main__":
    sys.exit(main())
