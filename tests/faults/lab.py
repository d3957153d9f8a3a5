"""What a case works with: members on the hostile server, harvests, and what everyone can see afterwards."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import psutil

from tests.faults.canary import Bait, Canary
from tests.faults.evidence import Evidence
from tests.faults.feeds import catalogue, dataset, iris
from tests.faults.hostile import Answer, Hostile
from tests.faults.site import Site

__all__ = ["FAILED", "FINISHED", "REFUSED", "Harvest", "Lab", "Member", "Memory", "Pair"]

# How a worker process ends by itself.
FINISHED, FAILED, REFUSED = 0, 2, 3

Size = TypeVar("Size")

OUTCOME = re.compile(r"\b(?:rejected|failed|held|refused)\([a-z_]+(?::[a-z_]+)?\)")
ROWS = """
    SELECT r.iri, r.authority, r.fragment, r.fingerprint, r.audience, r.state, r.tombstone,
           p.title, p.state AS package, p.private, p.name, r.package_id, p.metadata_modified::text
    FROM citizendata_record r LEFT JOIN package p ON p.id = r.package_id
    WHERE r.authority = %s ORDER BY r.iri
"""
COLUMNS = ("iri", "authority", "fragment", "fingerprint", "audience", "state", "tombstone", "title", "package")
COLUMNS += ("private", "name", "package_id", "modified")


@dataclass(frozen=True)
class Harvest:
    """One run as its stored report tells it."""

    state: str
    reason: str
    counts: dict[str, int]
    items: list[dict[str, Any]]
    seconds: float

    @property
    def outcomes(self) -> dict[str, str]:
        """The outcome of each record that wasn't simply unchanged."""
        return {item["iri"]: item["outcome"] for item in self.items if item["iri"]}

    @property
    def notes(self) -> list[str]:
        """What is said of the feed as a whole."""
        return [item["reason"] for item in self.items if item["outcome"] == "note"]

    @property
    def said(self) -> str:
        """Everything that a person could read about it."""
        problems = [each["message"] for item in self.items for each in item["problems"]]
        return "\n".join([self.reason, *(item["reason"] for item in self.items), *problems])

    @property
    def codes(self) -> list[str]:
        """The outcomes for programs that are named anywhere; `rejected(record)` is that of a record."""
        refused = [each for each in self.items if each["outcome"] in ("rejected", "held")]
        told = [f"{each['outcome']}({each.get('code') or 'record'})" for each in refused]
        return [*dict.fromkeys([*OUTCOME.findall(self.said), *told])]


class Memory:
    """How much a process and its children took at most, beyond what they had before; in MB."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._before = self._now()
        self._most = self._before
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def grown(self) -> int:
        """The greatest growth that was seen."""
        return max(0, self._most - self._before) // 1024**2

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self._most = max(self._most, self._now())

    def _now(self) -> int:
        total = 0
        with suppress(psutil.Error):
            for each in (self._process, *self._process.children(recursive=True)):
                with suppress(psutil.Error):
                    # What processes share, as a fork and its parent do nearly all, is counted once.
                    total += each.memory_full_info().pss
        return total


@dataclass
class Member:
    """A member whose feed is served at `path` of the hostile server."""

    lab: Lab
    name: str
    prefix: str
    url: str

    @property
    def path(self) -> str:
        """Where the hostile server has its feed."""
        return f"/{self.name}/c.ttl"

    @property
    def authority(self) -> str:
        """Its name in the table of records."""
        return f"member:{self.name}"

    @property
    def organization(self) -> str:
        """The id of its organisation."""
        ((found,),) = self.lab.site.sql('SELECT id FROM "group" WHERE name = %s', (self.name,))
        return found

    def serves(self, answer: Answer | bytes) -> None:
        """From now on its feed is this."""
        self.lab.hostile.serve(self.path, answer)

    def lists(self, titles: dict[str, str], *more: str) -> None:
        """From now on its feed has these datasets, and whatever statements else."""
        self.serves(catalogue(*(dataset(iri, title) for iri, title in titles.items()), *more))

    def iris(self, number: int) -> list[str]:
        """So many addresses that it may speak for."""
        return iris(self.prefix, number)

    def harvest(self, days: float = 0) -> Harvest:
        """What a harvest so many days from now did."""
        began = time.monotonic()
        state = self.lab.ask("harvest", member=self.name, days=days)
        return self.report(time.monotonic() - began, state)

    def report(self, seconds: float = 0, state: str = "") -> Harvest:
        """What the report of the last run tells."""
        if state == "refused":
            return Harvest(state, "another harvest is running", {}, [], seconds)
        told = self.lab.action("citizendata_harvest_show", id=self.name)
        return Harvest(told["state"], told["reason"] or "", told["counts"], told["items"], seconds)

    def found(self) -> dict[str, str]:
        """The titles that an anonymous reader finds, by IRI."""
        return self.lab.ask("found", organization=self.name)

    def rows(self) -> list[dict[str, Any]]:
        """Its records in PostgreSQL with their packages."""
        return [dict(zip(COLUMNS, row, strict=True)) for row in self.lab.site.sql(ROWS, (self.authority,))]


@dataclass
class Pair:
    """A member that means harm and one that doesn't, harvested in one go; the second has news each time.

    A smoke run does four kinds of harm in one go.
    """

    lab: Lab
    seen: Evidence
    bad: Member
    good: Member
    sets: int = 0
    published: int = 0
    waiting: list[str] = field(default_factory=list)
    slowest: float = 0
    codes: dict[str, None] = field(default_factory=dict)

    def tries(self, cause: str, answer: Answer | bytes, expected: str, seconds: float) -> Harvest:
        """One run set: the bad feed must end as `expected` within the seconds, and change nothing."""
        before = self.bad.rows()
        self.bad.serves(answer)
        harvest = self.bad.harvest()
        must = self.seen.must
        codes = harvest.codes
        self.codes |= dict.fromkeys(codes)
        self.slowest = max(self.slowest, harvest.seconds)
        must(any(re.fullmatch(expected, code) for code in codes), f"{cause}: {_told(harvest)} instead of {expected}")
        must(harvest.seconds <= seconds, f"{cause}: took {harvest.seconds:.1f} s, more than {seconds:g} s")
        if harvest.state == "failed":
            named = self.bad.name.title() in harvest.reason and self.lab.hostile.address in harvest.reason
            must(
                named or "://" in self.bad.url and self.bad.url in harvest.reason,
                f"{cause}: not named: {harvest.reason}",
            )
        must(self.bad.rows() == before, f"{cause}: records were changed")
        self.goes_on(cause)
        return harvest

    def goes_on(self, cause: str) -> None:
        """The run set ends here with the healthy member, in a smoke run after four kinds of harm."""
        self.waiting.append(cause)
        if len(self.waiting) >= self.lab.size(1, 4):
            self.twin_is_published(", ".join(self.waiting))

    def twin_is_published(self, cause: str) -> None:
        """The healthy member's news must be before every reader."""
        self.sets += 1
        self.waiting.clear()
        iri, title = f"{self.good.prefix}twin", f"Healthy {self.sets}"
        self.good.lists({iri: title})
        harvest = self.good.harvest()
        ended = harvest.state == "finished" and self.good.found().get(iri) == title
        self.published += ended
        self.seen.must(ended, f"{cause}: the healthy twin wasn't published: {harvest.state} {harvest.reason}")

    def recovers(self, feed: bytes) -> None:
        """With its feed of before the bad member is harvested as ever, with nothing lost and nothing to do."""
        self.bad.serves(feed)
        harvest = self.bad.harvest()
        same = harvest.state == "finished" and not {*harvest.outcomes.values()} & {"added", "removed", "missing"}
        self.seen.must(same, f"afterwards the member isn't as before: {_told(harvest)} {harvest.counts}")

    def notes(self) -> None:
        """What was measured in all run sets."""
        if self.waiting:
            self.twin_is_published(", ".join(self.waiting))
        codes = ", ".join(self.codes) or "no refusal"
        sets = f"twin published in {self.published} of {self.sets} run sets"
        self.seen.notes(f"{codes}; slowest {self.slowest:.1f} s; {sets}")


def _told(harvest: Harvest) -> str:
    """The outcome of a harvest in a few words."""
    return ", ".join(harvest.codes) or f"{harvest.state} { ({k: v for k, v in harvest.counts.items() if v}) }"


class Lab:
    """Registry, hostile server, canary and bait of one run of cases; what is by chance in them follows from `seed`."""

    def __init__(self, site: Site, smoke: bool, seed: int) -> None:
        self.site = site
        self.smoke = smoke
        self.seed = seed
        self.hostile = Hostile()
        # At the same port, so that a name which changes its address can lead to either.
        self.canary = Canary(self.hostile.port)
        self.bait = Bait(site.home.run)

    @property
    def ask(self) -> Callable[..., Any]:
        """Asks the registry's process."""
        return self.site.ask

    def action(self, name: str, /, **data: Any) -> Any:
        """What an action of CKAN's API answers to the site itself. Raises `DriverFault`."""
        return self.ask("action", name=name, data=data)

    def size(self, full: Size, smoke: Size) -> Size:
        """How much of something, in a full run and in a smoke run."""
        return smoke if self.smoke else full

    def member(self, name: str, url: str = "", **wishes: Any) -> Member:
        """A new member that speaks for a server of its own name; it is harvested when a case says so alone."""
        prefix = f"https://{name}.example.org/"
        url = url or f"{self.hostile.address}/{name}/c.ttl"
        wishes = {"prefixes": [prefix], "interval_minutes": 0, **wishes}
        self.action("citizendata_member_create", id=name, url=url, title=name.title(), **wishes)
        return Member(self, name, prefix, url)

    def pair(self, case: str, seen: Evidence) -> Pair:
        """A bad member with one published record, and a healthy one."""
        name = case.lower()
        bad, good = self.member(f"{name}-bad"), self.member(f"{name}-good")
        bad.serves(self.feed_of(bad))
        harvest = bad.harvest()
        seen.must(harvest.state == "finished", f"before anything: {harvest.reason}")
        return Pair(self, seen, bad, good)

    @staticmethod
    def feed_of(member: Member) -> bytes:
        """The feed that a bad member has on its good days."""
        return catalogue(dataset(f"{member.prefix}dataset/water", "Water"))

    @contextmanager
    def options(self, **options: Any) -> Iterator[None]:
        """Other limits of harvests than the site's, as `page_seconds=5`."""
        named = {f"ckanext.citizendata.harvest_{name}": value for name, value in options.items()}
        before = {name: self.ask("option", name=name, value=value) for name, value in named.items()}
        try:
            yield
        finally:
            for name, value in before.items():
                self.ask("option", name=name, value=value)

    @property
    def address(self) -> str:
        """What the names of the registry's own things begin with."""
        return "http://registry.faults.test"

    def read(self, path: str) -> tuple[str, str]:
        """Where the redirects from a path end, and the text there. Raises `AssertionError` where there is none."""
        for _ in range(5):
            code, text, headers = self.ask("asked", path=path)
            if code not in (301, 302, 303, 307, 308):
                break
            parts = urlsplit(urljoin(path, headers["Location"]))
            path = parts._replace(scheme="", netloc="").geturl()
        assert code == 200, f"{path} answers {code}: {text[:200]}"
        return path, text

    def read_bytes(self, path: str) -> bytes:
        """The octets of what is there. Raises `AssertionError` where there is nothing."""
        code, packed = self.ask("octets", path=path)
        assert code == 200, f"{path} answers {code}"
        return base64.b64decode(packed)

    @property
    def feeds(self) -> Path:
        """The folder of the registry's own feeds."""
        return self.site.home.sites / "storage" / "citizendata" / "feeds"

    def export(self) -> str:
        """The registry's whole feed as its tables have it at this moment, in N-Triples."""
        pages: list[str] = []
        while True:
            code, text = self.ask("page", path=f"/catalog.nt?modified_since=1970-01-01&page={len(pages) + 1}")
            if code != 200 and pages:
                return "".join(pages)
            assert code == 200, f"/catalog.nt answers {code}: {text[:200]}"
            pages.append(text)

    def worker_is_the_same(self) -> bool:
        """Whether the registry's process still is the one that was started, and answers."""
        return self.ask("alive") == self.site.ask.pid

    def memory(self) -> Memory:
        """Measures the registry's process with its children, as a context manager."""
        return Memory(self.site.ask.pid)

    def fork(self, work: str, kill: dict[str, Any] | None = None, **data: Any) -> int:
        """A worker process that does this; the id of it."""
        return self.ask("fork", work=work, data=data, kill=kill)

    def reap(self, child: int, seconds: float) -> int | None:
        """How a worker ended; None where it lives on for longer than that."""
        end = time.monotonic() + seconds
        while (code := self.ask("reap", child=child)) is None and time.monotonic() < end:
            time.sleep(0.05)
        return code
