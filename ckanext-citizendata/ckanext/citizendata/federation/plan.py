"""What a harvest would do, counted and named by a hash before it is done."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.compare import Decision
from ckanext.citizendata.federation.errors import PlanChanged
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.preparing import Prepared
from ckanext.citizendata.federation.report import OUTCOMES

__all__ = ["Plan", "is_hash", "planned", "require", "told"]

# What is unchanged is no part of a plan: it is most of a feed, and nothing is done about it.
COUNTED = tuple(outcome for outcome in OUTCOMES if outcome != "unchanged")
NUMBER = "[0-9]{1,12}"
HASH = re.compile(rf"{NUMBER}(?:\.{NUMBER}){{{len(COUNTED) - 1}}}-[0-9a-f]{{64}}")


@dataclass(frozen=True, slots=True)
class Plan:
    """`hash` names all that would be done: the same feed beside the same ledger has the same, any other another one.

    `counts` says how many records would have each of `OUTCOMES`, `written` about how many anything would be written;
    `notes` are problems of the feed as a whole.
    """

    hash: str
    counts: Mapping[str, int]
    written: int
    notes: Sequence[Problem]


def planned(prepared: Prepared) -> Plan:
    """The plan of what is prepared; 32 bytes are kept in memory of each record about which something is done."""
    counts: Counter[str] = Counter()
    lines: list[bytes] = []
    written = 0
    for decision in prepared.agenda.decisions():
        counts[decision.item.outcome] += 1
        if not decision.is_unchanged:
            lines.append(_line(decision))
        written += decision.after is not None
    all_counts = {outcome: counts[outcome] for outcome in OUTCOMES}
    return Plan(_hash(prepared.member, all_counts, lines), all_counts, written, prepared.notes)


def told(prepared: Prepared) -> Iterator[Decision]:
    """The decisions that a plan shows, as the report of a run does: all but those that leave a record as it is."""
    for decision in prepared.agenda.decisions():
        item = decision.item
        if item.outcome != "unchanged" or item.reason or item.problems:
            yield decision


def is_hash(text: str) -> bool:
    """Whether the text looks like the hash of a plan."""
    return HASH.fullmatch(text) is not None


def require(hash_: str, plan: Plan, member: Member) -> None:
    """Raises `PlanChanged`, saying what is different in counts, where the plan has another hash than was agreed to."""
    if plan.hash == hash_:
        return
    command = f"ckan citizendata harvest plan {member.id}"
    raise PlanChanged(f"{member.title} isn't harvested: {_difference(hash_, plan)}. Look at it anew with: {command}")


def _difference(hash_: str, plan: Plan) -> str:
    agreed = dict(zip(COUNTED, map(int, hash_.partition("-")[0].split(".")), strict=True))
    others = [name for name in COUNTED if plan.counts[name] != agreed[name]]
    if not others:
        return "the plan has the same numbers, but other records, or records that say something else by now"
    counts = ", ".join(f"{plan.counts[name]} {name} instead of {agreed[name]}" for name in others)
    return f"the plan is another one by now, with {counts}"


def _line(decision: Decision) -> bytes:
    """What is done about one record, as 32 bytes."""
    after = decision.after
    fingerprint = decision.received.fingerprint if decision.received else after and after.fingerprint
    action = (decision.item.outcome, decision.action if after else None, decision.kind)
    return sha256(json.dumps([*action, decision.item.iri, fingerprint]).encode()).digest()


def _hash(member: Member, counts: Mapping[str, int], lines: list[bytes]) -> str:
    """The counts, so that a plan that isn't carried out can be told from the one of today, and the hash of all lines.

    Whose records they become is part of it, and who may read them.
    """
    lines.sort()
    digest = sha256(json.dumps([member.id, member.audience]).encode())
    for line in lines:
        digest.update(line)
    return f"{'.'.join(str(counts[name]) for name in COUNTED)}-{digest.hexdigest()}"
