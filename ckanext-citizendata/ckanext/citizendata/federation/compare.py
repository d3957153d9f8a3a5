"""A feed beside the ledger: one decision for each record, without doing anything yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from ckanext.citizendata.core.dates import moment
from ckanext.citizendata.core.listing import Tombstone
from ckanext.citizendata.core.record import NO_LONGER_PUBLIC
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.ports import (
    ALSO_LISTED,
    APPROVED,
    BESIDE_OWNERS,
    HELD,
    HIDDEN,
    MISSING,
    PUBLISHED,
    REJECTED,
    REMOVED,
    STANDING,
    VACANT,
    WITHDRAWN,
    Entry,
)
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.federation.screen import Verdict

__all__ = ["Decision", "decided", "doubtful", "kept_out", "looped", "not_listed_beside", "refusal", "taken_back"]

RETURNED = {
    PUBLISHED: "",
    MISSING: "It is listed again",
    HIDDEN: "It is listed again, and shown again to those who could read it before",
}


# What the ledger calls a record whose address another member owns or owned, by the code of its outcome.
BESIDE = {"also_listed": ALSO_LISTED, "owner_gone": VACANT}


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

    @staticmethod
    def unchanged(iri: str) -> Decision:
        """Nothing to do, as for most records in most runs."""
        return Decision(Item(iri, "unchanged"))

    @property
    def is_unchanged(self) -> bool:
        """Whether there is nothing to do, and nothing to tell."""
        item = self.item
        return item.outcome == "unchanged" and not (self.after or item.reason or item.problems)


def doubtful(iri: str, versions: int, entry: Entry | None) -> Decision:
    """A record that the feed describes in different ways is held, since any of them may be the right one."""
    reason = f"The feed describes it {versions} times under one address, differently"
    return kept_out(Item(iri, HELD, f"{reason}; its catalogue must say which one counts", code="ambiguous"), entry)


def decided(record: Received, verdict: Verdict | None, entry: Entry | None, now: datetime) -> Decision:
    """What becomes of a listed record, after screening: `verdict` is None where nothing speaks against it."""
    if verdict:
        return _against(record, verdict, entry, now)
    outcome = _outcome(record, entry)
    if entry and outcome == "unchanged" and entry.state != HIDDEN:
        return Decision(Item(record.iri, outcome, _returned(entry)), after=_listed_again(entry))
    after = Entry(record.iri, PUBLISHED, package_id=entry and entry.package_id, fingerprint=record.fingerprint)
    return Decision(Item(record.iri, outcome, _returned(entry), record.problems), "publish", after, record)


def _outcome(record: Received, entry: Entry | None) -> Literal["added", "changed", "unchanged"]:
    if entry is None or entry.state not in STANDING or entry.fingerprint is None:
        return "added"
    return "unchanged" if entry.fingerprint == record.fingerprint else "changed"


def _returned(entry: Entry | None) -> str:
    """What the report says of a record that is there again; "" for one that never was away."""
    if entry is None or entry.package_id is None:
        return ""
    if entry.state in STANDING and entry.fingerprint:
        return RETURNED[entry.state]
    return "It is back"


def _listed_again(entry: Entry) -> Entry | None:
    """The entry without what was counted while the feed didn't list it; None where that changes nothing.

    What is hidden stays so until it is published, and what is withdrawn until a person agrees.
    """
    if entry.state == PUBLISHED and not (entry.absences or entry.removal or entry.reason or entry.gone_since):
        return None
    after = replace(entry, absences=0, removal=None)
    if entry.state not in (HIDDEN, WITHDRAWN):
        after = replace(after, state=PUBLISHED, reason=None, gone_since=None)
    return None if after == entry else after


def _against(record: Received, verdict: Verdict, entry: Entry | None, now: datetime) -> Decision:
    item = Item(record.iri, verdict.outcome, verdict.reason, record.problems, verdict.code)
    if verdict.code in BESIDE:
        return _beside_owner(item, record.fingerprint, entry, now)
    if verdict.outcome == REMOVED and entry:
        since = moment(record.listing.modified) or now
        after = Entry(entry.iri, REMOVED, verdict.reason, entry.package_id, entry.fingerprint, since)
        return Decision(item, "remove", after, kind=NO_LONGER_PUBLIC)
    return kept_out(item, entry)


def _beside_owner(item: Item, fingerprint: str, entry: Entry | None, now: datetime) -> Decision:
    """A record whose address another member owns or owned; what this one published or withdrew there stays as it is."""
    if entry and (entry.package_id or entry.state == WITHDRAWN):
        return kept_out(item, entry)
    since = entry.gone_since if entry and entry.state in BESIDE_OWNERS else now
    after = Entry(item.iri, BESIDE[item.code], item.reason, fingerprint=fingerprint, gone_since=since)
    return Decision(item, after=None if entry == after else after)


def not_listed_beside(entry: Entry) -> Decision:
    """What becomes of such a record once a complete crawl doesn't list it any more; its owner's is as it was."""
    reason = "The feed doesn't list it any more, nor any page here that it does"
    after = Entry(entry.iri, REMOVED, reason, gone_since=entry.gone_since, absences=1)
    return Decision(Item(entry.iri, "unchanged", reason), after=after)


def looped(iri: str, entry: Entry | None) -> Decision:
    """A record that came through this registry before isn't taken again; nothing is noted of it but that it is there.

    So its tombstone reaches it on the way on which it came, and never by a detour that lags behind.
    """
    reason = "It came through this registry already, and isn't taken back from those who harvest it here"
    item = Item(iri, "looped", reason, code="looped")
    return kept_out(item, entry) if entry and entry.state in (MISSING, HIDDEN, WITHDRAWN) else Decision(item)


def kept_out(item: Item, entry: Entry | None) -> Decision:
    """The refusal of a record that the feed does list, so that it is no longer missing."""
    if entry and entry.state in (MISSING, HIDDEN, WITHDRAWN):
        return Decision(item, after=_listed_again(entry))
    return refusal(item, entry)


def refusal(item: Item, entry: Entry | None) -> Decision:
    """The decision that keeps a record out: what is published stays as it is, anything else is noted once."""
    if entry and entry.state not in (HELD, REJECTED, *BESIDE_OWNERS):
        return Decision(item)
    after = Entry(item.iri, item.outcome, item.reason)
    return Decision(item, after=None if entry == after else after)


def taken_back(tombstone: Tombstone, entry: Entry | None, now: datetime) -> Decision:
    """What becomes of a record with a tombstone; one that was never here is noted, lest an old feed brings it."""
    state = WITHDRAWN if tombstone.kind == WITHDRAWN else REMOVED
    reason = f"The source took it back ({tombstone.kind.replace('_', ' ')})"
    if entry and (entry.state == WITHDRAWN or (entry.state == state and not entry.absences)):
        return Decision(Item(tombstone.iri, "unchanged"))
    package_id = entry.package_id if entry else None
    fingerprint = entry.fingerprint if entry else None
    after = Entry(tombstone.iri, state, reason, package_id, fingerprint, moment(tombstone.modified) or now)
    # What went away without a word is told on as withdrawn once its source says so.
    is_told = entry is not None and (entry.state in (WITHDRAWN, APPROVED) or (entry.state == REMOVED == state))
    action = "remove" if package_id and not is_told else "note"
    return Decision(Item(tombstone.iri, REMOVED, reason, code="taken_back"), action, after, kind=tombstone.kind)
