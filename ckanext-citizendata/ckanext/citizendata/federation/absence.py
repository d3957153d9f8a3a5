"""What becomes of records that a feed doesn't list, once its crawl is proved complete; nothing is done yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.record import ABSENT, NO_LONGER_PUBLIC
from ckanext.citizendata.federation.compare import Decision
from ckanext.citizendata.federation.ports import (
    HELD,
    HIDDEN,
    MISSING,
    REFUSED,
    REMOVED,
    WAITS,
    Entry,
    Member,
)
from ckanext.citizendata.federation.report import Item

__all__ = ["ENOUGH", "Patience", "Survey", "refused", "removal", "surveyed"]

# So many absences, each in a complete crawl and far enough apart, are evidence enough for a removal.
ENOUGH = 2
NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)

OUTCOME_CODE = "unlisted"
UNLISTED = "The feed doesn't list it any more and doesn't say that it was taken back"
UNSEEN = "It is hidden till it is listed again, since it may have been withdrawn"


@dataclass(frozen=True, slots=True)
class Patience:
    """What counts as evidence: `apart` is the least time between two absences, the member's brake asks for a person."""

    member: Member
    apart: timedelta

    @property
    def command(self) -> str:
        """How a person decides about removals that wait."""
        return f"ckan citizendata harvest removals {self.member.id} --approve (or --refuse)"


@dataclass(frozen=True, slots=True)
class Survey:
    """What a complete crawl proves, counted before anything is done; no other crawl is evidence.

    Of `standing` records so many are `missing`; `due` of these can be removed, `waiting` wait for a person already.
    """

    patience: Patience
    now: datetime
    standing: int
    missing: int
    due: int
    waiting: int

    @property
    def notes(self) -> Sequence[Problem]:
        """What the report says of those that wait for a person."""
        waiting = self.due if self._is_braked else self.waiting
        return [_note(waiting, self.standing, self._most, self.patience)] if waiting else []

    def decisions(self, missing: Iterable[Entry], guarded: Collection[str]) -> Iterator[Decision]:
        """A decision for each of these records; those whose IRIs are in `guarded` are hidden while they are missing."""
        for entry in missing:
            is_hidden = entry.iri in guarded or entry.state == HIDDEN
            yield self._decision(entry, HIDDEN if is_hidden else MISSING)

    @property
    def _most(self) -> int:
        return self.patience.member.brake.most(self.standing)

    @property
    def _is_braked(self) -> bool:
        return self.due > self._most

    def _decision(self, before: Entry, state: str) -> Decision:
        counted = _counted(before, self.patience, self.now)
        if _is_due(counted):
            if not self._is_braked and counted.removal != WAITS:
                return removal(counted, self.patience)
            counted = replace(counted, removal=WAITS)
        after = _told(replace(counted, state=state), self.patience)
        waits = after.removal == WAITS
        code = "removals_wait" if waits else OUTCOME_CODE
        item = Item(after.iri, HELD if waits else after.state, after.reason or "", code=code)
        if state == HIDDEN != before.state:
            return Decision(item, "remove", after, kind=NO_LONGER_PUBLIC)
        return Decision(item, after=None if after == before else after)


def surveyed(missing: Iterable[Entry], standing: int, patience: Patience, now: datetime) -> Survey:
    """The missing records counted, `standing` being how many records of the member stand here, these among them."""
    number = due = waiting = 0
    for entry in missing:
        number += 1
        due += _is_due(_counted(entry, patience, now))
        waiting += entry.removal == WAITS
    return Survey(patience, now, standing, number, due, waiting)


def removal(entry: Entry, patience: Patience) -> Decision:
    """The removal of a missing record; its package is kept, and it comes back by itself when it is listed again."""
    hours = patience.apart.total_seconds() / 3600
    reason = f"{UNLISTED}, in complete harvests at least {hours:g} hours apart. It comes back when it is listed again"
    after = replace(entry, state=REMOVED, reason=reason, removal=None)
    return Decision(Item(entry.iri, REMOVED, reason, code=OUTCOME_CODE), "remove", after, kind=ABSENT)


def refused(entry: Entry, patience: Patience) -> Entry:
    """The entry after a person refused its removal; what is hidden stays so until it is listed again."""
    return _told(replace(entry, removal=REFUSED), patience)


def _counted(entry: Entry, patience: Patience, now: datetime) -> Entry:
    """The entry with this absence, where it counts: the first, and the second when enough time has gone by.

    So neither a run that was killed and started again nor a harvest every hour counts an absence twice.
    """
    if entry.absences == 0 or entry.gone_since is None:
        return replace(entry, absences=1, gone_since=now)
    is_late = now >= entry.gone_since + patience.apart
    return replace(entry, absences=ENOUGH) if is_late and entry.absences < ENOUGH else entry


def _is_due(entry: Entry) -> bool:
    """Whether the evidence is enough and no person refused."""
    return entry.absences >= ENOUGH and entry.removal != REFUSED


def _told(entry: Entry, patience: Patience) -> Entry:
    """The entry with what becomes of it, and what a person can do, as its reason."""
    sentences = [UNLISTED, _next(entry, patience), *([UNSEEN] if entry.state == HIDDEN else [])]
    return replace(entry, reason=". ".join(sentences))


def _next(entry: Entry, patience: Patience) -> str:
    if entry.removal == WAITS:
        return f"Too many records would go at once, so that a person decides: {patience.command}"
    if entry.removal == REFUSED:
        return "A person decided that it isn't removed; nobody is asked again until it was listed in between"
    when = ((entry.gone_since or NEVER) + patience.apart).astimezone(timezone.utc)
    return f"It is removed if a complete harvest after {when:%Y-%m-%d %H:%M} UTC doesn't list it; list it to keep it"


def _note(waiting: int, standing: int, most: int, patience: Patience) -> Problem:
    message = (
        f"{waiting} of {standing} records are missing from the feed and wait for a person to decide, since no more than"
        f" {most} are removed at once without one: {patience.command} [held(threshold)]"
    )
    return Problem(patience.member.url, "removals_wait", message, "warning")
