"""A feed beside the ledger: one decision for each record, without doing anything yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from ckanext.citizendata.core.dates import moment
from ckanext.citizendata.core.listing import Tombstone
from ckanext.citizendata.core.record import NO_LONGER_PUBLIC
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.ports import (
    APPROVED,
    GONE,
    HELD,
    MISSING,
    PUBLISHED,
    REJECTED,
    REMOVED,
    WITHDRAWN,
    Entry,
)
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.federation.screen import Verdict

__all__ = ["Decision", "absent", "decided", "distinct", "refusal", "taken_back"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about one record, the ledger entry afterwards, and what the report says.

    `note` writes the ledger only; with `after` None nothing is written at all.
    """

    item: Item
    action: Literal["publish", "remove", "note"] = "note"
    after: Entry | None = None
    received: Received | None = None
    kind: str = ""


def distinct(records: Iterable[Received]) -> tuple[list[Received], list[Item]]:
    """Each IRI's record once; one with different descriptions is held, since either may be the right one."""
    versions: defaultdict[str, dict[str, Received]] = defaultdict(dict)
    for record in records:
        versions[record.iri].setdefault(record.fingerprint, record)
    single = [next(iter(found.values())) for found in versions.values() if len(found) == 1]
    reason = "The feed describes it {} times under one address, differently; its catalogue must say which one counts"
    return single, [Item(iri, HELD, reason.format(len(found))) for iri, found in versions.items() if len(found) > 1]


def decided(record: Received, verdict: Verdict | None, entry: Entry | None, now: datetime) -> Decision:
    """What becomes of a listed record, after screening: `verdict` is None where nothing speaks against it."""
    if verdict:
        return _against(record, verdict, entry, now)
    if entry and entry.state in (PUBLISHED, MISSING) and entry.fingerprint == record.fingerprint:
        return _unchanged(record, entry)
    package_id = entry.package_id if entry else None
    after = Entry(record.iri, PUBLISHED, package_id=package_id, fingerprint=record.fingerprint)
    known = entry is not None and entry.state in (PUBLISHED, MISSING) and entry.fingerprint is not None
    reason = "" if known or not package_id else "It is back"
    return Decision(
        Item(record.iri, "changed" if known else "added", reason, record.problems), "publish", after, record
    )


def _unchanged(record: Received, entry: Entry) -> Decision:
    if entry.state == PUBLISHED:
        return Decision(Item(record.iri, "unchanged"))
    return Decision(
        Item(record.iri, "unchanged", "It is listed again"),
        after=replace(entry, state=PUBLISHED, reason=None, gone_since=None),
    )


def _against(record: Received, verdict: Verdict, entry: Entry | None, now: datetime) -> Decision:
    item = Item(record.iri, verdict.outcome, verdict.reason, record.problems)
    if verdict.outcome == REMOVED and entry:
        after = replace(entry, state=REMOVED, reason=verdict.reason, gone_since=moment(record.listing.modified) or now)
        return Decision(item, "remove", after, kind=NO_LONGER_PUBLIC)
    return refusal(item, entry)


def refusal(item: Item, entry: Entry | None) -> Decision:
    """The decision that keeps a record out: what is published stays as it is, anything else is noted once."""
    if entry and entry.state not in (HELD, REJECTED):
        return Decision(item)
    after = Entry(item.iri, item.outcome, item.reason)
    return Decision(item, after=None if entry == after else after)


def taken_back(tombstone: Tombstone, entry: Entry | None, now: datetime) -> Decision:
    """What becomes of a record with a tombstone; one that was never here is noted, lest an old feed brings it."""
    state = WITHDRAWN if tombstone.kind == WITHDRAWN else REMOVED
    reason = f"The source took it back ({tombstone.kind.replace('_', ' ')})"
    if entry and (entry.state == state or entry.state == WITHDRAWN):
        return Decision(Item(tombstone.iri, "unchanged"))
    package_id = entry.package_id if entry else None
    fingerprint = entry.fingerprint if entry else None
    after = Entry(tombstone.iri, state, reason, package_id, fingerprint, moment(tombstone.modified) or now)
    action = "remove" if entry and package_id and entry.state not in (*GONE, APPROVED) else "note"
    return Decision(Item(tombstone.iri, REMOVED, reason), action, after, kind=tombstone.kind)


def absent(entries: Mapping[str, Entry], listed: Collection[str], now: datetime) -> Iterator[Decision]:
    """One decision for each published record that the feed doesn't name; absence alone removes nothing."""
    reason = "The feed doesn't list it any more and doesn't say that it was taken back; it stays here"
    for entry in entries.values():
        if entry.iri in listed or entry.state not in (PUBLISHED, MISSING):
            continue
        after = None if entry.state == MISSING else replace(entry, state=MISSING, reason=reason, gone_since=now)
        yield Decision(Item(entry.iri, MISSING, reason), after=after)
