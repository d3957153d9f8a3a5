"""One harvest of one member: read the feed to its end, decide about each record, do what was decided, tell all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from ckanext.citizendata.core.batches import batches, one_ahead
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.admittance import require_harvestable
from ckanext.citizendata.federation.carrying import Carrier
from ckanext.citizendata.federation.errors import (
    DecisionWanted,
    PlanChanged,
    RegistryUnavailable,
    SourceMalformed,
    SourceUnreachable,
)
from ckanext.citizendata.federation.feed_state import FeedStates
from ckanext.citizendata.federation.grouping import Grouping
from ckanext.citizendata.federation.plan import planned, require
from ckanext.citizendata.federation.ports import Member, Progress, Publisher, Runs, Told
from ckanext.citizendata.federation.preparing import Preparer
from ckanext.citizendata.federation.report import FAILED, FINISHED, OUTCOMES, Item, Report

__all__ = ["Harvester"]


@dataclass(slots=True)
class _Account:
    """What a run did so far, told on as it happens, so that a run that ends early still tells what it did.

    `refused` are the addresses of records that the next run tries again.
    """

    run_id: int
    runs: Runs
    told: Told
    counts: Counter[str] = field(default_factory=Counter)
    grouping: Grouping = field(default_factory=Grouping)
    notes: list[Problem] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def add(self, items: Sequence[Item]) -> None:
        self.counts.update(item.outcome for item in items)
        self.refused.update(item.iri for item in items if item.code == "refused")
        self.grouping.add(items)
        self.runs.tell(self.run_id, items)
        self.told(items)

    def note(self, problems: Sequence[Problem]) -> None:
        self.notes += problems
        items = [Item("", "note", each.message, code=each.code) for each in problems]
        self.grouping.add(items)
        self.runs.tell(self.run_id, items)


@dataclass(frozen=True, slots=True)
class Harvester:
    """Carries feeds into a registry through its ports; `batch` records are published together.

    What is known of signed feeds (`states`) is renewed only by a run that went well.
    """

    preparer: Preparer
    publisher: Publisher
    runs: Runs
    states: FeedStates
    batch: int = 100

    def run(self, member: Member, now: datetime, progress: Progress, told: Told, plan: str | None = None) -> Report:
        """Harvest `member` once; the report is stored, also that of a run that fails.

        With the hash of a `plan` nothing else is done than what that says. Raises `PlanChanged` where it would be, and
        `HarvestRefused` where another run of the member is under way, or the member isn't to be harvested.
        """
        require_harvestable(member, plan)
        with self.runs.alone(member.id) as go_on:
            ended_well = self.runs.ended_well(member.id)
            run_id = self.runs.start(member.id)
            account = _Account(run_id, self.runs, told)
            reason, code = "The run was interrupted", "interrupted"
            try:
                if not ended_well:
                    self.publisher.sweep(member)
                self._carry(member, now, plan, _watched(progress, go_on, partial(self.runs.progress, run_id)), account)
                reason = code = ""
            except (SourceUnreachable, SourceMalformed) as error:
                reason, code = f"{member.title} can't be harvested: {error}. Nothing was changed", error.code
                self._put_off(member, error)
            except PlanChanged as error:
                reason, code = str(error), error.code
                raise
            except RegistryUnavailable as error:
                reason, code = f"{member.title} was harvested in part: {error}. The next run goes on", error.code
            except BaseException as error:
                reason = f"{member.title} was harvested in part: {type(error).__name__}: {error}. The next run goes on"
                raise
            finally:
                counts = {outcome: account.counts[outcome] for outcome in OUTCOMES}
                state = FAILED if reason else FINISHED
                groups = tuple(account.grouping.groups())
                report = Report(run_id, member.id, state, reason or None, counts, tuple(account.notes), code, groups)
                self.runs.finish(report)
        return report

    def _carry(self, member: Member, now: datetime, plan: str | None, progress: Progress, account: _Account) -> None:
        """Nothing is changed before the feed was read to its end, and a plan that was agreed to is the same still."""
        with self.preparer.prepared(member, now, progress) as prepared:
            if plan is not None:
                require(plan, planned(prepared), member)
            account.note(prepared.notes)
            agenda = prepared.agenda
            carrier = Carrier(member, self.preparer.ledger, self.publisher)
            done = 0
            for carry in one_ahead(map(carrier.begin, batches(agenda.decisions(), self.batch))):
                progress("publishing", done, agenda.size)
                items = carry()
                account.add(items)
                done += len(items)
            account.note(self.publisher.settle())
            progress("publishing", done, done)
            state = prepared.state_after(account.refused)
            if state:
                self.states.accept(member.id, state)

    def _put_off(self, member: Member, error: Exception) -> None:
        if isinstance(error, DecisionWanted):
            self.states.wait(member.id, error.x, error.epoch)


def _watched(progress: Progress, go_on: Callable[[], None], kept: Progress) -> Progress:
    def tell(doing: str, done: int, total: int | None) -> None:
        go_on()
        kept(doing, done, total)
        progress(doing, done, total)

    return tell
