"""Ours: a registry whose warm process harvests members as a worker does."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench_site import BenchSite, Told, silent, started
from benchmarks.feed_files import Feed, differences, statements_of
from benchmarks.memory import watched
from ckanext.citizendata.local.credentials import Credentials
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.processes import reason_in
from ckanext.citizendata.local.services import Services
from ckanext.citizendata.local.settings import free_port
from ckanext.citizendata.local.site import Kind, Site

__all__ = ["WARM", "OurSite", "Parity", "Spent"]

WARM = 200
"""So many datasets a worker has harvested before it is measured."""
COMPARED = 50


@dataclass(frozen=True)
class Parity:
    """What came of comparing records with their source: statements of the source that are lost, and invented ones."""

    records: int
    statements: int
    lost: int
    invented: int


@dataclass(frozen=True)
class Spent:
    """What a command took: seconds, and megabytes of its processes at the worst moment."""

    seconds: float
    megabytes: float


class OurSite(BenchSite):
    """The registry of this checkout."""

    def __init__(self, services: Services, sites: Sequence[str]) -> None:
        super().__init__(services, sites, "ours", Path(sys.executable))
        kind = Kind("ours", "Registry that is measured", "Invented examples.", "registry.ini")
        self.site = Site(kind, self.home, free_port(), self.addresses)
        self.site.write(Credentials(services.home))
        # What lies there belongs to a database that is gone.
        shutil.rmtree(self.feeds, ignore_errors=True)

    @property
    def feeds(self) -> Path:
        """The folder of its snapshots."""
        return self.home.sites / self.name / "citizendata" / "feeds"

    def command(self, *words: str) -> Spent:
        """What `ckan citizendata …` took, from its start to its end. Raises LocalError where it fails."""
        began = time.monotonic()
        process = started(self.site.command("citizendata", *words), self.log, stdout=subprocess.DEVNULL)
        with watched(process.pid) as peak:
            code = process.wait()
        if code:
            said = f"{reason_in(self.log)}. The whole story is in {self.log}"
            raise LocalError(f"`ckan citizendata {' '.join(words)}` ends with {code}: {said}.")
        return Spent(time.monotonic() - began, peak.megabytes)

    def warm(self, feed: Feed) -> None:
        """A round begins, with a worker that has harvested a member before."""
        self.begin()
        self.admit(feed)
        self.harvest(feed)

    def admit(self, feed: Feed) -> None:
        """Make the feed's catalogue a member, which is harvested by hand alone."""
        wish = {"id": feed.name, "url": feed.url, "prefixes": [feed.base], "interval_minutes": 0}
        self.action("citizendata_member_create", **wish)

    def harvest(self, feed: Feed, told: Told = silent, **expected: int) -> float:
        """The seconds from the start of a harvest until search finds all of it.

        `expected` are counts by outcome; without any, all of the feed is new.
        Raises LocalError where the harvest didn't do that.
        """
        began = time.monotonic()
        report = self.ask(told, do="harvest", member=feed.name)
        counts = {outcome: number for outcome, number in report["counts"].items() if number}
        if report["reason"] or counts != (expected or {"added": feed.size}):
            raise LocalError(f"The harvest of {feed.name} is no good: {report['reason'] or counts}. See {self.log}.")
        self.await_found(feed)
        return time.monotonic() - began

    def clear(self, feed: Feed) -> float:
        """The seconds in which all records of the feed's member are taken away. Raises LocalError for any left over."""
        began = time.monotonic()
        self.action("citizendata_member_clear", id=feed.name)
        took = time.monotonic() - began
        left = self.action("package_search", q="dataset_type:dataset", rows=0)["count"]
        if left > WARM:
            raise LocalError(f"{left - WARM} datasets of {feed.name} are found after it was cleared. See {self.log}.")
        return took

    def parity(self, feed: Feed) -> Parity:
        """Records over the whole feed, as everyone reads them, compared with what the feed says, by statement."""
        numbers = range(0, feed.size, max(1, feed.size // COMPARED))
        lost = invented = statements = 0
        for number in numbers:
            text = self._read(feed.iri(number))
            fewer, more = differences(statements_of(feed, number), text)
            lost, invented, statements = lost + fewer, invented + more, statements + text.count(" .\n")
        return Parity(len(numbers), statements, lost, invented)

    def _read(self, iri: str) -> str:
        """A record in N-Triples as an anonymous reader gets it, without what the registry says of its own listing."""
        query = "select name from package join citizendata_record on package_id = id where iri = %s"
        ((name,),) = self.services.databases.rows(self.database, query, [iri])
        text: str = self.ask(do="read", path=f"/dataset/{name}.nt")
        own = f"<{self.site.url}/record/"
        return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(own))
