"""Members of growing size: what a dataset costs to harvest, the memory that it takes, and how long a search takes."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from pathlib import Path
from statistics import quantiles
from typing import Any

# Before CKAN, which puts a folder with a `tests` of its own in front of the path.
from benchmarks.feed_files import PAGE, Feed  # isort: skip
from benchmarks.arguments import add_sizes
from benchmarks.bench_services import ended_in_words
from benchmarks.memory import watched
from benchmarks.pair import Pair, alone
from benchmarks.stock_environment import stock_python
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.progress import Progress
from ckanext.citizendata.local.settings import CHECKOUT

SEARCHES = 200
FACETS = ["organization", "tags", "groups", "res_format"]


@dataclass(frozen=True)
class Size:
    """A member of so many datasets: seconds of its first harvest, memory at its worst, seconds of searches after it,
    and seconds in which all of it is cleared away.
    """

    datasets: int
    seconds: float
    megabytes: float
    searches: Sequence[float]
    clearing: float

    @property
    def cost(self) -> float:
        """Milliseconds a dataset."""
        return 1000 * self.seconds / self.datasets

    @property
    def slow_search(self) -> float:
        """The milliseconds that 19 of 20 searches don't exceed."""
        return 1000 * quantiles(self.searches, n=20)[-1]


def measured(sites: Pair, sizes: Sequence[int], page_size: int) -> list[Size]:
    """One member of each size, alone in the registry but for the one that warmed it."""
    return [_measured(sites, size, page_size, f"{place} of {len(sizes)}") for place, size in enumerate(sizes, 1)]


def _measured(sites: Pair, size: int, page_size: int, name: str) -> Size:
    sites.progress.step(f"{name}: writing a feed of {size}")
    feed = Feed("plain-ours", "plain", size, sites.server.address, page_size).write(sites.server.folder)
    sites.warm("ours", feed, name)
    with watched(sites.ours.pid) as peak:
        took = sites.again("ours", feed, f"{name}: ours harvests {size}")
    sites.progress.step(f"{name}: searching")
    sites.ours.times("package_search", _searches(size)[: SEARCHES // 10])
    searches = sites.ours.times("package_search", _searches(size))
    sites.progress.step(f"{name}: clearing")
    found = Size(size, took, peak.megabytes, searches, sites.ours.clear(feed))
    sites.progress.done(
        f"{name}: {size} datasets, {found.cost:.2f} ms each, {found.megabytes:.0f} MB in {peak.processes} processes, "
        f"search {found.slow_search:.0f} ms, cleared in {found.clearing:.1f} s"
    )
    return found


def _searches(size: int) -> list[dict[str, Any]]:
    """As people search: words that all records have, words of one, a filter; each with the facets of the page."""
    words = ("water", "wells {number}", "district {number}", "households state", "")
    return [
        {
            "q": words[number % len(words)].format(number=number * 37 % size),
            "fq": "res_format:CSV" if number % 7 == 0 else "",
            "rows": 20,
            "facet.field": FACETS,
        }
        for number in range(SEARCHES)
    ]


def told(sizes: Sequence[Size]) -> dict[str, float]:
    """The figures by the words that programs know: the largest member beside the better of two of the small size."""
    large = max(sizes, key=lambda size: size.datasets)
    small = [size for size in sizes if size.datasets == sizes[0].datasets]
    return {
        "datasets": large.datasets,
        "cost_ratio": round(large.cost / min(size.cost for size in small), 2),
        "memory_mb": round(large.megabytes),
        "search_ratio": round(large.slow_search / min(size.slow_search for size in small), 2),
        "small": small[0].datasets,
        "per_second": round(1000 / large.cost, 1),
        "search_ms": round(large.slow_search, 1),
        "clear_seconds": round(large.clearing, 1),
    }


def table(sizes: Sequence[Size]) -> str:
    """The figures for people."""
    lines = [f"{'datasets':>10}{'seconds':>10}{'ms a dataset':>14}{'peak MB':>10}{'search, ms':>12}{'clear, s':>10}"]
    lines += [
        f"{size.datasets:>10}{size.seconds:>10.1f}{size.cost:>14.2f}{size.megabytes:>10.0f}{size.slow_search:>12.1f}"
        f"{size.clearing:>10.1f}"
        for size in sizes
    ]
    return "\n".join(lines)


def _plotted(sizes: Sequence[Size], file: Path, python: Path) -> None:
    """Draw the picture, by the environment of the stock site, which has the library for it."""
    points = [{"datasets": size.datasets, "cost": size.cost, "search": size.slow_search} for size in sizes]
    command = [str(python), "-m", "benchmarks.plot", str(file.absolute())]
    done = subprocess.run(command, input=json.dumps(points), capture_output=True, text=True, cwd=CHECKOUT, check=False)
    if done.returncode:
        raise LocalError(f"The picture {file} can't be drawn: {done.stderr.strip().splitlines()[-1]}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, and the figures as JSON."""
    parser = argparse.ArgumentParser(prog="bin/bench scale")
    add_sizes(parser, datasets=100_000, small=5000, page_size=PAGE)
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw cost and search against size, as SVG")
    given = parser.parse_args(arguments)
    if given.small >= given.datasets:
        parser.error(f"--small: fewer than the {given.datasets} of --datasets")
    between = isqrt(given.small * given.datasets)

    def measure() -> None:
        progress = Progress()
        python = stock_python(dict(os.environ), progress) if given.plot else None
        with alone(progress) as sites:
            sizes = measured(sites, (given.small, between, given.datasets, given.small), given.page_size)
        if python:
            _plotted(sizes, given.plot, python)
        if not given.json:
            print(table(sizes))
        print(json.dumps({**told(sizes), "others": max(sites.others)}))

    return ended_in_words(measure)


if __name__ == "__main__":
    sys.exit(main())
