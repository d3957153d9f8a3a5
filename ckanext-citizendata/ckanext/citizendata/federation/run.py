"""One harvest of one member: read the feed, screen and compare each record, publish what changed, report all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ckanext.citizendata.core.identity import GENID
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.absence import Patience, absent, unlisted
from ckanext.citizendata.federation.compare import Decision, decided, distinct, kept_out, refusal, taken_back
from ckanext.citizendata.federation.errors import RegistryUnavailable, SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.fetch import Fetcher
from ckanext.citizendata.federation.ports import (
    STANDING,
    Claims,
    Entry,
    Ledger,
    Member,
    Progress,
    Publisher,
    RecordRefused,
    Runs,
)
from ckanext.citizendata.federation.reading import Feed, feed_at
from ckanext.citizendata.federation.report import FAILED, FINISHED, Item, Report
from ckanext.citizendata.federation.screen import screened, unowned

__all__ = ["Harvester"]


@dataclass(frozen=True, slots=True)
class Harvester:
    """Carries feeds into a registry through its ports; `base_iri` is the registry's own.

    `apart` is the least time between two absences that count as evidence.
    """

    fetcher: Fetcher
    ledger: Ledger
    publisher: Publisher
    claims: Claims
    runs: Runs
    base_iri: str
    apart: timedelta = timedelta(hours=24)

    def run(self, member: Member, now: datetime, progress: Progress) -> Report:
        """Harvest `member` once; the report is stored, also that of a run that fails.

        Raises `HarvestRefused` where another run of the member is under way.
        """
        with self.runs.alone(member.id):
            ended_well = self.runs.ended_well(member.id)
            run_id = self.runs.start(member.id)
            items: list[Item] = []
            notes: list[Problem] = []
            reason: str | None = "The run was interrupted"
            try:
                if not ended_well:
                    self.publisher.sweep(member)
                self._carry(member, now, progress, items, notes)
                reason = None
            except (SourceUnreachable, SourceMalformed) as error:
                reason = f"{member.title} can't be harvested: {error}. Nothing was changed"
            except RegistryUnavailable as error:
                reason = f"{member.title} was harvested in part: {error}. The next run goes on"
            except BaseException as error:
                reason = f"{member.title} was harvested in part: {type(error).__name__}: {error}. The next run goes on"
                raise
            finally:
                state = FAILED if reason else FINISHED
                report = Report(run_id, member.id, state, reason, tuple(items), tuple(notes))
                self.runs.finish(report)
        return report

    def _carry(
        self, member: Member, now: datetime, progress: Progress, items: list[Item], notes: list[Problem]
    ) -> None:
        """Adds to `items` and `notes` as it goes, so that a run that ends early still tells what it did."""
        mint = f"{self.base_iri}{GENID}{member.id}/"
        entries = self.ledger.entries(member.id)
        feed = feed_at(self.fetcher, member.url, mint, lambda iri: bool(self.claims.holder(member, iri)), progress)
        notes += feed.notes
        _refuse_emptied(feed, member, entries)
        decisions = [*self._taken_back(member, feed, entries, now)]
        decisions += self._absences(member, feed, entries, now, notes)
        decisions += self._listed(member, feed, entries, now)
        for done, decision in enumerate(decisions):
            progress("publishing", done, len(decisions))
            items.append(self._carried_out(member, decision, entries.get(decision.item.iri)))
        progress("publishing", len(decisions), len(decisions))

    def _taken_back(
        self, member: Member, feed: Feed, entries: Mapping[str, Entry], now: datetime
    ) -> Iterator[Decision]:
        """Tombstones: they come first, so that what was taken back is hidden before anything else happens."""
        for tombstone in feed.tombstones.values():
            entry = entries.get(tombstone.iri)
            reason = unowned(tombstone, member, self.claims, entry)
            yield Decision(Item(tombstone.iri, "rejected", reason)) if reason else taken_back(tombstone, entry, now)

    def _absences(
        self, member: Member, feed: Feed, entries: Mapping[str, Entry], now: datetime, notes: list[Problem]
    ) -> Sequence[Decision]:
        """Records that the feed doesn't list; without a complete crawl nothing is decided about them."""
        missing = unlisted(entries, feed.listed)
        notes += [_incomplete(gap, member) for gap in feed.gaps if missing or feed.records]
        if feed.gaps or not missing:
            return ()
        standing = sum(entry.state in STANDING for entry in entries.values())
        patience = Patience(member, self.apart)
        decisions, waiting = absent(missing, standing, self.ledger.guarded(missing), patience, now)
        notes += waiting
        return decisions

    def _listed(self, member: Member, feed: Feed, entries: Mapping[str, Entry], now: datetime) -> Iterator[Decision]:
        single, doubtful = distinct(record for record in feed.records if record.iri not in feed.tombstones)
        yield from (kept_out(item, entries.get(item.iri)) for item in doubtful)
        for problem in feed.refused:
            item = Item(problem.path, "rejected", problem.message)
            yield kept_out(item, entries.get(item.iri)) if item.iri else Decision(item)
        for record in single:
            entry = entries.get(record.iri)
            yield decided(record, screened(record, member, self.claims, entry), entry, now)

    def _carried_out(self, member: Member, decision: Decision, entry: Entry | None) -> Item:
        """What became of the record: the one place where a single record may fail without costing the others."""
        try:
            return self._done(member, decision)
        except RecordRefused as error:
            item = Item(decision.item.iri, "rejected", str(error), decision.item.problems)
            refused = kept_out(item, entry) if decision.received else refusal(item, entry)
            if refused.after:
                self.ledger.note(member.id, refused.after)
            return refused.item

    def _done(self, member: Member, decision: Decision) -> Item:
        problems = ()
        if decision.after is None:
            return decision.item
        if decision.action == "publish" and decision.received:
            problems = self.publisher.publish(member, decision.received, decision.after)
        elif decision.action == "remove":
            self.publisher.remove(member, decision.kind, decision.after)
        else:
            self.ledger.note(member.id, decision.after)
        return replace(decision.item, problems=(*decision.item.problems, *problems))


def _incomplete(gap: str, member: Member) -> Problem:
    return Problem(
        member.url, "incomplete", f"{gap}; none of the others counts as missing [held(incomplete)]", "warning"
    )


def _refuse_emptied(feed: Feed, member: Member, entries: Mapping[str, Entry]) -> None:
    """A catalogue that had datasets and lists none any more is taken for broken, not for empty."""
    had = sum(entry.state in STANDING for entry in entries.values())
    if had and not feed.listed:
        raise SourceMalformed(member.url, f"the catalogue lists no dataset any more, after {had} before")
