"""What a person decides while a harvest is under way, and runs that end early."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action, changed_config
from rq.timeouts import JobTimeoutException

from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.ports import Progress, RecordRefused
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from ckanext.citizendata.logic.publishing.ledger import SqlLedger, SqlRuns
from ckanext.citizendata.logic.publishing.publisher import ActionPublisher
from ckanext.citizendata.model import ledger, outcome, record, run
from ckanext.citizendata.model import member as members

from .conftest import Report, Server, dataset, listing, tombstone
from .test_harvest import CATALOGUE, JANUARY, MARCH, MAY, A, B, outcomes, titles

Member = Callable[..., str]
Harvest = Callable[[str], Report]


@dataclass
class Meanwhile:
    """Does something once, when the run begins to publish record number `at`."""

    does: Callable[[], object]
    at: int = 0

    def __call__(self, doing: str, done: int, _total: int | None) -> None:
        if doing == "publishing" and done == self.at:
            self.does()


def withdraw(iri: str) -> None:
    call_action("citizendata_record_withdraw", id=record.by_iri(iri)[0].package_id)


def runs_while(name: str, progress: Progress) -> Report:
    """The report of a harvest that publishes record by record, and tells `progress` before each."""
    items: list[Item] = []
    with changed_config("ckanext.citizendata.harvest_batch_records", 1):
        report = harvested(member_named(name), progress, None, items.extend)
    return Report(report.state, report.reason, report.counts, report.notes, items)


def fails(error: BaseException) -> Callable[[], object]:
    def fail() -> None:
        raise error

    return fail


def waits_for_a_lock(database: sa.engine.Connection) -> bool:
    """Whether any other connection does."""
    query = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return database.execute(sa.text(query)).first() is not None


@pytest.mark.usefixtures("registry")
class TestApprovedMeanwhile:
    def test_waits_for_the_record_before_it_takes_the_ledger(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """As a harvest and a withdrawal do; of two that took them in different orders one would fail."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water")))
        harvest(name)
        withdraw(A)
        model.Session.commit()
        approve = Thread(target=call_action, args=("citizendata_harvest_approve",), kwargs={"id": name, "iri": A})
        with model.ensure_engine().connect() as database, database.begin():
            database.execute(sa.text("SELECT 1 FROM citizendata_record FOR UPDATE"))
            approve.start()
            until = time.monotonic() + 20
            while approve.is_alive() and not waits_for_a_lock(database) and time.monotonic() < until:
                time.sleep(0.05)
            assert approve.is_alive()
            database.execute(sa.text("SELECT 1 FROM citizendata_ledger FOR UPDATE NOWAIT"))
        approve.join()
        assert ledger.by_iri(name, A).state == "approved"


@pytest.mark.usefixtures("registry")
class TestWithdrawnMeanwhile:
    def test_no_change_at_the_source_undoes_it(self, server: Server, member: Member, harvest: Harvest) -> None:
        """The run read the ledger before; the record stays hidden, and the ledger says so."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, JANUARY)))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Clean water") + listing(A, MAY))
        report = runs_while(name, Meanwhile(lambda: withdraw(A)))
        assert "withdrawn while this harvest was under way" in report.items[0].reason
        assert titles() == []
        assert ledger.by_iri(name, A).state == "withdrawn"
        assert ledger.by_iri(name, A).decided
        assert outcomes(harvest(name)) == {A: "held"}

    @pytest.mark.parametrize("later", ["", tombstone(A, MARCH, "deleted")])
    def test_neither_does_what_is_merely_noted(
        self, server: Server, member: Member, harvest: Harvest, later: str
    ) -> None:
        """A record that is missing from the feed, or that its source deletes in the same run."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(B, "Rivers") + later)
        runs_while(name, Meanwhile(lambda: withdraw(A)))
        assert ledger.by_iri(name, A).state == "withdrawn"
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, MAY) + dataset(B, "Rivers"))
        assert outcomes(harvest(name)) == {A: "held", B: "unchanged"}
        assert titles() == ["Rivers"]


@pytest.mark.usefixtures("registry")
class TestEndedEarly:
    @pytest.mark.parametrize("error", [JobTimeoutException("too slow"), ZeroDivisionError("a bug")])
    def test_the_report_tells_how_far_it_came_and_why(self, server: Server, member: Member, error: Exception) -> None:
        """Whatever ended it."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")))
        with pytest.raises(type(error)):
            runs_while(name, Meanwhile(fails(error), at=1))
        last = run.last(name)
        assert (last.state, last.counts["added"], len(outcome.of_run(last.id, 0, 9))) == ("failed", 1, 1)
        assert f"{type(error).__name__}: {error}" in last.reason

    def test_so_it_does_when_a_service_of_ours_is_away(self, server: Server, member: Member) -> None:
        """What was published before stays, and is in the report."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")))
        report = runs_while(name, Meanwhile(fails(RegistryUnavailable("the search engine is away")), at=1))
        assert report.counts["added"] == 1
        assert run.last(name).counts["added"] == 1


@pytest.mark.usefixtures("registry")
class TestApproved:
    def test_a_record_that_may_return_is_not_counted_as_published(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """Nor as missing, when its source doesn't list it; it is published when it is listed again."""
        both = CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")
        name = member("kenya", server.turtle("/c.ttl", both))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(B, "Rivers") + tombstone(A, MARCH))
        harvest(name)
        call_action("citizendata_harvest_approve", id=name, iri=A)
        assert call_action("citizendata_member_show", id=name)["records"] == {"approved": 1, "published": 1}
        server.turtle("/c.ttl", CATALOGUE + dataset(B, "Rivers"))
        assert outcomes(harvest(name)) == {B: "unchanged"}
        server.turtle("/c.ttl", both)
        assert outcomes(harvest(name)) == {A: "added", B: "unchanged"}
        assert titles() == ["Rivers", "Water"]


class Refusing(ActionPublisher):
    """The publisher on a day on which one record can't be taken away."""

    def remove(self, member, kind, after):  # noqa: ANN001, ANN201
        if after.iri == B:
            raise RecordRefused("it is locked")
        super().remove(member, kind, after)


@pytest.mark.usefixtures("registry")
class TestRemovedMember:
    def test_not_while_it_is_harvested(self, server: Server, member: Member, harvest: Harvest) -> None:
        """The action says so as a validation error, and nothing is changed."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water")))
        harvest(name)
        with SqlRuns().alone(name), pytest.raises(tk.ValidationError, match="being harvested already"):
            call_action("citizendata_member_delete", id=name)
        assert titles() == ["Water"]

    def test_goes_on_where_it_stopped(
        self, server: Server, member: Member, harvest: Harvest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A record that can't be taken away costs neither the work done nor the next try."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")))
        harvest(name)
        with monkeypatch.context() as bad_day:
            # Only one by one can a single record be refused.
            bad_day.setattr("ckanext.citizendata.logic.members.emptying.removal_misfit", lambda: "another plugin")
            bad_day.setattr("ckanext.citizendata.logic.members.emptying.ActionPublisher", Refusing)
            with pytest.raises(tk.ValidationError, match="it is locked"):
                call_action("citizendata_member_delete", id=name)
        assert titles() == ["Rivers"]
        assert members.by_id(name)
        assert call_action("citizendata_member_delete", id=name) == {"removed": 1}
        assert titles() == []
        assert members.by_id(name) is None

    def test_a_persons_withdrawal_stays_a_persons(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Its ledger row is left as it is, with the time of the decision."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")))
        harvest(name)
        withdraw(A)
        before = tuple(ledger.by_iri(name, A))
        call_action("citizendata_member_delete", id=name)
        model.Session.rollback()
        assert tuple(ledger.by_iri(name, A)) == before
        assert list(SqlLedger().of(name, [A, B])) == [A]

    def test_its_addresses_are_said_to_be_a_former_members(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """Another member waits for a person; whoever is admitted for them may speak for them again."""
        harvest(member("kenya", server.turtle("/k.ttl", CATALOGUE + dataset(A, "Water"))))
        call_action("citizendata_member_delete", id="kenya")
        url = server.turtle("/g.ttl", CATALOGUE + dataset(A, "Water"))
        other = harvest(member("ghana", url, prefixes=["https://ghana.example.org/"]))
        assert outcomes(other) == {A: "held"}
        assert "belongs to a former member, kenya" in other.items[0].reason
        heir = harvest(member("heir", url, prefixes=["https://node.example.org/"]))
        assert outcomes(heir) == {A: "added"}
