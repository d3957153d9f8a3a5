"""A first harvest of a large catalogue by ours, beside the stock stack on a part of it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

# Before CKAN, which puts a folder with a `tests` of its own in front of the path.
from benchmarks.feed_files import INPUTS  # isort: skip
from benchmarks.arguments import add_sizes
from benchmarks.bench_services import ended_in_words
from benchmarks.our_site import Parity
from benchmarks.pair import Pair, pair
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.progress import Progress

ROUNDS = 3


@dataclass
class Course:
    """One kind of input: datasets a second of both sites, round by round, and what was compared at the end."""

    kind: str
    ours: list[float] = field(default_factory=list)
    stock: list[float] = field(default_factory=list)
    parity: Parity | None = None

    @property
    def ratio(self) -> float:
        """How many times as fast ours is, by the medians."""
        return median(self.ours) / median(self.stock)

    @property
    def compared(self) -> Parity:
        """What came of the comparison; every statement is there, and none besides."""
        if self.parity is None or self.parity.lost or self.parity.invented:
            raise LocalError(f"What ours harvested of {self.kind} isn't what the feed says: {self.parity}.")
        return self.parity


def measured(sites: Pair, kinds: Sequence[str], rounds: int, sizes: Mapping[str, int]) -> list[Course]:
    """All kinds of input, each round beginning with two empty sites."""
    courses = [Course(kind) for kind in kinds]
    for number in range(1, rounds + 1):
        for course in courses:
            name = f"round {number} of {rounds}, {course.kind}"
            small = sites.feed(course.kind, "stock", sizes["stock_datasets"])
            course.stock.append(small.size / sites.first("stock", small, name))
            large = sites.feed(course.kind, "ours", sizes["datasets"])
            course.ours.append(large.size / sites.first("ours", large, name))
            if number == rounds:
                course.parity = sites.ours.parity(large)
            sites.progress.done(f"{name}: ours {course.ours[-1]:.1f}, stock {course.stock[-1]:.2f} datasets a second")
    return courses


def told(courses: Sequence[Course], sizes: Mapping[str, int]) -> dict[str, float]:
    """The figures by the words that programs know; those of the second input carry its name."""
    figures: dict[str, float] = {}
    for course in courses:
        before = "" if course is courses[0] else f"{course.kind}_"
        figures |= {
            f"{before}ratio": round(course.ratio, 1),
            f"{before}ours": round(median(course.ours), 1),
            f"{before}stock": round(median(course.stock), 2),
            f"{before}statements": round(course.compared.statements / course.compared.records),
            f"{before}compared": course.compared.records,
        }
    return {**figures, **sizes, "rounds": len(courses[0].ours)}


def table(courses: Sequence[Course]) -> str:
    """The figures for people: datasets a second, median and range of the rounds."""
    lines = [f"{'':14}{'statements':>12}{'datasets a second':>19}{'slowest':>10}{'fastest':>10}{'ratio':>8}"]
    for course in courses:
        statements = course.compared.statements / course.compared.records
        for name, speeds, ratio in (
            (course.kind, course.ours, course.ratio),
            (f"stock {course.kind}", course.stock, 1),
        ):
            speed = f"{median(speeds):>19.1f}{min(speeds):>10.1f}{max(speeds):>10.1f}{ratio:>8.1f}"
            lines.append(f"{name:14}{statements:>12.0f}{speed}")
        parity = course.compared
        lines.append(f"{'':14}{parity.records} records, {parity.statements} statements: each as in the feed")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, and the figures as JSON."""
    parser = argparse.ArgumentParser(prog="bin/bench harvest")
    add_sizes(parser, datasets=5000, stock_datasets=300, rounds=ROUNDS)
    parser.add_argument("--input", choices=list(INPUTS), action="append", help="only this kind of dataset")
    given = parser.parse_args(arguments)
    sizes = {"datasets": given.datasets, "stock_datasets": given.stock_datasets}

    def measure() -> None:
        with pair(dict(os.environ), Progress()) as sites:
            courses = measured(sites, given.input or list(INPUTS), given.rounds, sizes)
        figures = {**told(courses, sizes), "others": max(sites.others)}
        if not given.json:
            print(table(courses))
        print(json.dumps(figures))

    return ended_in_words(measure)


if __name__ == "__main__":
    sys.exit(main())
