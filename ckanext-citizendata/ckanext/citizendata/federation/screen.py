"""What speaks against publishing a record: who owns it, who may know of it, whether it was taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.dates import moment
from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.core.listing import Tombstone
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.ports import GONE, STANDING, WITHDRAWN, Entry, Holder, Member

__all__ = ["NOT_FREE", "Verdict", "screened", "unowned"]

# The same words whoever has what there, and whatever became of it: else a guessed address would tell.
NOT_FREE = "Its address isn't free here; the people of this registry can be asked"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A record isn't published: kept out for a person (held), for good (rejected), taken away (removed), or shown
    already as its owner describes it (also_listed). `code` names the reason for programs, where there is one.
    """

    outcome: Literal["held", "rejected", "removed", "also_listed"]
    reason: str
    code: str = ""


def screened(record: Received, member: Member, holders: Mapping[str, Holder], entry: Entry | None) -> Verdict | None:
    """The first thing that speaks against the record, or None; `holders` own the IRIs that aren't the member's."""
    # The registry itself minted the name of a dataset that had none.
    holder = None if record.unnamed else holders.get(record.iri)
    return (
        _hazardous(record)
        or (holder and _not_its_own(record, member, holder))
        or _returning(record, member, entry)
        or _not_for_everyone(record, entry)
    )


def unowned(tombstone: Tombstone, member: Member, holders: Mapping[str, Holder], entry: Entry | None) -> str | None:
    """Why the member may not take the record back, or None; what it published itself it may always take back."""
    holder = None if entry and entry.package_id else holders.get(tombstone.iri)
    if holder and holder.by == "untold":
        return NOT_FREE
    return f"Its address belongs to {holder.name}, and {member.title} may not take it back" if holder else None


def _hazardous(record: Received) -> Verdict | None:
    reason = f"Its address {record.iri!r} could run a script, or isn't one that every program reads"
    if is_address(record.iri):
        return None
    return Verdict("rejected", f"{reason}; its source must give it another", "bad_address")


def _not_its_own(record: Received, member: Member, holder: Holder) -> Verdict:
    """Who speaks for an address is declared, or else the first to have a record there; neither is ever overwritten."""
    if holder.by == "untold":
        return Verdict("rejected", NOT_FREE, "owned")
    owned = f"Its address belongs to {holder.name}"
    if holder.by == "declared":
        return Verdict("rejected", f"{owned}, and {member.title} may not speak for it", "owned")
    # Before anybody reads that this member lists it.
    hidden = _not_for_everyone(record, None)
    if hidden:
        return hidden
    if holder.by == "first":
        reason = f"{owned}, whose description counts; its page here says that {member.title} lists it too"
        return Verdict("also_listed", reason, "also_listed")
    approve = f"ckan citizendata harvest approve {member.id} {record.iri}"
    reason = f"{owned}, whose record was removed; a person decides whether {member.title}'s takes its place: {approve}"
    return Verdict("held", reason, "owner_gone")


def _returning(record: Received, member: Member, entry: Entry | None) -> Verdict | None:
    """A withdrawn record waits for a person; other removed ones return once the source has listed them anew.

    One that was only absent comes back by itself: its source never said that it took it back.
    """
    if entry is None or entry.state not in GONE or (entry.state != WITHDRAWN and entry.absences):
        return None
    approve = f"approve it with: ckan citizendata harvest approve {member.id} {record.iri}"
    if entry.state == WITHDRAWN:
        return Verdict("held", f"It was withdrawn, and returns only when a person agrees; {approve}", "withdrawn")
    listed = moment(record.listing.modified)
    if listed and entry.gone_since and listed > entry.gone_since:
        return None
    return Verdict(
        "held",
        f"It was removed, and the feed doesn't say that it was listed again since; if it should return, {approve}",
        "removed_before",
    )


def _not_for_everyone(record: Received, entry: Entry | None) -> Verdict | None:
    others = [audience for audience in record.listing.audiences if audience != EVERYONE]
    if not others:
        return None
    if entry and entry.package_id and entry.state in STANDING:
        return Verdict(
            "removed", f"The feed says that it isn't for everyone any more ({', '.join(others)})", "not_for_everyone"
        )
    return Verdict(
        "held",
        f"The feed says that it isn't for everyone ({', '.join(others)}); only what is for everyone is shown here",
        "not_for_everyone",
    )
