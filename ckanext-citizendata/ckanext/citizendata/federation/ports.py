"""What a harvest needs from the site that runs it, as values and protocols; `logic` brings the real ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from ckanext.citizendata.core.membership import ACTIVE, ORDINARY
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.record import WITHDRAWN
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.report import Item, Report

__all__ = [
    "ALSO_LISTED",
    "APPROVED",
    "CITIZENDATA",
    "CKAN",
    "DCAT",
    "GONE",
    "HELD",
    "HIDDEN",
    "MISSING",
    "PUBLISHED",
    "REFUSED",
    "REJECTED",
    "REMOVED",
    "STANDING",
    "VACANT",
    "WAITS",
    "WITHDRAWN",
    "BESIDE_OWNERS",
    "Answer",
    "Brake",
    "Claims",
    "Entry",
    "Holder",
    "Ledger",
    "Member",
    "Progress",
    "Publication",
    "Publisher",
    "RecordRefused",
    "Runs",
    "Told",
    "in_silence",
]

# Kinds of catalogue: how its datasets are asked for.
DCAT = "dcat"
CKAN = "ckan"
CITIZENDATA = "citizendata"

# States of a record in the ledger; what is withdrawn has the same name in record, ledger and feed.
PUBLISHED = "published"
HELD = "held"
REJECTED = "rejected"
MISSING = "missing"
# Missing, and out of readers' sight till it is listed again or removed.
HIDDEN = "hidden"
REMOVED = "removed"
# Another member owns its address, and what that says of it is shown.
ALSO_LISTED = "also_listed"
# The record of the member that owned its address is gone, and a person decides whether this one takes its place.
VACANT = "vacant"
# A person agreed that it may return; it isn't back yet.
APPROVED = "approved"
GONE = frozenset({REMOVED, WITHDRAWN})
# What the feed brought and nobody took back.
STANDING = frozenset({PUBLISHED, MISSING, HIDDEN})

# Another member owns or owned their addresses.
BESIDE_OWNERS = frozenset({ALSO_LISTED, VACANT})

# A removal that a person decides about, and one that a person refused.
WAITS = "waits"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Brake:
    """How many records may go in one run without a person: so many, or this part of all that stand, if that is more."""

    records: int = 3
    percent: int = 10

    def most(self, standing: int) -> int:
        """How many of so many records.

        Brake().most(29) -> 3; Brake().most(200) -> 20
        """
        return max(self.records, standing * self.percent // 100)

    def times(self, number: int) -> Brake:
        """A brake that lets so many times as many go."""
        return Brake(self.records * number, min(self.percent * number, 100))


@dataclass(frozen=True, slots=True)
class Member:
    """A catalogue as the registry knows it; `audience` is the widest that its records may have here.

    `brake` is what counts, after `trust`; `state` and `trust` are those of `core.membership`. `kind` says how it
    is read: its DCAT, the API of CKAN, or its signed feed, of which `url` is the manifest.
    """

    id: str
    title: str
    url: str
    audience: str
    prefixes: tuple[str, ...] = ()
    organization_id: str | None = None
    brake: Brake = Brake()
    state: str = ACTIVE
    trust: str = ORDINARY
    kind: str = DCAT


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger says of one record of one member.

    `gone_since` is when its source took it back or was first seen without it; `absences` how many complete crawls
    that count were without it since (0 for what its source took back); `removal` what a person has to do with it.
    Of what is also listed, `gone_since` is when it was listed so for the first time.
    """

    iri: str
    state: str
    reason: str | None = None
    package_id: str | None = None
    fingerprint: str | None = None
    gone_since: datetime | None = None
    absences: int = 0
    removal: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who owns an address in place of a member: `name` in words for a report, and by what.

    `declared`: it was told who speaks for such addresses. `first`: its record came first, and everyone may read it.
    `gone`: it came first, everyone could read it, and its source removed it since. `untold`: whatever else is there,
    who lists the address learns nothing of it; `name` is empty then.
    """

    name: str
    by: Literal["declared", "first", "gone", "untold"] = "declared"


class RecordRefused(Exception):  # noqa: N818 - an outcome of one record, not an error of the program
    """This one record can't be published; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A record to bring before readers, and its ledger entry once it is; the publisher fills in the package."""

    received: Received
    after: Entry


# What was left out of a record's page, or why nothing of it was written.
Answer = tuple[Problem, ...] | RecordRefused


class Ledger(Protocol):
    """What is known of every record that a member ever offered."""

    def of(self, member_id: str, iris: Collection[str]) -> Mapping[str, Entry]:
        """The entries of these IRIs, by IRI; those that were never seen are left out."""
        ...

    def count(self, member_id: str) -> int:
        """How many records stand here."""
        ...

    def standing(self, member_id: str) -> Iterator[Entry]:
        """The entries of all records that stand here, a few at a time, also while others are written."""
        ...

    def beside_owners(self, member_id: str) -> Iterator[Entry]:
        """The entries of all records that the member lists and another one owns or owned, a few at a time."""
        ...

    def guarded(self, missing: Iterable[Entry]) -> Collection[str]:
        """The IRIs of those records that nobody may read while they are missing, since that may be a withdrawal.

        Records of Indigenous data, of high or severe sensitivity, about recognisable people, or not for everyone.
        """
        ...

    def note(self, member_id: str, entry: Entry) -> None:
        """Write one entry, in a transaction of its own; what a person withdrew stays so, and stays a person's decision.

        Of such a record only an entry that is withdrawn itself is written, with what is counted of it. Raises
        `RecordRefused`, and then nothing was written.
        """
        ...


class Publisher(Protocol):
    """Brings records before readers, and takes them away."""

    def begin(self, member: Member, batch: Sequence[Publication]) -> Callable[[], Sequence[Answer]]:
        """What publishes these records when it is called; work that needs no table begins before.

        It gives one answer for each record, in their order. A record and its ledger entry are written in one
        transaction. What a person withdrew since the run began is refused. Raises `RegistryUnavailable`.
        """
        ...

    def remove(self, member: Member, kind: str, after: Entry) -> None:
        """Hide one record, with a tombstone of this kind and its ledger entry, in one transaction.

        Raises `RecordRefused`, and then nothing was written.
        """
        ...

    def settle(self) -> Sequence[Problem]:
        """Waits until search finds all that was published; what comes back are records that it can't show in full.

        Raises `RegistryUnavailable`.
        """
        ...

    def sweep(self, member: Member) -> None:
        """Take from the search what an interrupted run put there and never published.

        Raises `RegistryUnavailable`.
        """
        ...


class Claims(Protocol):
    """Who may speak for an IRI."""

    def holders(self, member: Member, iris: Collection[str]) -> Mapping[str, Holder]:
        """Those of the IRIs that somebody else than `member` owns, and who that is."""
        ...


class Runs(Protocol):
    """The list of harvests."""

    def alone(self, member_id: str) -> AbstractContextManager[Callable[[], None]]:
        """Keeps every other harvest of the member out; raises `HarvestRefused` where one is running.

        What it gives raises `RunStopped` where the run has to end: it is called before each page and each batch.
        """
        ...

    def ended_well(self, member_id: str) -> bool:
        """Whether the member's last run finished, or there was none."""
        ...

    def start(self, member_id: str) -> int:
        """The number of a new run; earlier ones that never ended are closed as interrupted.

        Raises `HarvestRefused` where the member was suspended since the run was asked for.
        """
        ...

    def tell(self, run_id: int, items: Sequence[Item]) -> None:
        """Write down what became of these records, in the order of calls; what is simply unchanged is left out."""
        ...

    def progress(self, run_id: int, doing: str, done: int, total: int | None) -> None:
        """Let people see how far the run is; told often, and written down now and then, beside all transactions."""
        ...

    def finish(self, report: Report) -> None:
        """Write down how the run ended."""
        ...


# Told how far a run is: what it does now, how many are done, of how many where that is known.
Progress = Callable[[str, int, int | None], None]


def in_silence(_doing: str, _done: int, _total: int | None) -> None:
    """A `Progress` for work that nobody watches."""


# Told what became of records, a few at a time.
Told = Callable[[Sequence[Item]], None]
