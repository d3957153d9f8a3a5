"""Records whose address came to another member while a harvest was under way that judged without knowing it."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.citizendata.core.identity import derived_id
from ckanext.citizendata.core.record import MEMBER, TAKEN_AWAY
from ckanext.citizendata.federation.ports import Entry, Member
from ckanext.citizendata.model import record as records

__all__ = ["GIVEN_MEANWHILE", "given_away"]

GIVEN_MEANWHILE = (
    "Its address was given to another catalogue while this harvest was under way; its record stays as it is"
)


def given_away(member: Member, entries: Iterable[Entry]) -> frozenset[str]:
    """Addresses of those of the entries whose package, or the one that it would get, others have at that address.

    Of records that the member has none of itself. A package that a run never saw is no matter where what was in it is
    removed by now: then its address may be the member's again.
    """
    entries = [*entries]
    known = {each.package_id: each.iri for each in entries if each.package_id}
    derived = {derived_id(member.id, each.iri): each.iri for each in entries}
    rows = records.of_others([*known, *derived], MEMBER + member.id)
    standing = {row.iri for row in rows if derived.get(row.package_id) == row.iri and row.state not in TAKEN_AWAY}
    return frozenset({known[row.package_id] for row in rows if row.package_id in known} | standing)
