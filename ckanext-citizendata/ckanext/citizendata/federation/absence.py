"""What becomes of records that a feed doesn't list, once its crawl is proved complete; nothing is done yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
    STANDING,
    WAITS,
    Entry,
    Member,
)
from ckanext.citizendata.federation.report import Item

__all__ = ["ENOUGH", "Patience", "absent", "refused", "removal", "unlisted"]

# So many absences, each in a complete crawl and far enough apart, are evidence enough for a removal.
ENOUGH = 2
NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)

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


def unlisted(entries: Mapping[str, Entry], listed: Collection[str]) -> list[Entry]:
    """The entries of records that stand here and that the feed doesn't list."""
    return [entry for entry in entries.values() if entry.state in STANDING and entry.iri not in listed]


def absent(
    missing: Sequence[Entry], standing: int, guarded: Collection[str], patience: Patience, now: datetime
) -> tuple[list[Decision], list[Problem]]:
    """A decision for each missing record, and what the report says of those that wait for a person.

    :param missing: what `unlisted` gives after a crawl that is proved complete; no other crawl is evidence.
    :param standing: how many records of the member stand here, the missing ones among them.
    :param guarded: the IRIs of records that are hidden while they are missing.
    """
    counted = [_counted(entry, patience, now) for entry in missing]
    due = sum(map(_is_due, counted))
    most = patience.member.brake.most(standing)
    asked = [replace(entry, removal=WAITS) if due > most and _is_due(entry) else entry for entry in counted]
    pairs = zip(missing, asked, strict=True)
    decisions = [_decision(before, after, before.iri in guarded, patience) for before, after in pairs]
    waiting = sum(entry.removal == WAITS for entry in asked)
    return decisions, [_note(waiting, standing, most, patience)] if waiting else []


def removal(entry: Entry, patience: Patience) -> Decision:
    """The removal of a missing record; its package is kept, and it comes back by itself when it is listed again."""
    hours = patience.apart.total_seconds() / 3600
    reason = f"{UNLISTED}, in complete harvests at least {hours:g} hours apart. It comes back when it is listed again"
    after = replace(entry, state=REMOVED, reason=reason, removal=None)
    return Decision(Item(entry.iri, REMOVED, reason), "remove", after, kind=ABSENT)


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


def _decision(before: Entry, counted: Entry, guarded: bool, patience: Patience) -> Decision:
    if _is_due(counted) and counted.removal != WAITS:
        return removal(counted, patience)
    is_hidden = guarded or before.state == HIDDEN
    after = _told(replace(counted, state=HIDDEN if is_hidden else MISSING), patience)
    item = Item(after.iri, HELD if after.removal == WAITS else after.state, after.reason or "")
    if is_hidden and before.state != HIDDEN:
        return Decision(item, "remove", after, kind=NO_LONGER_PUBLIC)
    return Decision(item, after=None if after == before else after)


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
