"""The second half of a harvest: decisions carried out, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import filterfalse

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.compare import Decision, kept_out, refusal
from ckanext.citizendata.federation.ports import Answer, Ledger, Member, Publication, Publisher, RecordRefused
from ckanext.citizendata.federation.report import Item

__all__ = ["Carrier"]


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries out what was decided about a member's records; no record costs the others."""

    member: Member
    ledger: Ledger
    publisher: Publisher

    def begin(self, batch: Sequence[Decision]) -> Callable[[], Sequence[Item]]:
        """What carries out a batch when it is called, and gives what became of each record, in their order.

        What is published is so together, after all else; work on it that needs no table begins before. Raises
        `RegistryUnavailable` when it is called.
        """
        return partial(self._carried, batch, self._publishing([*filter(_is_publication, batch)]))

    def _carried(self, batch: Sequence[Decision], publish: Callable[[], Iterable[Item]]) -> Sequence[Item]:
        others = iter([*map(self._done, filterfalse(_is_publication, batch))])
        published = iter([*publish()])
        return [next(published if _is_publication(each) else others) for each in batch]

    def _publishing(self, decisions: Sequence[Decision]) -> Callable[[], Iterable[Item]]:
        batch = [Publication(each.received, each.after) for each in decisions if each.received and each.after]
        return partial(self._published, decisions, self.publisher.begin(self.member, batch))

    def _published(self, decisions: Sequence[Decision], publish: Callable[[], Sequence[Answer]]) -> Iterator[Item]:
        for decision, answer in zip(decisions, publish(), strict=True):
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
        item = replace(decision.item, outcome="rejected", reason=str(error), code="refused")
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
