"""What a plan says is what the harvest then does, and nothing is written by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.jobs import get_queue
from ckan.tests import factories
from ckan.tests.helpers import call_action, call_auth

from ckanext.citizendata.federation.errors import HarvestRefused, PlanChanged, SourceMalformed
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.logic.harvesting import jobs
from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from ckanext.citizendata.logic.harvesting.planning import looked_at
from ckanext.citizendata.logic.publishing.ledger import SqlRuns
from ckanext.citizendata.model import outcome, record, run

from .conftest import INDIGENOUS, Kenya, Report, Server, counts, dataset, feed, iris, listing, tombstone
from .test_harvest import CATALOGUE, JANUARY, MARCH, MAY, A, B, C, everything_written, outcomes, titles

NOW = datetime.now(timezone.utc)
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency"


@dataclass(frozen=True)
class Found:
    """A plan, read whole."""

    hash: str
    counts: Mapping[str, int]
    notes: Sequence[Mapping[str, Any]]
    items: Sequence[dict[str, Any]] = field(repr=False)

    def of(self, iri: str) -> dict[str, Any]:
        return next(item for item in self.items if item["iri"] == iri)


def silence(_doing: str, _done: int, _total: int | None) -> None:
    return None


def later(days: float) -> datetime:
    """The same moment for a plan and its harvest, as reasons name the minute."""
    return NOW + timedelta(days=days)


def plan(days: float = 0) -> Found:
    """What a harvest of `kenya` would do, so many days from now."""
    with looked_at(member_named("kenya"), silence, later(days)) as look:
        head = look.head()
        return Found(head["hash"], head["counts"], head["notes"], [*look.items(0, None)])


def carry_out(hash_: str, days: float = 0) -> Report:
    """The report of a harvest that may do nothing but what the plan says."""
    items: list[Item] = []
    report = harvested(member_named("kenya"), silence, later(days), items.extend, hash_)
    return Report(report.state, report.reason, report.counts, report.notes, items)


def written() -> dict[str, object]:
    """All rows and documents, and what is known of runs."""
    rows = [(row.id, row.state) for row in [run.last("kenya")] if row]
    return {**everything_written(), "runs": rows}


def file(address: str, kind: str) -> str:
    return f'<{A}> dcat:distribution [ dcat:accessURL <{address}> ; dct:title "Table" ; dct:format <{kind}> ] .'


TYPES = "http://publications.europa.eu/resource/authority/file-type"
PARTS = " , ".join(f'[ dct:title "{number}" ]' for number in range(10_001))
HUGE = f"<{B}> dct:relation {PARTS} ."
WATER, RIVERS = dataset(A, "Water"), dataset(B, "Rivers")
TWENTY = iris(20)
# Feeds that follow each other, each with the day of its harvest.
FEEDS = {
    "changed, added, missing, back": [
        (CATALOGUE + WATER + RIVERS, 0),
        (CATALOGUE + dataset(A, "Clean water") + dataset(C, "Lakes"), 0),
        (CATALOGUE + dataset(A, "Clean water") + dataset(C, "Lakes"), 0),
        (CATALOGUE + WATER + RIVERS, 0),
    ],
    "a statement that no page shows": [
        (CATALOGUE + WATER, 0),
        (CATALOGUE + dataset(A, "Water", f'<{A}> <https://x.example.org/odd> "new" .'), 0),
    ],
    "refused ones": [
        (CATALOGUE + WATER + dataset("javascript:alert(1)", "Evil") + dataset(B, "Huge", HUGE), 0),
        (CATALOGUE + WATER + "[] a dcat:Dataset .", 0),
    ],
    "two descriptions": [
        (CATALOGUE + WATER + dataset(A, "Something else") + RIVERS, 0),
        (CATALOGUE + WATER + "<> hydra:next </2.ttl> .", 0),
    ],
    "tombstones, and last week's feed": [
        (CATALOGUE + WATER + listing(A, JANUARY) + RIVERS, 0),
        (CATALOGUE + tombstone(A, MARCH) + tombstone(B, MARCH, "deleted") + tombstone(C, MARCH), 0),
        (CATALOGUE + tombstone(A, MARCH) + tombstone(B, MARCH, "deleted") + tombstone(C, MARCH), 0),
        (CATALOGUE + WATER + listing(A, JANUARY) + RIVERS + listing(B, JANUARY), 0),
        (CATALOGUE + WATER + listing(A, MAY) + RIVERS + listing(B, MAY), 0),
    ],
    "a lowered audience": [
        (CATALOGUE + WATER + listing(A, JANUARY) + RIVERS + listing(B, JANUARY, "national"), 0),
        (CATALOGUE + WATER + listing(A, MARCH, "producer"), 0),
        (CATALOGUE + WATER + listing(A, MAY), 0),
    ],
    "absent twice, and back": [(feed([A, B]), 0), (feed([A]), 0), (feed([A]), 0.9), (feed([A]), 2), (feed([A, B]), 3)],
    "hidden while missing": [
        (feed([A], dataset(B, "Forest", f"<{B}> {INDIGENOUS} .")), 0),
        (feed([A]), 0),
        (feed([A]), 0.5),
        (feed([A], dataset(B, "Forest", f"<{B}> {INDIGENOUS} .")), 1),
    ],
    "an incomplete crawl": [(feed([A, B]), 0), (feed([A], "<> hydra:totalItems 3 ."), 2)],
    "the brake": [
        (feed(TWENTY), 0),
        (feed(TWENTY[:17]), 0),
        (feed(TWENTY[:17]), 2),
        (feed(TWENTY[:13]), 3),
        (feed(TWENTY[:13]), 5),
        (feed(TWENTY[:13], "".join(tombstone(iri, MARCH, "deleted") for iri in TWENTY[13:17])), 6),
    ],
}


@pytest.fixture
def kenya_at(server: Server, member: Callable[..., str]) -> Callable[[str], None]:
    """Sets the feed of the member `kenya`."""
    server.turtle("/2.ttl", RIVERS + dataset(A, "On the second page"))
    member("kenya", f"{server.address}/c.ttl", prefixes=["https://node.example.org/"])
    return lambda text: (server.turtle("/c.ttl", text), None)[1]


class TestPlan:
    @pytest.mark.parametrize("feeds", FEEDS.values(), ids=FEEDS.keys())
    def test_is_what_the_harvest_then_does(
        self, kenya_at: Callable[[str], None], feeds: Sequence[tuple[str, float]]
    ) -> None:
        """Counts, addresses, reasons and notes; nothing is written before, and made twice it has the same hash."""
        for text, days in feeds:
            kenya_at(text)
            before = written()
            found = plan(days)
            assert plan(days).hash == found.hash
            assert written() == before
            report = carry_out(found.hash, days)
            assert report.state == "finished"
            assert found.counts == report.counts
            told = [each for each in report.items if each.outcome != "unchanged" or each.reason or each.problems]
            names = ("iri", "outcome", "code", "reason")
            assert [[each[name] for name in names] for each in found.items] == [
                [getattr(each, name) for name in names] for each in told
            ]
            assert [len(each["problems"]) for each in found.items] == [len(each.problems) for each in told]
            assert [each["message"] for each in found.notes] == [each.message for each in report.notes]

    def test_names_what_waits_for_a_person(self, kenya: Kenya) -> None:
        """Held with the reason and the title; once a person removed them, another plan follows."""
        kenya(TWENTY)
        kenya(TWENTY[:16])
        found = plan(2)
        held = found.of(TWENTY[16])
        assert (found.counts["held"], held["outcome"], held["title"]) == (4, "held", f"Title of {TWENTY[16][-4:]}")
        assert "harvest removals kenya --approve" in held["reason"]
        carry_out(found.hash, 2)
        call_action("citizendata_removal_approve", id="kenya")
        assert plan(2).counts["held"] == 0

    @pytest.mark.parametrize(("text", "reason"), [(CATALOGUE, "lists no dataset"), ("", "neither a catalogue")])
    def test_a_feed_that_cannot_be_read_has_none(self, kenya: Kenya, server: Server, text: str, reason: str) -> None:
        """As the harvest would fail; nothing is noted anywhere."""
        kenya([A, B])
        server.turtle("/c.ttl", text)
        before = written()
        with pytest.raises(SourceMalformed, match=reason):
            plan()
        with pytest.raises(tk.ValidationError, match=reason):
            call_action("citizendata_harvest_plan", id="kenya")
        assert written() == before

    def test_not_beside_a_harvest(self, kenya: Kenya) -> None:
        """Neither of one that is under way, nor of one that begins meanwhile; afterwards it is made as ever."""
        kenya([A])
        with SqlRuns().alone("kenya"):
            with pytest.raises(HarvestRefused, match="kenya is being harvested"):
                plan()
            with pytest.raises(tk.ValidationError, match="kenya is being harvested"):
                call_action("citizendata_harvest_plan", id="kenya")
        with ExitStack() as other:

            def begins(_doing: str, _done: int, _total: int | None) -> None:
                other.enter_context(SqlRuns().alone("kenya"))

            with pytest.raises(HarvestRefused), looked_at(member_named("kenya"), begins):
                pass
        assert plan().counts["unchanged"] == 1

    def test_keeps_no_harvest_waiting(self, kenya: Kenya) -> None:
        """A person may look as long as she likes."""
        kenya([A])
        with looked_at(member_named("kenya"), silence) as look:
            assert counts(kenya([A, B])) == {"added": 1, "unchanged": 1}
            assert look.plan.counts["unchanged"] == 1


class TestDifferences:
    def test_are_old_and_new_in_the_words_of_the_page(self, kenya_at: Callable[[str], None]) -> None:
        """A title, a code by its label, a file by its name; what is the same isn't there."""
        csv, json = f"{TYPES}/CSV", f"{TYPES}/JSON"
        old = f"<{A}> dct:accrualPeriodicity <{FREQUENCY}/MONTHLY> . " + file("https://node.example.org/a", csv)
        kenya_at(CATALOGUE + dataset(A, "Water", old))
        carry_out(plan().hash)
        new = f"<{A}> dct:accrualPeriodicity <{FREQUENCY}/QUARTERLY> . " + file("https://node.example.org/a", json)
        kenya_at(CATALOGUE + dataset(A, "Clean water", new))
        changes = {each["field"]: each for each in plan().of(A)["changes"]}
        assert (changes["title_translated.en"]["old"], changes["title_translated.en"]["new"]) == (
            "Water",
            "Clean water",
        )
        code = changes["frequency"]
        assert code["label"] == "How often it is renewed"
        assert (code["old"], code["new"]) == ("MONTHLY", "QUARTERLY")
        assert (code["old_words"], code["new_words"]) == ("Every month", "Every three months")
        format_ = changes["resources[https://node.example.org/a].format"]
        assert format_["label"].startswith("File Table: ")
        assert (format_["old"], format_["new"]) == ("CSV", "JSON")
        assert "language" not in changes

    def test_are_none_where_only_other_statements_are_new(self, kenya_at: Callable[[str], None]) -> None:
        """The record changes all the same."""
        kenya_at(CATALOGUE + WATER)
        carry_out(plan().hash)
        kenya_at(CATALOGUE + dataset(A, "Water", f'<{A}> <https://x.example.org/odd> "new" .'))
        found = plan().of(A)
        assert (found["outcome"], found["title"], found["changes"]) == ("changed", "Water", [])


class TestHash:
    def test_changes_with_the_feed(self, kenya: Kenya, server: Server) -> None:
        """With a record more, and with one that says something else though the numbers are the same."""
        kenya([A])
        hashes = []
        for more in (RIVERS, dataset(B, "Lakes"), dataset(C, "Rivers"), RIVERS):
            server.turtle("/c.ttl", feed([A], more))
            hashes.append(plan().hash)
        assert len(set(hashes)) == 3
        assert hashes[0] == hashes[3]

    def test_a_harvest_of_another_plan_is_refused_in_numbers(self, kenya: Kenya, server: Server) -> None:
        """A person withdrew a record in between: nothing is written, and the run says why."""
        kenya([A, B])
        server.turtle("/c.ttl", feed([B], dataset(A, "Clean water")))
        agreed = plan().hash
        call_action("citizendata_record_withdraw", id=record.by_iri(A)[0].package_id)
        before = everything_written()
        with pytest.raises(PlanChanged) as refused:
            carry_out(agreed)
        assert str(refused.value) == (
            "Kenya isn't harvested: the plan is another one by now, with 0 changed instead of 1, 1 held instead of 0."
            " Look at it anew with: ckan citizendata harvest plan kenya"
        )
        assert refused.value.outcome == "refused(plan_changed)"
        assert everything_written() == before
        last = run.last("kenya")
        assert last is not None
        assert (last.state, last.reason, outcome.of_run(last.id, 0, 10)) == ("failed", str(refused.value), [])
        assert outcomes(carry_out(plan().hash)) == {A: "held", B: "unchanged"}

    def test_a_harvest_is_refused_where_only_words_differ(self, kenya: Kenya, server: Server) -> None:
        """The same numbers aren't the same plan."""
        kenya([A])
        server.turtle("/c.ttl", feed([], dataset(A, "Clean water")))
        agreed = plan().hash
        server.turtle("/c.ttl", feed([], dataset(A, "Dirty water")))
        with pytest.raises(PlanChanged, match="the plan has the same numbers, but other records"):
            carry_out(agreed)
        assert titles() == [f"Title of {A[-4:]}"]


class TestAction:
    def test_gives_a_few_at_a_time(self, kenya: Kenya, server: Server) -> None:
        """By their numbers; hash and counts are of the whole."""
        kenya([A])
        server.turtle("/c.ttl", feed([A, *TWENTY[:3]]))
        first = call_action("citizendata_harvest_plan", id="kenya", limit=2)
        assert [(each["number"], each["iri"]) for each in first["items"]] == [(1, TWENTY[0]), (2, TWENTY[1])]
        rest = call_action("citizendata_harvest_plan", id="kenya", after=2)
        assert [(each["number"], each["iri"]) for each in rest["items"]] == [(3, TWENTY[2])]
        assert first["hash"] == rest["hash"] == plan().hash
        assert first["counts"]["added"] == 3
        with pytest.raises(tk.ValidationError, match="'x' is no number"):
            call_action("citizendata_harvest_plan", id="kenya", limit="x")

    def test_values_are_for_the_registrys_staff(self, kenya: Kenya, server: Server) -> None:
        """Of sensitive records too; for nobody else, also not the people of the member's organisation."""
        kenya([], more=dataset(A, "Sacred forest", f"<{A}> {INDIGENOUS} ."))
        server.turtle("/c.ttl", feed([], dataset(A, "Forest", f"<{A}> {INDIGENOUS} .")))
        editor = factories.User()["name"]
        call_action("organization_member_create", id="kenya", username=editor, role="admin")
        for user in (editor, ""):
            with pytest.raises(tk.NotAuthorized):
                call_auth("citizendata_harvest_plan", {"user": user}, id="kenya")
            with pytest.raises(tk.NotAuthorized):
                tk.get_action("citizendata_harvest_plan")(tk.fresh_context({"user": user}), {"id": "kenya"})
        staff = tk.fresh_context({"user": factories.Sysadmin()["name"]})
        (item,) = tk.get_action("citizendata_harvest_plan")(staff, {"id": "kenya"})["items"]
        assert (item["changes"][0]["old"], item["changes"][0]["new"]) == ("Sacred forest", "Forest")

    def test_run_in_the_background_takes_a_plan(self, kenya: Kenya, server: Server) -> None:
        """A job of its own, beside one that waits already; what is no hash is named."""
        kenya([A])
        server.turtle("/c.ttl", feed([A, B]))
        agreed = plan().hash
        plain = call_action("citizendata_harvest_run", id="kenya")["job"]
        planned = call_action("citizendata_harvest_run", id="kenya", plan=agreed)["job"]
        job = get_queue().fetch_job(planned)
        assert planned != plain
        assert job is not None
        assert job.args == ["kenya", agreed]
        with pytest.raises(tk.ValidationError, match="'latest' is no hash of a plan"):
            call_action("citizendata_harvest_run", id="kenya", plan="latest")
        jobs.harvest("kenya", agreed)
        assert len(titles()) == 2
        jobs.harvest("kenya", agreed)
        assert "0 added instead of 1" in call_action("citizendata_harvest_show", id="kenya")["reason"]
