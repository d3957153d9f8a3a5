"""Made-up records to RDF and back, in every serialisation, by two libraries, on all cores."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import rdflib

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.mapping import Subject, fragment_from_package, own_statements, package_from_fragment
from tests.generation.formats import FORMATS, PAIRS, pairs_of, same, through
from tests.generation.graphs import foreign
from tests.generation.packages import DATASET, maker, normal
from tests.generation.snapshots import FACES, made_up
from tests.generation.snapshots import failures as failures_of_snapshot

SUBJECT = Subject(DATASET)
BATCH = 25
PAGE = 100
SHOWN = 20


def failures(seed: int) -> Iterator[str]:
    """What doesn't return of the package and of the foreign fragment that a seed stands for."""
    model = load()
    package = maker(model).package(seed)
    fragment = fragment_from_package(model, package, SUBJECT)
    wanted = normal(model, package)
    read = package_from_fragment(model, DATASET, fragment)
    if read.package != wanted or read.residue:
        yield f"{seed}: package"
    for way, text in through(fragment, pairs_of(seed)):
        yield from _through(seed, way, text, fragment, wanted)
    others = foreign(model, seed)
    if not same(_returned(others), others + own_statements(model, DATASET)):
        yield f"{seed}: foreign fragment"


def _through(seed: int, name: str, text: str, fragment: str, wanted: object) -> Iterator[str]:
    read = package_from_fragment(load(), DATASET, text)
    if read.package != wanted or read.residue:
        yield f"{seed}: package through {name}"
    if not same(_returned(text), fragment):
        yield f"{seed}: record through {name}"


def _returned(fragment: str) -> str:
    projection = package_from_fragment(load(), DATASET, fragment)
    return fragment_from_package(load(), projection.package, SUBJECT, projection.residue)


def failures_of(seeds: Sequence[int]) -> list[str]:
    """What doesn't return of several seeds."""
    return [failure for seed in seeds for failure in failures(seed)]


def failures_of_page(seeds: Sequence[int]) -> list[str]:
    """What of several seeds' records isn't served as it is, on one page of a snapshot; told with the first seed."""
    # rdflib otherwise takes 1.0 and 1.00 for one value.
    rdflib.NORMALIZE_LITERALS = False
    with tempfile.TemporaryDirectory() as folder:
        return [f"{seeds[0]}: {failure}" for failure in failures_of_snapshot(Path(folder), made_up(seeds))]


def run(records: int, seed: int, tried: Callable[[Sequence[int]], list[str]], size: int) -> list[str]:
    """What doesn't return of so many seeds from `seed` on, tried so many at a time.

    Tells on standard error how far it is.
    """
    batches = [range(start, min(start + size, seed + records)) for start in range(seed, seed + records, size)]
    found: list[str] = []
    done = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = {pool.submit(tried, batch): len(batch) for batch in batches}
        for future in as_completed(waiting):
            found += future.result()
            done += waiting[future]
            print(f"\r{done} of {records} records, {len(found)} failures", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return sorted(found, key=lambda failure: int(failure.partition(":")[0]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints what was tried and what failed; 1 where something did."""
    parser = argparse.ArgumentParser(prog="bin/bench roundtrip")
    parser.add_argument("--records", type=int, default=10_000, help="how many records to make up")
    parser.add_argument("--seed", type=int, default=None, help="the first seed; one is drawn where none is given")
    parser.add_argument("--snapshots", action="store_true", help="as they are served, on pages of snapshots")
    given = parser.parse_args(arguments)
    if given.records < 1:
        parser.error("--records: at least 1")
    seed = secrets.randbelow(2**31) if given.seed is None else given.seed
    print(f"seed {seed}", file=sys.stderr)
    began = time.monotonic()
    found = run(given.records, seed, *((failures_of_page, PAGE) if given.snapshots else (failures_of, BATCH)))
    for failure in found[:SHOWN]:
        print(f"doesn't return, seed {failure}")
    ways = [f"{name} written by {writer}, read by {reader}" for name in FORMATS for writer, reader in PAIRS]
    told = {
        "records": given.records,
        "seed": seed,
        "formats": ["nq", *FACES] if given.snapshots else ways,
        "failures": len(found),
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(told))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
