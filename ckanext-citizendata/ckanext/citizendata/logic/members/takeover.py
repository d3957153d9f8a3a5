"""A record's address passes from one member to another: decided by a person, never by a feed."""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.citizendata import config
from ckanext.citizendata.core.batches import batches
from ckanext.citizendata.core.identity import normalised
from ckanext.citizendata.core.record import MEMBER, TAKEN_AWAY, WITHDRAWN, member_of
from ckanext.citizendata.federation.ports import REJECTED
from ckanext.citizendata.logic.publishing.ledger import SqlClaims
from ckanext.citizendata.model import ledger, member_feed
from ckanext.citizendata.model import record as records

__all__ = ["OTHER", "below", "hand_over", "hand_over_below", "others_at"]

log = logging.getLogger(__name__)

AT_ONCE = 1000
# The fingerprint of a record that has to be published anew whatever its feed says.
OTHER = "other"


def hand_over(member_id: str, iri: str) -> None:
    """Let a member speak for an address whose owner's record is gone; page and statements come with its next harvest.

    The record keeps its page, and who owned it lists it beside the new owner from now on. Doesn't commit. Raises
    `ValidationError` where somebody's record stands there again, and where it was withdrawn since it was removed.
    """
    authority = MEMBER + member_id
    here = [records.locked(each.package_id) for each in records.by_iri(iri)]
    gone = [row for row in here if row and row.authority != authority]
    if any(_is_withdrawn(row) for row in gone):
        message = f"The record {iri} was withdrawn by who owned it, and nobody else brings it back"
        raise tk.ValidationError({"iri": [message]})
    if any(row.state not in TAKEN_AWAY for row in gone):
        message = f"The record {iri} of its owner is back; there is nothing to take over"
        raise tk.ValidationError({"iri": [message]})
    for row in gone[:1]:
        ledger.leave_package(row.package_id)
        records.hand_over([row.package_id], authority)


def below(member_id: str) -> list[str]:
    """The packages of the records of others whose addresses a member speaks for, by what was declared."""
    claims = SqlClaims(config.base_iri())
    member = claims.by_id.get(member_id)
    prefixes = member.prefixes if member else ()
    found = records.below([normalised(prefix).removesuffix("/") for prefix in prefixes], MEMBER + member_id, MEMBER)
    return [row.package_id for row in found if claims.speaks_for(member_id, row.iri)]


def others_at(member_id: str, iri: str) -> str:
    """In words for the registry's own people, what others have at an address; "" where that is nothing."""
    found = [row for row in records.by_iri(iri) if row.authority != MEMBER + member_id]
    states = (f"{row.authority} has a record there, {WITHDRAWN if _is_withdrawn(row) else row.state}" for row in found)
    return ", ".join(states)


def _is_withdrawn(row: sa.Row[Any]) -> bool:
    """What its source withdrew after it was removed is so in the ledger alone, also in that of a former member."""
    entry = ledger.locked(member_of(row.authority) or "", row.iri)
    return entry is not None and entry.state == WITHDRAWN


def hand_over_below(member_id: str) -> int:
    """How many records of others a member has now that somebody declared what it may speak for. Doesn't commit.

    They stay as they are till its next harvest, which writes them anew, or finds them missing; what was withdrawn stays
    so. Nobody else may bring them back: two records at one address would contradict each other in every feed.
    """
    mine = below(member_id)
    reason = f"Its address was given to {member_id}"
    for some in batches(mine, AT_ONCE):
        ledger.move(some, member_id, {"state": REJECTED, "reason": reason, "decided": None}, OTHER, WITHDRAWN)
        records.hand_over(some, MEMBER + member_id)
    if mine:
        member_feed.want_whole(member_id)
        log.info("%s records of other members were given to %s", len(mine), member_id)
    return len(mine)
