"""Records that nobody reads while their feed doesn't list them, and runs that are killed among missing records."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from rq.timeouts import JobTimeoutException

from ckanext.citizendata.logic.publishing.batch import BatchPublisher
from ckanext.citizendata.model import ledger, record

from .conftest import INDIGENOUS, VOCABULARY, Kenya, Report, Server, counts, dataset, feed, iris, state
from .test_harvest import A, B, outcomes, titles
from .test_meanwhile import withdraw

Member = Callable[..., str]
Harvest = Callable[..., Report]

HIGH = f"cdata:sensitivity <{VOCABULARY}/sensitivity/high>"
SEVERE = f"cdata:sensitivity <{VOCABULARY}/sensitivity/severe>"
LOW = f"cdata:sensitivity <{VOCABULARY}/sensitivity/low_or_none>"


class TestHidden:
    @pytest.mark.parametrize("said", [INDIGENOUS, HIGH, SEVERE])
    def test_at_once_and_back_when_it_is_listed(self, kenya: Kenya, app: CKANTestApp, said: str) -> None:
        """No page, search or feed has it; an ordinary record that is missing beside it stays before readers."""
        careful = dataset(B, "Forest", f"<{B}> {said} .")
        kenya([A, f"{A}x"], more=careful)
        page = f"/dataset/{call_action('package_show', id=record.by_iri(B)[0].package_id)['name']}"
        assert app.get(page).status_code == 200
        report = kenya([A])
        assert outcomes(report) == {A: "unchanged", B: "hidden", f"{A}x": "missing"}
        assert "may have been withdrawn" in next(item.reason for item in report.items if item.iri == B)
        app.get(page, status=404)
        app.get(f"{page}.ttl", status=410)
        catalogue = app.get("/catalog.ttl").body
        assert "Forest" not in catalogue
        assert "tombstone/no_longer_public" in catalogue
        assert len(titles()) == 2
        assert outcomes(kenya([A, f"{A}x"], days=0.1, more=careful)) == dict.fromkeys([A, B, f"{A}x"], "unchanged")
        assert app.get(page).status_code == 200
        assert "Forest" in app.get("/catalog.ttl").body
        assert "Forest" in titles()

    def test_an_answer_that_harms_nobody_hides_nothing(self, kenya: Kenya) -> None:
        """Low sensitivity is no reason."""
        kenya([A], more=dataset(B, "Forest", f"<{B}> {LOW} ."))
        assert outcomes(kenya([A]))[B] == "missing"
        assert "Forest" in titles()

    def test_what_is_not_for_everyone(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Signed-in users read it no more either."""
        member("kenya", server.turtle("/c.ttl", feed([A, B])), audience="national")
        harvest("kenya")
        server.turtle("/c.ttl", feed([A]))
        assert outcomes(harvest("kenya")) == {A: "unchanged", B: "hidden"}
        assert [record.by_iri(iri)[0].state for iri in (A, B)] == ["live", "closed"]
        server.turtle("/c.ttl", feed([A, B]))
        harvest("kenya")
        assert [record.by_iri(iri)[0].state for iri in (A, B)] == ["live", "live"]

    def test_is_removed_like_any_other(self, kenya: Kenya) -> None:
        """Absent twice; and it returns with what it says then."""
        kenya([A], more=dataset(B, "Forest", f"<{B}> {INDIGENOUS} ."))
        kenya([A])
        assert outcomes(kenya([A], days=2)) == {A: "unchanged", B: "removed"}
        assert record.by_iri(B)[0].tombstone == "absent"
        assert outcomes(kenya([A, B], days=3)) == {A: "unchanged", B: "added"}
        assert len(titles()) == 2

    def test_a_person_may_withdraw_it_meanwhile(self, kenya: Kenya) -> None:
        """Then no listing brings it back."""
        careful = dataset(B, "Forest", f"<{B}> {INDIGENOUS} .")
        kenya([A], more=careful)
        kenya([A])
        withdraw(B)
        assert outcomes(kenya([A], days=2)) == {A: "unchanged"}
        assert outcomes(kenya([A], days=3, more=careful)) == {A: "unchanged", B: "held"}
        assert state(B) == "withdrawn"

    def test_asks_the_database_once_a_run(self, kenya: Kenya) -> None:
        """However many records are missing."""
        all_ = iris(8)
        kenya(all_)
        said: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            said.append(statement)

        sa.event.listen(model.meta.engine, "before_cursor_execute", note)
        try:
            kenya(all_[:2])
        finally:
            sa.event.remove(model.meta.engine, "before_cursor_execute", note)
        assert len([each for each in said if "extras ->>" in each]) == 1


class Dying(BatchPublisher):
    """The publisher in a process that is killed when it comes to the second removal."""

    removals = 0

    def remove(self, member, kind, after):  # noqa: ANN001, ANN201
        Dying.removals += 1
        if Dying.removals == 2:
            raise JobTimeoutException("killed")
        super().remove(member, kind, after)


class TestKilled:
    def test_between_two_records_counts_none_twice(
        self, kenya: Kenya, server: Server, harvest: Harvest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The run that goes on ends where an undisturbed one would have ended."""
        all_ = [*iris(5)]
        more = "".join(f"<{iri}> {INDIGENOUS} ." for iri in all_)
        kenya(all_, more=more)
        server.turtle("/c.ttl", feed(all_[:2], more="".join(f"<{iri}> {INDIGENOUS} ." for iri in all_[:2])))
        monkeypatch.setattr(Dying, "removals", 0)
        with monkeypatch.context() as bad_day:
            bad_day.setattr("ckanext.citizendata.logic.harvesting.harvest.BatchPublisher", Dying)
            with pytest.raises(JobTimeoutException):
                harvest("kenya")
        assert [state(iri) for iri in all_] == ["published"] * 2 + ["hidden", "published", "published"]
        assert counts(harvest("kenya")) == {"unchanged": 2, "hidden": 3}
        assert [ledger.by_iri("kenya", iri).absences for iri in all_] == [0, 0, 1, 1, 1]

    def test_while_removing_goes_on_with_the_rest(
        self, kenya: Kenya, server: Server, harvest: Harvest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Neither the brake nor the count begins anew."""
        all_ = iris(5)
        kenya(all_)
        kenya(all_[:2])
        monkeypatch.setattr(Dying, "removals", 0)
        with monkeypatch.context() as bad_day:
            bad_day.setattr("ckanext.citizendata.logic.harvesting.harvest.BatchPublisher", Dying)
            with pytest.raises(JobTimeoutException):
                harvest("kenya", 2)
        assert len(titles()) == 4
        assert counts(harvest("kenya", 2)) == {"unchanged": 2, "removed": 2}
        assert len(titles()) == 2
        assert server.seen
