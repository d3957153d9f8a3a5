"""A record that a person withdraws while its feed doesn't list it, and restores, is what it was before."""

from __future__ import annotations

import pytest
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from click.testing import CliRunner

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.model import ledger, record

from .conftest import INDIGENOUS, Kenya, counts, dataset, iris, state
from .test_harvest import A, B, outcomes, titles
from .test_meanwhile import withdraw

CAREFUL = dataset(B, "Forest", f"<{B}> {INDIGENOUS} .")


def restore(iri: str) -> str:
    """The state of the record afterwards."""
    return call_action("citizendata_record_restore", id=record.by_iri(iri)[0].package_id)["state"]


def standing(iri: str) -> tuple[str, str]:
    """The state of a record of `kenya`, of itself and in the ledger."""
    return record.by_iri(iri)[0].state, state(iri)


class TestHidden:
    def test_stays_hidden_until_it_is_listed(self, kenya: Kenya, app: CKANTestApp) -> None:
        """Nobody's click takes the place of what its source says."""
        kenya([A], more=CAREFUL)
        page = f"/dataset/{call_action('package_show', id=record.by_iri(B)[0].package_id)['name']}"
        kenya([A])
        before = ledger.by_iri("kenya", B)
        withdraw(B)
        assert restore(B) == "closed"
        after = ledger.by_iri("kenya", B)
        assert standing(B) == ("closed", "hidden")
        assert (after.absences, after.missing_since) == (1, before.missing_since)
        app.get(page, status=404)
        assert "Forest" not in app.get("/catalog.ttl").body
        assert len(titles()) == 1
        assert outcomes(kenya([A], days=0.1, more=CAREFUL))[B] == "unchanged"
        assert standing(B) == ("live", "published")
        assert app.get(page).status_code == 200

    def test_also_where_a_listing_could_not_be_taken(self, kenya: Kenya) -> None:
        """Nothing is counted of it then, and it is hidden all the same."""
        kenya([A], more=CAREFUL)
        kenya([A])
        assert outcomes(kenya([A], more=dataset(B, r"Forest\u0000")))[B] == "rejected"
        assert ledger.by_iri("kenya", B).absences == 0
        withdraw(B)
        restore(B)
        assert standing(B) == ("closed", "hidden")

    def test_is_removed_as_if_nothing_had_been(self, kenya: Kenya) -> None:
        """Absent twice."""
        kenya([A], more=CAREFUL)
        kenya([A])
        withdraw(B)
        restore(B)
        assert outcomes(kenya([A], days=2))[B] == "removed"

    def test_is_told_to_who_restores_it(self, kenya: Kenya, app: CKANTestApp) -> None:
        """On the page before, and by the command after."""
        kenya([A], more=CAREFUL)
        kenya([A])
        withdraw(B)
        name = call_action("package_show", id=record.by_iri(B)[0].package_id)["name"]
        headers = {"Authorization": factories.APIToken(user=factories.Sysadmin()["name"])["token"]}
        assert "stays hidden as it was before" in app.get(f"/dataset/restore/{name}", headers=headers).body
        done = CliRunner().invoke(citizendata, ["restore", name])
        assert "nobody reads it here until it does" in done.output


class TestMissing:
    def test_is_live_with_what_was_counted(self, kenya: Kenya) -> None:
        """An ordinary record is before readers while it is missing."""
        kenya([A, B])
        kenya([A])
        before = ledger.by_iri("kenya", B)
        withdraw(B)
        assert restore(B) == "live"
        after = ledger.by_iri("kenya", B)
        assert standing(B) == ("live", "missing")
        assert (after.absences, after.missing_since) == (1, before.missing_since)
        assert outcomes(kenya([A], days=2))[B] == "removed"

    def test_is_published_where_its_feed_lists_it(self, kenya: Kenya) -> None:
        """The everyday case, of careful records too."""
        kenya([A], more=CAREFUL)
        for iri in (A, B):
            withdraw(iri)
            restore(iri)
            assert standing(iri) == ("live", "published")

    def test_a_listing_while_it_is_withdrawn_starts_the_count_anew(self, kenya: Kenya) -> None:
        """Two absences with a listing between them are two first ones; and it stays withdrawn by a person."""
        kenya([A, B])
        kenya([A])
        withdraw(B)
        assert outcomes(kenya([A, B], days=1)) == {A: "unchanged", B: "held"}
        assert (state(B), bool(ledger.by_iri("kenya", B).decided)) == ("withdrawn", True)
        restore(B)
        assert outcomes(kenya([A], days=2))[B] == "missing"


class TestDecision:
    @pytest.fixture
    def held(self, kenya: Kenya) -> list[str]:
        """Four of six records whose removal waits for a person."""
        kenya(iris(6))
        kenya(iris(2))
        assert counts(kenya(iris(2), days=2)) == {"unchanged": 2, "held": 4}
        return iris(6)[2:]

    def test_waits_not_while_it_is_withdrawn(self, kenya: Kenya, held: list[str]) -> None:
        """A person took it away already; once it is back the question is there again."""
        withdraw(held[0])
        assert [each["iri"] for each in call_action("citizendata_removal_list", id="kenya")] == held[1:]
        assert call_action("citizendata_removal_approve", id="kenya")["removed"] == held[1:]
        restore(held[0])
        assert counts(kenya(iris(2), days=3)) == {"unchanged": 2, "held": 1}

    def test_that_was_refused_stays_refused(self, kenya: Kenya, held: list[str]) -> None:
        """Nobody is asked again."""
        call_action("citizendata_removal_refuse", id="kenya")
        withdraw(held[0])
        restore(held[0])
        assert counts(kenya(iris(2), days=3)) == {"unchanged": 2, "missing": 4}
