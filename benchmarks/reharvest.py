"""A further harvest of a large catalogue, with one dataset of a hundred changed or none, beside the stock stack."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

# Before CKAN, which puts a folder with a `tests` of its own in front of the path.
from benchmarks.feed_files import EVERY, changed  # isort: skip
from benchmarks.arguments import add_sizes
from benchmarks.bench_services import ended_in_words
from benchmarks.pair import Pair, pair
from ckanext.citizendata.local.progress import Progress

ROUNDS = 2
KIND = "plain"


@dataclass
class Course:
    """Seconds, round by round, of the harvests after the first: where something changed, where nothing did; stock's."""

    datasets: int
    stock_datasets: int
    changed: list[float] = field(default_factory=list)
    unchanged: list[float] = field(default_factory=list)
    stock: list[float] = field(default_factory=list)

    @property
    def stock_each(self) -> float:
        """The seconds that stock takes for a dataset, changed or not."""
        return median(self.stock) / self.stock_datasets

    @property
    def ratio(self) -> float:
        """How many times as fast ours is, with stock's time for as many datasets."""
        return self.stock_each * self.datasets / median(self.changed)


def measured(sites: Pair, course: Course, rounds: int) -> Course:
    """The course with its rounds run; each begins with two empty sites and a first harvest that isn't counted."""
    for number in range(1, rounds + 1):
        name = f"round {number} of {rounds}"
        course.stock.append(_stock(sites, course.stock_datasets, name))
        one, none = _ours(sites, course.datasets, name)
        course.changed.append(one)
        course.unchanged.append(none)
        sites.progress.done(
            f"{name}: ours {one:.2f} s for {course.datasets} with one of {EVERY} changed, {none:.2f} s without change; "
            f"stock {course.stock[-1]:.1f} s for {course.stock_datasets}"
        )
    return course


def _stock(sites: Pair, size: int, name: str) -> float:
    feed = sites.feed(KIND, "stock", size)
    sites.first("stock", feed, name)
    return sites.again("stock", changed(feed).write(sites.server.folder), f"{name}: stock again, a few changed")


def _ours(sites: Pair, size: int, name: str) -> tuple[float, float]:
    feed = sites.feed(KIND, "ours", size)
    sites.first("ours", feed, name)
    after = changed(feed).write(sites.server.folder)
    few = len(range(0, size, EVERY))
    counts = {"changed": few, **({"unchanged": size - few} if size > few else {})}
    one = sites.again("ours", after, f"{name}: ours again, {few} changed", **counts)
    return one, sites.again("ours", after, f"{name}: ours again, nothing changed", unchanged=size)


def told(course: Course) -> dict[str, float]:
    """The figures by the words that programs know."""
    return {
        "ratio": round(course.ratio, 1),
        "unchanged_per_second": round(course.datasets / median(course.unchanged), 1),
        "seconds": round(median(course.changed), 2),
        "unchanged_seconds": round(median(course.unchanged), 2),
        "stock_seconds_each": round(course.stock_each, 4),
        "datasets": course.datasets,
        "stock_datasets": course.stock_datasets,
        "rounds": len(course.changed),
    }


def table(course: Course) -> str:
    """The figures for people: seconds, median and range of the rounds."""
    rows = {
        f"{course.datasets}, one of {EVERY} changed": course.changed,
        f"{course.datasets}, none changed": course.unchanged,
        f"stock, {course.stock_datasets}, one of {EVERY} changed": course.stock,
    }
    lines = [f"{'':34}{'seconds':>10}{'fastest':>10}{'slowest':>10}"]
    lines += [f"{name:34}{median(took):>10.2f}{min(took):>10.2f}{max(took):>10.2f}" for name, took in rows.items()]
    return "\n".join([*lines, f"stock would take {course.stock_each * course.datasets:.0f} s for {course.datasets}"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, and the figures as JSON."""
    parser = argparse.ArgumentParser(prog="bin/bench reharvest")
    add_sizes(parser, datasets=5000, stock_datasets=300, rounds=ROUNDS)
    given = parser.parse_args(arguments)

    def measure() -> None:
        with pair(dict(os.environ), Progress()) as sites:
            course = measured(sites, Course(given.datasets, given.stock_datasets), given.rounds)
        if not given.json:
            print(table(course))
        print(json.dumps({**told(course), "others": max(sites.others)}))

    return ended_in_words(measure)


if __name__ == "__main__":
    sys.exit(main())
