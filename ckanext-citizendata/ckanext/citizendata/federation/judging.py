"""The first half of a harvest: a page of a feed beside the ledger, one decision for each record, nothing done yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ckanext.citizendata.core.custody import passed
from ckanext.citizendata.core.identity import GENID
from ckanext.citizendata.core.listing import Tombstone
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.splitting import Received, Rest, Split, split
from ckanext.citizendata.federation.beside import Begin
from ckanext.citizendata.federation.compare import Decision, decided, kept_out, looped, not_listed_beside, taken_back
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.ports import BESIDE_OWNERS, STANDING, Claims, Entry, Holder, Ledger, Member
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.federation.screen import screened, unowned
from ckanext.citizendata.federation.spool import Spool

__all__ = ["Judge"]


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides about the records of one member's feed; names what has no IRI below `base_iri`."""

    member: Member
    ledger: Ledger
    claims: Claims
    base_iri: str
    begin_work: Begin
    now: datetime

    def begin(self, page: Page) -> Callable[[], Split]:
        """Begin to split a page, as if all that it describes were the member's: nearly always it is.

        Pages are split one by one: blank nodes below a shared agent must not add up over pages.
        """
        return self.begin_work(_split, page.text, self._mint, page.rest)

    def judge(self, page: Page, found: Split, spool: Spool) -> Sequence[Problem]:
        """Put the decisions about a page into the spool; what comes back are problems that belong to no record."""
        if page.part == 0:
            spool.turn()
        holders = self.claims.holders(self.member, found.subjects)
        if holders:
            found = split(page.text, self._mint, holders.__contains__, rest=page.rest)
        entries = self.ledger.of(self.member.id, _named(found))
        spool.stand(iri for iri, entry in entries.items() if entry.state in STANDING)
        spool.take_back(self._tombstones(found.tombstones, entries))
        spool.refuse(_refused(problem, entries.get(problem.path)) for problem in found.refused)
        spool.describe(
            (record.fingerprint, self._decided(record, holders, entry))
            for record in found.records
            for entry in [entries.get(record.iri)]
        )
        return found.problems

    @property
    def _mint(self) -> str:
        return f"{self.base_iri}{GENID}{self.member.id}/"

    def _decided(self, record: Received, holders: Mapping[str, Holder], entry: Entry | None) -> Decision:
        if passed(record.listing.custody, self.base_iri):
            return looped(record.iri, entry)
        return decided(record, screened(record, self.member, holders, entry), entry, self.now)

    def _tombstones(self, found: Sequence[Tombstone], entries: Mapping[str, Entry]) -> Sequence[Decision]:
        holders = self.claims.holders(self.member, [each.iri for each in found])
        return [self._tombstone(each, holders, entries.get(each.iri)) for each in found]

    def _tombstone(self, tombstone: Tombstone, holders: Mapping[str, Holder], entry: Entry | None) -> Decision:
        reason = unowned(tombstone, self.member, holders, entry)
        if reason:
            item = Item(tombstone.iri, "rejected", reason, code="owned")
            listed = entry if entry and entry.state in BESIDE_OWNERS else None
            return replace(not_listed_beside(listed), item=item) if listed else Decision(item)
        return taken_back(tombstone, entry, self.now)


def _split(text: str, mint: str, rest: Rest) -> Split:
    return split(text, mint, frozenset().__contains__, rest=rest)


def _named(found: Split) -> set[str]:
    return {
        *(each.iri for each in found.records),
        *(each.iri for each in found.tombstones),
        *(each.path for each in found.refused),
    }


def _refused(problem: Problem, entry: Entry | None) -> Decision:
    item = Item(problem.path, "rejected", problem.message, code=problem.code)
    return kept_out(item, entry) if item.iri else Decision(item)
