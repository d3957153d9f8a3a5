"""What a person decides about records that are missing, too many at once to be removed without one."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from ckanext.citizendata.logic.publishing.ledger import SqlRuns
from ckanext.citizendata.model import record

from .conftest import INDIGENOUS, Kenya, counts, iris, state
from .test_harvest import A, B, titles


class TestDecided:
    @pytest.fixture
    def held(self, kenya: Kenya) -> list[str]:
        """Four of six records that are held, the last one Indigenous data."""
        all_ = iris(6)
        more = f"<{all_[5]}> {INDIGENOUS} ."
        kenya(all_, more=more)
        kenya(all_[:2])
        assert counts(kenya(all_[:2], days=2)) == {"unchanged": 2, "held": 4}
        return all_[2:]

    def test_a_list_says_what_waits(self, held: list[str]) -> None:
        """Address, title, since when, and what is hidden already."""
        found = call_action("citizendata_removal_list", id="kenya")
        assert [(each["iri"], each["hidden"]) for each in found] == [(iri, iri == held[3]) for iri in held]
        assert found[0]["title"] == "Title of a002"
        assert "harvest removals kenya --approve" in found[0]["reason"]

    def test_approved_they_are_removed_at_once(self, kenya: Kenya, held: list[str]) -> None:
        """And come back by themselves, as others do."""
        assert call_action("citizendata_removal_approve", id="kenya") == {"removed": held, "failed": []}
        assert len(titles()) == 2
        assert {record.by_iri(iri)[0].tombstone for iri in held} == {"absent"}
        assert call_action("citizendata_removal_list", id="kenya") == []
        assert counts(kenya(iris(2), days=3)) == {"unchanged": 2}
        assert counts(kenya(iris(6), days=4)) == {"unchanged": 2, "added": 4}

    def test_some_may_be_approved(self, kenya: Kenya, held: list[str]) -> None:
        """The others wait on, however few they are."""
        assert call_action("citizendata_removal_approve", id="kenya", iris=[]) == {"removed": [], "failed": []}
        assert call_action("citizendata_removal_approve", id="kenya", iris=held[:3])["removed"] == held[:3]
        assert counts(kenya(iris(2), days=3)) == {"unchanged": 2, "held": 1}

    def test_refused_they_stay_and_nobody_is_asked_again(self, kenya: Kenya, held: list[str]) -> None:
        """What is hidden stays hidden, since its source may have meant it."""
        assert call_action("citizendata_removal_refuse", id="kenya") == {"kept": held, "hidden": held[3:]}
        for days in (3, 5):
            assert counts(kenya(iris(2), days=days)) == {"unchanged": 2, "missing": 3, "hidden": 1}
        assert len(titles()) == 5
        assert call_action("citizendata_removal_list", id="kenya") == []

    def test_asked_again_once_they_were_listed_in_between(self, kenya: Kenya, held: list[str]) -> None:
        """A new absence is a new question."""
        call_action("citizendata_removal_refuse", id="kenya")
        assert counts(kenya(iris(6), days=3)) == {"unchanged": 5, "changed": 1}
        assert len(titles()) == 6
        kenya(iris(2), days=4)
        assert counts(kenya(iris(2), days=6)) == {"unchanged": 2, "held": 4}
        assert len(held) == 4

    def test_a_person_decides_about_what_was_seen(self, kenya: Kenya, held: list[str]) -> None:
        """An address that came back meanwhile, or that never waited, isn't decided about; nothing else is either."""
        kenya(iris(3), days=3)
        with pytest.raises(tk.ValidationError, match="No decision waits about"):
            call_action("citizendata_removal_approve", id="kenya", iris=held)
        assert {state(iri) for iri in held} == {"published", "missing", "hidden"}

    @pytest.mark.parametrize("action", ["citizendata_removal_approve", "citizendata_removal_refuse"])
    @pytest.mark.parametrize(
        ("given", "wrong"), [(A, A), ({A: 1}, "{"), ([A, ""], "''"), ([[A]], A), ([7], "7"), (0, "0"), ("", "''")]
    )
    def test_addresses_are_a_list_of_texts(self, held: list[str], action: str, given: Any, wrong: str) -> None:
        """A text is no list of its letters; field and value are named."""
        with pytest.raises(tk.ValidationError) as caught:
            call_action(action, id="kenya", iris=given)
        (message,) = caught.value.error_dict["iris"]
        assert wrong in message
        assert "is no address; iris is a list of addresses" in message
        assert len(call_action("citizendata_removal_list", id="kenya")) == len(held)

    def test_not_while_it_is_harvested(self, held: list[str]) -> None:
        """The run may find the records again."""
        with SqlRuns().alone("kenya"), pytest.raises(tk.ValidationError, match="is being harvested already"):
            call_action("citizendata_removal_approve", id="kenya")
        assert {state(iri) for iri in held} == {"missing", "hidden"}


class TestReport:
    def test_stands_in_the_stored_run(self, kenya: Kenya) -> None:
        """Outcome, reason and what a person can do, as the action gives it in JSON."""
        all_ = iris(6)
        kenya(all_)
        kenya(all_[:2])
        kenya(all_[:2], days=2)
        stored = call_action("citizendata_harvest_show", id="kenya")
        assert stored["counts"]["held"] == 4
        assert stored["items"][0]["outcome"] == "note"
        assert "4 of 6 records are missing" in stored["items"][0]["reason"]
        assert stored["items"][1]["outcome"] == "held"
        assert "harvest removals kenya --approve (or --refuse)" in stored["items"][1]["reason"]

    def test_counts_nothing_of_a_run_that_never_was(self, kenya: Kenya) -> None:
        """A harvest without a decision changes no state."""
        kenya([A, B])
        report = harvested(member_named("kenya"), lambda _doing, _done, _total: None)
        assert counts(report) == {"unchanged": 2}
