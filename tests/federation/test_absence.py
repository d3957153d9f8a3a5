"""Records that a feed doesn't list any more are removed on evidence alone."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.citizendata.model import change, ledger, record

from .conftest import (
    INDIGENOUS,
    PREFIXES,
    Kenya,
    Report,
    Server,
    answer,
    counts,
    dataset,
    feed,
    iris,
    listing,
    state,
    tombstone,
)
from .test_harvest import CATALOGUE, JANUARY, MARCH, A, B, everything_written, outcomes, titles

Harvest = Callable[..., Report]


def readers_find() -> int:
    """How many records an anonymous reader finds."""
    return tk.get_action("package_search")(tk.fresh_context({"user": ""}), {"rows": 0})["count"]


class TestAbsentTwice:
    def test_is_removed_a_day_later_and_not_before(self, kenya: Kenya) -> None:
        """However often it is harvested in between; the sentence says when."""
        kenya([A, B])
        assert outcomes(kenya([A])) == {A: "unchanged", B: "missing"}
        before = everything_written()
        report = kenya([A], days=0.9)
        assert outcomes(report) == {A: "unchanged", B: "missing"}
        assert everything_written() == before
        assert len(titles()) == 2
        assert "It is removed if a complete harvest after" in next(
            each.reason for each in report.items if each.iri == B
        )
        assert outcomes(kenya([A], days=1.1)) == {A: "unchanged", B: "removed"}
        assert len(titles()) == 1
        assert outcomes(kenya([A], days=2.2)) == {A: "unchanged"}

    def test_leaves_a_tombstone_of_its_own_kind_and_keeps_the_package(self, kenya: Kenya, app: CKANTestApp) -> None:
        """Deleted, not purged; who harvests from here is told."""
        kenya([A, B])
        kenya([A])
        kenya([A], days=2)
        (row,) = record.by_iri(B)
        assert (row.state, row.tombstone) == ("absent", "absent")
        assert [step.operation for step in change.of_package(row.package_id)] == ["create", "delete"]
        package = model.Package.get(row.package_id)
        assert package is not None
        assert package.state == "deleted"
        assert "tombstone/absent" in app.get("/catalog.ttl").body
        assert app.get(f"/dataset/{row.package_id}", status=404)

    def test_comes_back_by_itself_at_the_same_address(self, kenya: Kenya) -> None:
        """Its feed needs no date: the source never said that it took it back."""
        kenya([A, B])
        before = call_action("package_show", id=record.by_iri(B)[0].package_id)
        kenya([A])
        kenya([A], days=2)
        report = kenya([A, B], days=3)
        assert outcomes(report) == {A: "unchanged", B: "added"}
        (row,) = record.by_iri(B)
        after = call_action("package_show", id=row.package_id)
        assert (after["name"], after["state"]) == (before["name"], "active")
        assert (row.state, row.tombstone) == ("live", None)
        assert len(titles()) == 2

    def test_not_without_a_listing_in_between(self, kenya: Kenya) -> None:
        """Two absences with a listing between them are two first ones."""
        kenya([A, B])
        kenya([A])
        assert outcomes(kenya([A, B], days=2)) == {A: "unchanged", B: "unchanged"}
        assert outcomes(kenya([A], days=4)) == {A: "unchanged", B: "missing"}
        assert state(B) == "missing"

    def test_a_listing_that_cannot_be_taken_is_a_listing(self, kenya: Kenya) -> None:
        """The record stays as it was published, and nothing is counted on."""
        kenya([A, B])
        kenya([A])
        odd = kenya([A], days=2, more=dataset(B, "One") + "<> hydra:next </2.ttl> .")
        assert odd.state == "failed"
        huge = " , ".join(f'[ dct:title "{number}" ]' for number in range(10_001))
        assert outcomes(kenya([A], days=2, more=dataset(B, "Huge", f"<{B}> dct:relation {huge} .")))[B] == "rejected"
        assert (state(B), ledger.by_iri("kenya", B).absences) == ("published", 0)
        assert outcomes(kenya([A], days=4))[B] == "missing"

    def test_a_tombstone_makes_it_final(self, kenya: Kenya) -> None:
        """What was only absent and is then taken back doesn't return with an old feed."""
        kenya([A, B])
        kenya([A])
        kenya([A], days=2)
        kenya([A], days=3, more=tombstone(B, MARCH, "deleted"))
        assert outcomes(kenya([A], days=4, more=dataset(B, "Old") + listing(B, JANUARY))) == {A: "unchanged", B: "held"}

    @pytest.mark.ckan_config("ckanext.citizendata.harvest_absence_hours", 72)
    def test_the_time_between_can_be_set(self, kenya: Kenya) -> None:
        """In hours, for the whole registry."""
        kenya([A, B])
        kenya([A])
        assert outcomes(kenya([A], days=2.9))[B] == "missing"
        assert outcomes(kenya([A], days=3.1))[B] == "removed"


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    body = (PREFIXES + feed([A])).encode()
    answer(handler, body, "text/turtle", Content_Length=str(len(body) + 100))


class TestNoEvidence:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (CATALOGUE, "lists no dataset any more, after 3 before"),
            ("", "neither a catalogue nor a dataset"),
            (feed([A], "<> hydra:next </nowhere.ttl> ."), "answers 404"),
            (feed([A])[:-30], "Unexpected end"),
        ],
    )
    def test_a_failed_crawl_removes_hides_and_counts_nothing(
        self, server: Server, kenya: Kenya, harvest: Harvest, text: str, reason: str
    ) -> None:
        """Empty, a page that is lost, cut off: also when it stays so for days, and a healthy member isn't touched."""
        more = dataset(B, "Forest", f"<{B}> {INDIGENOUS} .")
        kenya([A, f"{A}x"], more=more)
        before = everything_written()
        for days in (0, 2, 4):
            server.turtle("/c.ttl", text)
            report = harvest("kenya", days)
            assert reason in str(report.reason)
            assert everything_written() == before
        assert outcomes(kenya([A], days=6, more=more)) == {A: "unchanged", B: "unchanged", f"{A}x": "missing"}

    @pytest.mark.parametrize(
        ("more", "gap"),
        [
            ("<> hydra:totalItems 3 .", "The feed says that it has 3 datasets and lists fewer"),
            ("[] a dcat:Dataset .", "The feed lists datasets without an address"),
        ],
    )
    def test_an_incomplete_crawl_does_neither(self, kenya: Kenya, more: str, gap: str) -> None:
        """The report says what is missing for a proof; what is listed is harvested all the same."""
        kenya([A, B], more=dataset(f"{A}x", "Forest", f"<{A}x> {INDIGENOUS} ."))
        for days in (0, 2, 4):
            report = kenya([A], days=days, more=more)
            assert {outcome for outcome in outcomes(report).values()} <= {"unchanged", "rejected"}
            assert f"{gap}" in report.notes[0].message
            assert report.notes[0].message.endswith("none of the others counts as missing [held(incomplete)]")
            assert len(titles()) == 3
        assert [state(iri) for iri in (B, f"{A}x")] == ["published", "published"]

    def test_a_feed_with_nothing_but_tombstones_is_believed_in_these_alone(self, kenya: Kenya) -> None:
        """What was taken back goes; the rest isn't missing."""
        kenya([A, B])
        for days in (0, 2, 4):
            report = kenya([], days=days, more=tombstone(B, MARCH))
            assert "nothing but what was taken back" in report.notes[0].message
        assert len(titles()) == 1
        assert (state(A), state(B)) == ("published", "withdrawn")

    def test_an_answer_that_breaks_off_proves_nothing(self, server: Server, kenya: Kenya, harvest: Harvest) -> None:
        """Though all that arrived can be read."""
        kenya([A, B])
        for days in (0, 2):
            server.answer("/c.ttl", cut_off)
            assert "broke off in the middle" in str(harvest("kenya", days).reason)
        assert len(titles()) == 2
        assert outcomes(kenya([A, B], days=4)) == {A: "unchanged", B: "unchanged"}


class TestBrake:
    def test_lets_three_of_few_pass_and_holds_four(self, kenya: Kenya) -> None:
        """Of 20: three go by themselves, a fourth at the same time would have held all."""
        all_ = iris(20)
        kenya(all_)
        kenya(all_[:17])
        assert counts(kenya(all_[:17], days=2)) == {"unchanged": 17, "removed": 3}
        kenya(all_[:13], days=3)
        report = kenya(all_[:13], days=5)
        assert counts(report) == {"unchanged": 13, "held": 4}
        assert "4 of 17 records are missing from the feed" in report.notes[0].message
        assert readers_find() == 17

    def test_lets_a_tenth_of_many_pass_and_holds_one_more(self, kenya: Kenya) -> None:
        """Of 50: five go by themselves; of the other 45 five are too many."""
        all_ = iris(50)
        kenya(all_)
        kenya(all_[:45])
        assert counts(kenya(all_[:45], days=2)) == {"unchanged": 45, "removed": 5}
        kenya(all_[:40], days=3)
        assert counts(kenya(all_[:40], days=5)) == {"unchanged": 40, "held": 5}

    def test_is_set_for_each_member(self, kenya: Kenya) -> None:
        """With zero a person decides about every removal."""
        call_action("citizendata_member_patch", id="kenya", brake_records=0, brake_percent=0)
        kenya([A, B])
        kenya([A])
        assert outcomes(kenya([A], days=2)) == {A: "unchanged", B: "held"}

    def test_tombstones_go_beyond_it(self, kenya: Kenya) -> None:
        """However many: the source itself says so; what is absent beside them is held."""
        all_ = iris(20)
        kenya(all_)
        gone = "".join(tombstone(iri, MARCH, "deleted") for iri in all_[:10])
        kenya(all_[14:], more=gone)
        assert counts(kenya(all_[14:], days=2, more=gone)) == {"unchanged": 16, "held": 4}
        assert readers_find() == 10

    def test_tombstones_take_what_waits_for_a_person(self, kenya: Kenya) -> None:
        """The question is answered by the source."""
        all_ = iris(6)
        kenya(all_)
        kenya(all_[:2])
        assert counts(kenya(all_[:2], days=2)) == {"unchanged": 2, "held": 4}
        report = kenya(all_[:2], days=3, more="".join(tombstone(iri, MARCH) for iri in all_[2:]))
        assert counts(report) == {"unchanged": 2, "removed": 4}
        assert call_action("citizendata_removal_list", id="kenya") == []
