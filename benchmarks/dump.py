"""A dump of a whole catalogue: how long its command takes to the finished file, and how much memory."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

# Before CKAN, which puts a folder with a `tests` of its own in front of the path.
from benchmarks.feed_files import Feed  # isort: skip
from benchmarks.pair import Pair
from ckanext.citizendata.local.failure import LocalError

__all__ = ["DUMP_FORMAT", "Dump", "dumped"]

KIND = "plain"
DUMP_FORMAT = "nt.gz"
IS_DATASET = b" <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n"


@dataclass(frozen=True)
class Dump:
    """A dump of so many datasets, and the snapshot before it: seconds and megabytes at the worst of their commands."""

    datasets: int
    seconds: float
    megabytes: float
    cut_seconds: float
    cut_megabytes: float
    file_megabytes: float


def dumped(sites: Pair, more: int, total: int) -> Dump:
    """The dump of ours, once it has harvested so many more. Raises LocalError where not all datasets are in it."""
    feed = sites.feed(KIND, "more", more)
    _harvested(sites, feed)
    sites.progress.step(f"ours cuts a snapshot of {total}")
    cut = sites.ours.command("feed", "cut")
    sites.progress.step(f"ours dumps {total} datasets")
    dump = sites.ours.command("feed", "dump", "--face", DUMP_FORMAT.removesuffix(".gz"))
    file = _file(sites)
    found = datasets_in(file)
    if found != total:
        raise LocalError(f"The dump {file} has {found} datasets instead of {total}.")
    return Dump(found, dump.seconds, dump.megabytes, cut.seconds, cut.megabytes, file.stat().st_size / 1e6)


def datasets_in(file: Path) -> int:
    """How many datasets a packed file of N-Triples has."""
    with gzip.open(file, "rb") as lines:
        return sum(line.endswith(IS_DATASET) for line in lines)


def _harvested(sites: Pair, feed: Feed) -> None:
    sites.progress.step(f"ours harvests {feed.size} more")
    sites.ours.resume()
    sites.ours.admit(feed)
    sites.ours.harvest(feed)
    sites.ours.end()


def _file(sites: Pair) -> Path:
    """The newest dump of ours. Raises LocalError where there is none."""
    found = sites.ours.feeds.glob(f"everyone/dumps/*.{DUMP_FORMAT}")
    newest = max(found, key=lambda each: each.stat().st_mtime_ns, default=None)
    if newest is None:
        raise LocalError(f"There is no dump in {sites.ours.feeds}.")
    return newest
