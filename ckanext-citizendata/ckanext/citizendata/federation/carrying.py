"""The second half of a harvest: decisions carried out, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.compare import Decision, kept_out, refusal
from ckanext.citizendata.federation.ports import Ledger, Member, Publication, Publisher, RecordRefused
from ckanext.citizendata.federation.report import Item

__all__ = ["Carrier"]


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries out what was decided about a member's records; no record costs the others."""

    member: Member
    ledger: Ledger
    publisher: Publisher

    def carry(self, batch: Sequence[Decision]) -> Sequence[Item]:
        """What became of each record of a batch, in their order.

        Raises `RegistryUnavailable`.
        """
        items: list[Item] = []
        for is_published, group in groupby(batch, key=_is_publication):
            decisions = [*group]
            items += self._published(decisions) if is_published else map(self._done, decisions)
        return items

    def _published(self, decisions: Sequence[Decision]) -> Iterator[Item]:
        batch = [Publication(each.received, each.after) for each in decisions if each.received and each.after]
        for decision, answer in zip(decisions, self.publisher.publish(self.member, batch), strict=True):
            yield (
                self._kept_out(decision, answer)
                if isinstance(answer, RecordRefused)
                else _with_problems(decision.item, answer)
            )

    def _done(self, decision: Decision) -> Item:
        try:
            if decision.after and decision.action == "remove":
                self.publisher.remove(self.member, decision.kind, decision.after)
            elif decision.after:
                self.ledger.note(self.member.id, decision.after)
        except RecordRefused as error:
            return self._kept_out(decision, error)
        return decision.item

    def _kept_out(self, decision: Decision, error: RecordRefused) -> Item:
        item = replace(decision.item, outcome="rejected", reason=str(error))
        entry = self.ledger.of(self.member.id, [item.iri]).get(item.iri)
        refused = kept_out(item, entry) if decision.received else refusal(item, entry)
        if refused.after:
            try:
                self.ledger.note(self.member.id, refused.after)
            except RecordRefused as also:
                return replace(refused.item, reason=f"{refused.item.reason}. {also}")
        return refused.item


def _is_publication(decision: Decision) -> bool:
    return decision.action == "publish" and decision.after is not None


def _with_problems(item: Item, problems: Sequence[Problem]) -> Item:
    return replace(item, problems=(*item.problems, *problems)) if problems else item
