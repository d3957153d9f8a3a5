from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import make_connection
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.citizendata.core.graph import graph_from_ntriples
from ckanext.citizendata.federation.errors import HarvestRefused
from ckanext.citizendata.logic.publishing.ledger import SqlRuns
from ckanext.citizendata.model import change, ledger, record

from .conftest import Report, Server, dataset, listing, tombstone

CATALOGUE = "<https://node.example.org/> a dcat:Catalog .\n"
A, B, C = (f"https://node.example.org/dataset/{name}" for name in "abc")
JANUARY, MARCH, MAY = (f"2026-{month}-01T00:00:00Z" for month in ("01", "03", "05"))

Member = Callable[..., str]
Harvest = Callable[[str], Report]


def outcomes(report: Report) -> dict[str, str]:
    return {item.iri: item.outcome for item in report.items}


def titles() -> list[str]:
    """What an anonymous reader finds."""
    found = tk.get_action("package_search")(tk.fresh_context({"user": ""}), {"sort": "name asc"})
    return [package["title"] for package in found["results"]]


def everything_written() -> dict[str, object]:
    """Each row with the transaction that wrote it, and each document of the index with its version."""
    tables = ("package", "resource", "citizendata_record", "citizendata_change", "citizendata_ledger")
    rows = {
        table: sorted(map(str, model.Session.execute(sa.text(f"SELECT xmin::text, {table}::text FROM {table}"))))
        for table in tables
    }
    documents = make_connection().search("*:*", fl="index_id,_version_", rows=1000).docs
    return {**rows, "index": sorted(map(str, documents))}


@pytest.mark.usefixtures("registry")
class TestHarvest:
    def test_publishes_what_a_feed_lists(self, server: Server, member: Member, harvest: Harvest) -> None:
        """A reader finds the records; each says where it comes from, and its statements are kept."""
        url = server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers"))
        report = harvest(member("kenya", url))
        assert outcomes(report) == {A: "added", B: "added"}
        assert titles() == ["Rivers", "Water"]
        (row,) = record.by_iri(A)
        assert row.authority == "member:kenya"
        assert f'<{A}> <http://purl.org/dc/terms/title> "Water"@en' in row.fragment

    def test_writes_nothing_the_second_time(self, server: Server, member: Member, harvest: Harvest) -> None:
        """No row in package, resource, record, change or ledger, nothing in the index; only the run itself."""
        more = f"<{A}> dcat:distribution [ dcat:accessURL <https://node.example.org/a.csv> ] ."
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water", more) + tombstone(C, MARCH)))
        harvest(name)
        before = everything_written()
        assert outcomes(harvest(name)) == {A: "unchanged", C: "unchanged"}
        assert everything_written() == before

    def test_follows_what_changes_at_the_source(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Changed, added and missing records; what is merely missing stays before readers."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Clean water") + dataset(C, "Lakes"))
        assert outcomes(harvest(name)) == {A: "changed", B: "missing", C: "added"}
        assert titles() == ["Lakes", "Rivers", "Clean water"]
        assert ledger.by_iri(name, B).state == "missing"

    def test_a_missing_record_is_noted_once_and_may_return(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """Each run tells of it; the ledger keeps since when."""
        both = CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")
        name = member("kenya", server.turtle("/c.ttl", both))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water"))
        harvest(name)
        before = everything_written()
        assert outcomes(harvest(name)) == {A: "unchanged", B: "missing"}
        assert everything_written() == before
        server.turtle("/c.ttl", both)
        assert outcomes(harvest(name)) == {A: "unchanged", B: "unchanged"}
        assert ledger.by_iri(name, B).state == "published"

    def test_notices_a_change_that_the_page_does_not_show(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """A statement outside the schema changes the record, and those who harvest from here are told."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water")))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water", f'<{A}> <https://x.example.org/odd> "new" .'))
        assert outcomes(harvest(name)) == {A: "changed"}
        (row,) = record.by_iri(A)
        assert '"new"' in row.fragment
        assert [step.operation for step in change.of_package(row.package_id)] == ["create", "update"]

    def test_keeps_name_and_file_addresses_over_changes(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Links to the page and to the file stay good."""
        file = f"<{A}> dcat:distribution [ dcat:accessURL <https://node.example.org/a.csv> ] ."
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water", file)))
        harvest(name)
        (row,) = record.by_iri(A)
        before = call_action("package_show", id=row.package_id)
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Clean water", file))
        harvest(name)
        after = call_action("package_show", id=row.package_id)
        assert after["title"] == "Clean water"
        assert (after["name"], after["resources"][0]["id"]) == (before["name"], before["resources"][0]["id"])

    def test_names_never_collide(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Many datasets called alike, in two members."""
        many = "".join(dataset(f"{A}{number}", "Survey") for number in range(5))
        for name in ("kenya", "ghana"):
            url = server.turtle(f"/{name}.ttl", CATALOGUE + many.replace("node.example", f"{name}.example"))
            report = harvest(member(name, url, prefixes=[f"https://{name}.example.org/"]))
            assert report.counts["added"] == 5

    def test_holds_an_address_with_two_descriptions(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Pages that say different things of one dataset; equal copies count as one."""
        first = dataset(A, "Water") + dataset(B, "Rivers") + "<> hydra:next </2.ttl> ."
        url = server.turtle("/c.ttl", CATALOGUE + first)
        server.turtle("/2.ttl", dataset(A, "Something else") + dataset(B, "Rivers"))
        assert outcomes(harvest(member("kenya", url))) == {A: "held", B: "added"}
        assert titles() == ["Rivers"]

    def test_nobody_edits_what_comes_from_a_member(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Not even a sysadmin, by whatever action."""
        harvest(member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water"))))
        (row,) = record.by_iri(A)
        with pytest.raises(tk.NotAuthorized):
            call_action("package_patch", id=row.package_id, title_translated={"en": "Mine"})

    def test_a_second_harvest_at_once_is_refused(self, server: Server, member: Member, harvest: Harvest) -> None:
        """One run a member at a time, on however many machines."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water")))
        with SqlRuns().alone(name), pytest.raises(HarvestRefused, match="being harvested already"):
            harvest(name)
        assert harvest(name).state == "finished"

    def test_one_bad_record_never_costs_the_others(self, server: Server, member: Member, harvest: Harvest) -> None:
        """A record beyond all limits stands in the report with its reason."""
        parts = " , ".join(f'[ dct:title "{number}" ]' for number in range(10_001))
        url = server.turtle(
            "/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Huge", f"<{B}> dct:relation {parts} .")
        )
        report = harvest(member("kenya", url))
        assert outcomes(report) == {A: "added", B: "rejected"}
        assert "more than 10000 parts" in next(item.reason for item in report.items if item.iri == B)

    def test_a_search_engine_that_is_down_stops_the_run(
        self, server: Server, member: Member, harvest: Harvest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No record is blamed for it, none is half there, and search finds it when the next run goes on."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water")))
        with monkeypatch.context() as down:
            down.setitem(tk.config, "solr_url", "http://127.0.0.1:9/solr/none")
            down.setitem(tk.config, "ckanext.citizendata.search_patience_seconds", 2)
            report = harvest(name)
        assert report.state == "failed"
        assert report.reason == (
            "Kenya was harvested in part: the search engine of this registry doesn't answer. The next run goes on"
        )
        assert outcomes(harvest(name)) == {A: "unchanged"}
        assert titles() == ["Water"]


@pytest.mark.usefixtures("registry")
class TestTakenBack:
    def test_a_tombstone_removes_the_record(self, server: Server, member: Member, harvest: Harvest) -> None:
        """It is gone for readers, and this registry's own feed passes the tombstone on."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + tombstone(A, MARCH) + tombstone(B, MARCH, "deleted"))
        assert outcomes(harvest(name)) == {A: "removed", B: "removed"}
        assert titles() == []
        assert [record.by_iri(iri)[0].tombstone for iri in (A, B)] == ["withdrawn", "deleted"]

    def test_a_withdrawal_after_a_removal_is_passed_on(self, server: Server, member: Member, harvest: Harvest) -> None:
        """What was deleted may return by itself, what was withdrawn may not; readers of ours must learn that."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(B, "Rivers") + tombstone(A, MARCH, "deleted"))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(B, "Rivers") + tombstone(A, MAY))
        assert outcomes(harvest(name)) == {A: "removed", B: "unchanged"}
        assert titles() == ["Rivers"]
        (gone,) = record.by_iri(A)
        assert (gone.state, gone.tombstone) == ("withdrawn", "withdrawn")
        assert change.of_package(gone.package_id)[-1].operation == "withdraw"
        assert outcomes(harvest(name)) == {A: "unchanged", B: "unchanged"}

    def test_last_weeks_feed_brings_nothing_back(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Whatever kind the tombstone was of, also for a record that was never here."""
        old = CATALOGUE + dataset(A, "Water") + listing(A, JANUARY) + dataset(B, "Rivers") + listing(B, JANUARY)
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, JANUARY)))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + tombstone(A, MARCH, "deleted") + tombstone(B, MARCH))
        harvest(name)
        server.turtle("/c.ttl", old)
        assert outcomes(harvest(name)) == {A: "held", B: "held"}
        assert titles() == []

    def test_a_withdrawn_record_waits_for_approval(self, server: Server, member: Member, harvest: Harvest) -> None:
        """However new the feed says it is."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, JANUARY)))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + tombstone(A, MARCH))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, MAY))
        report = harvest(name)
        assert outcomes(report) == {A: "held"}
        assert f"harvest approve kenya {A}" in report.items[0].reason
        call_action("citizendata_harvest_approve", id=name, iri=A)
        assert outcomes(harvest(name)) == {A: "added"}
        assert titles() == ["Water"]

    @pytest.mark.parametrize("kind", ["deleted", "no_longer_public", "moved", "duplicate"])
    def test_the_other_kinds_return_when_listed_anew(
        self, server: Server, member: Member, harvest: Harvest, kind: str
    ) -> None:
        """A later listing than the tombstone, at the same address as before."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, JANUARY)))
        harvest(name)
        (before,) = record.by_iri(A)
        server.turtle("/c.ttl", CATALOGUE + tombstone(A, MARCH, kind))
        harvest(name)
        assert titles() == []
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, MAY))
        assert outcomes(harvest(name)) == {A: "added"}
        assert titles() == ["Water"]
        assert record.by_iri(A)[0].package_id == before.package_id

    def test_a_registrys_own_withdrawal_outlasts_the_next_harvest(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """What the registry's people hid stays hidden, though the source still lists it."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, JANUARY)))
        harvest(name)
        call_action("citizendata_record_withdraw", id=record.by_iri(A)[0].package_id)
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Clean water") + listing(A, MAY))
        assert outcomes(harvest(name)) == {A: "held"}
        assert titles() == []


@pytest.mark.usefixtures("registry")
class TestAudience:
    def test_only_what_is_for_everyone_is_taken(self, server: Server, member: Member, harvest: Harvest) -> None:
        """A feed that lists something for fewer readers has made a mistake; a person looks."""
        feed = dataset(A, "Water") + listing(A, JANUARY) + dataset(B, "Rivers") + listing(B, JANUARY, "national")
        report = harvest(member("kenya", server.turtle("/c.ttl", CATALOGUE + feed)))
        assert outcomes(report) == {A: "added", B: "held"}

    def test_a_lowered_audience_removes(self, server: Server, member: Member, harvest: Harvest) -> None:
        """No longer public at the source, so no longer here; it returns with a later listing for everyone."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, JANUARY)))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, MARCH, "producer"))
        assert outcomes(harvest(name)) == {A: "removed"}
        assert titles() == []
        assert record.by_iri(A)[0].tombstone == "no_longer_public"
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, MAY))
        assert outcomes(harvest(name)) == {A: "added"}
        assert titles() == ["Water"]

    def test_a_feed_never_raises_what_the_member_was_admitted_for(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """The member's records are for signed-in users here, whatever its feed says."""
        feed = dataset(A, "Water") + listing(A, JANUARY) + dataset(B, "Rivers")
        harvest(member("kenya", server.turtle("/c.ttl", CATALOGUE + feed), audience="national"))
        assert titles() == []
        assert {record.by_iri(iri)[0].audience for iri in (A, B)} == {"national"}


@pytest.mark.usefixtures("registry")
class TestOwnership:
    def test_nobody_speaks_for_another_members_addresses(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """Neither by prefix, nor for a record that another one published first, nor for this registry's own."""
        kenya = dataset(A, "Water") + dataset("https://free.example.org/1", "First")
        first = member("kenya", server.turtle("/k.ttl", CATALOGUE + kenya), prefixes=["https://node.example.org/"])
        harvest(first)
        before = [tuple(record.by_iri(iri)[0]) for iri in (A, "https://free.example.org/1")]
        own = f"{tk.config['ckan.site_url']}/dataset/x"
        claims = [A, B, "https://free.example.org/1", own, "https://evil.example.org/1"]
        feed = "".join(dataset(iri, "Evil") for iri in claims)
        url = server.turtle("/e.ttl", "<https://evil.example.org/> a dcat:Catalog .\n" + feed)
        report = harvest(member("evil", url, prefixes=["https://evil.example.org/"]))
        listed = {"https://free.example.org/1": "also_listed", "https://evil.example.org/1": "added"}
        assert outcomes(report) == {**dict.fromkeys(claims, "rejected"), **listed}
        assert "belongs to Kenya" in next(item.reason for item in report.items if item.iri == A)
        assert [tuple(record.by_iri(iri)[0]) for iri in (A, "https://free.example.org/1")] == before

    def test_no_address_holds_statements_about_another(self, server: Server, member: Member, harvest: Harvest) -> None:
        """An IRI with brackets and line feeds in it stays one IRI in what is kept."""
        smuggled = "<http://e\\u003E\\u0020.\\u000A\\u003Chttps://victim.example.org/d\\u003E\\u0020\\u003Chttp://q>"
        feed = CATALOGUE + dataset(A, "Water", f"<{A}> dct:relation {smuggled} .")
        harvest(member("kenya", server.turtle("/c.ttl", feed)))
        (row,) = record.by_iri(A)
        assert {each.subject.value for each in graph_from_ntriples(row.fragment)} == {A}
        assert not any(line.startswith("<https://victim") for line in row.fragment.splitlines())

    @pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "https://node.example.org/{x}"])
    def test_an_address_that_is_a_hazard_is_not_taken(
        self, server: Server, member: Member, harvest: Harvest, iri: str
    ) -> None:
        """A script as the name of a dataset, or one that no other program reads, reaches no page and no feed."""
        written = iri.replace("{", "\\u007B").replace("}", "\\u007D")
        url = server.turtle("/c.ttl", CATALOGUE + dataset(written, "Evil") + dataset(A, "Water"))
        report = harvest(member("kenya", url, prefixes=["https://node.example.org/"]))
        assert outcomes(report) == {iri: "rejected", A: "added"}
        assert titles() == ["Water"]

    def test_a_page_links_to_web_addresses_alone(
        self, server: Server, member: Member, harvest: Harvest, app: CKANTestApp
    ) -> None:
        """Scripts as addresses of files and contacts, as texts too."""
        bad = ' "javascript:alert(1)" , <javascript:alert(2)> '
        contact = (
            "dcat:contactPoint [ <http://www.w3.org/2006/vcard/ns#fn> 'X' ; <http://www.w3.org/2006/vcard/ns#hasURL>"
        )
        more = f"<{A}> dcat:distribution [ dcat:accessURL {bad} ] ; dcat:landingPage {bad} ; {contact} {bad} ] ."
        harvest(member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water", more))))
        page = app.get(f"/dataset/{model.Package.get(record.by_iri(A)[0].package_id).name}")
        assert 'href="javascript' not in page.text

    def test_tombstones_reach_own_records_alone(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Nobody withdraws what another member published."""
        harvest(member("kenya", server.turtle("/k.ttl", CATALOGUE + dataset(A, "Water"))))
        url = server.turtle("/e.ttl", "<https://evil.example.org/> a dcat:Catalog .\n" + tombstone(A, MAY))
        harvest(member("evil", url, prefixes=["https://evil.example.org/"]))
        assert titles() == ["Water"]

    def test_a_feed_sets_none_of_what_we_decide(self, server: Server, member: Member, harvest: Harvest) -> None:
        """The package belongs to the member's organisation, under a name of ours."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water")))
        harvest(name)
        package = call_action("package_show", id=record.by_iri(A)[0].package_id)
        assert package["organization"]["name"] == "kenya"
        assert package["name"].startswith("water-")
        assert package["uri"] == A
