"""Records a second from package to N-Triples and back on one core, beside ckanext-dcat's own profile."""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

# Before CKAN, which puts a folder with a `tests` of its own in front of the path.
from tests.generation.records import full_record, usual_record  # isort: skip
from benchmarks import stock
from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.mapping import Subject, fragment_from_package, package_from_fragment

ROUNDS = 9
Record = Mapping[str, Any]


@dataclass
class Course:
    """One thing that is measured: records by number, and what is done with each; `speeds` are records a second."""

    name: str
    make: Callable[[int], Record]
    work: Callable[[Record], str]
    batch: int
    speeds: list[float] = field(default_factory=list)
    triples: int = 0

    def lap(self, first: int) -> None:
        """Measures a batch of records that nobody saw before, in the time of one core; making them isn't counted."""
        records = [self.make(number) for number in range(first, first + self.batch)]
        began = time.process_time()
        for record in records:
            text = self.work(record)
        self.speeds.append(self.batch / (time.process_time() - began))
        self.triples = text.count(" .\n")

    @property
    def speed(self) -> float:
        """The median of the laps."""
        return median(self.speeds)


def round_trip(package: Record) -> str:
    """The N-Triples of a package, once it was read from them again."""
    iri = f"https://node.example/dataset/{package['number']}"
    text = fragment_from_package(load(), package, Subject(iri))
    read = package_from_fragment(load(), iri, text)
    if read.residue:
        raise AssertionError(f"{iri} leaves {read.residue}")
    return text


def courses() -> list[Course]:
    """What is measured, in the order of a round."""
    model = load()
    made = {"usual": usual_record, "full": full_record}
    ours = [
        Course(name, lambda number, make=make: {**make(model, number), "number": number}, round_trip, batch)
        for (name, make), batch in zip(made.items(), (150, 50), strict=True)
    ]
    theirs = [
        Course(
            f"stock {name}",
            lambda number, make=make: stock.stock_record(model, make(model, number), number),
            stock.stock_round_trip,
            batch,
        )
        for (name, make), batch in zip(made.items(), (10, 5), strict=True)
    ]
    return [each for pair in zip(ours, theirs, strict=True) for each in pair]


def measured(rounds: int) -> dict[str, Course]:
    """All courses by name, after a lap that isn't counted and so many rounds that alternate between them."""
    runs = courses()
    for each in runs:
        each.lap(0)
        each.speeds.clear()
    for number in range(1, rounds + 1):
        for each in runs:
            each.lap(number * 1000)
    return {each.name: each for each in runs}


def told(found: Mapping[str, Course]) -> dict[str, float]:
    """The figures by the words that programs know; the ratios are ours to the stock profile's."""
    usual, full, stock_usual, stock_full = (found[name] for name in ("usual", "full", "stock usual", "stock full"))
    return {
        "records_per_second": round(usual.speed),
        "full_records_per_second": round(full.speed),
        "ratio": round(usual.speed / stock_usual.speed, 1),
        "full_ratio": round(full.speed / stock_full.speed, 1),
        "triples": usual.triples,
        "full_triples": full.triples,
        "stock_records_per_second": round(stock_usual.speed, 1),
        "stock_full_records_per_second": round(stock_full.speed, 1),
        "stock_triples": stock_usual.triples,
        "stock_full_triples": stock_full.triples,
        "rounds": len(usual.speeds),
    }


def table(found: Mapping[str, Course]) -> str:
    """The figures for people: median and range of the rounds."""
    lines = [f"{'':12}{'statements':>12}{'records a second':>18}{'slowest':>10}{'fastest':>10}"]
    for name, each in found.items():
        speeds = f"{each.speed:>18.0f}{min(each.speeds):>10.0f}{max(each.speeds):>10.0f}"
        lines.append(f"{name:12}{each.triples:>12}{speeds}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, and the figures as JSON."""
    parser = argparse.ArgumentParser(prog="bin/bench mapping")
    parser.add_argument("--json", action="store_true", help="only the last line, for programs")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is measured")
    given = parser.parse_args(arguments)
    if given.rounds < 1:
        parser.error("--rounds: at least 1")
    stock.prepare()
    # What is loaded by now stays: the collector shouldn't walk through CKAN for every few records of ours.
    gc.collect()
    gc.freeze()
    found = measured(given.rounds)
    if not given.json:
        print(table(found))
    print(json.dumps(told(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
