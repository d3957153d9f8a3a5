"""To which organisations a member's records belong, and which records of different members look alike."""

from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from click.testing import Result

from ckanext.citizendata.logic.publishing.ledger import SqlRuns
from ckanext.citizendata.model import record

from .conftest import Report, Server, counts, dataset
from .test_commands import command as command
from .test_harvest import CATALOGUE, A, B, C

Command = Callable[..., Result]
Harvest = Callable[..., Report]
Member = Callable[..., str]
DESK = "https://water.example.org/"


def by(iri: str, name: str, address: str = "") -> str:
    """That a dataset is published by somebody."""
    agent = f"<{address}>" if address else "_:" + name.replace(" ", "")
    return f'<{iri}> dct:publisher {agent} . {agent} a foaf:Agent ; foaf:name "{name}" .\n'


def whose(iri: str) -> str:
    """The organisation that a record belongs to, by its page and by the search."""
    (row,) = record.by_iri(iri)
    shown = call_action("package_show", id=row.package_id)["organization"]["name"]
    found = call_action("package_search", fq=f"id:{row.package_id}")["results"]
    assert [each["organization"]["name"] for each in found] == [shown]
    rows = model.Session.execute(
        sa.text("SELECT group_id FROM member WHERE table_id = :id AND state = 'active'"), {"id": row.package_id}
    )
    assert [model.Group.get(id_).name for (id_,) in rows] == [shown]
    return shown


@pytest.fixture
def kenya(server: Server, member: Member, harvest: Harvest) -> Server:
    """A member with two records of one publisher and one of another."""
    feed = dataset(A, "Water") + by(A, "Water desk", DESK) + dataset(B, "Wells") + by(B, "Water desk", DESK)
    member("kenya", server.turtle("/c.ttl", CATALOGUE + feed + dataset(C, "Rivers") + by(C, "River desk")))
    assert counts(harvest("kenya")) == {"added": 3}
    factories.Organization(name="water", title="Water")
    return server


@pytest.mark.usefixtures("kenya")
class TestPublishers:
    def test_are_listed_with_counts(self, command: Command) -> None:
        """The largest first; at the beginning all is the member's own."""
        assert command("member", "publishers", "kenya").output.splitlines() == [
            f"       2  {DESK}  Water desk  ->  kenya (its own)",
            "       1  River desk  ->  kenya (its own)",
        ]

    def test_are_mapped_for_records_here_and_to_come(self, kenya: Server, command: Command, harvest: Harvest) -> None:
        """Those that are there move at once, new and changed ones follow; a rebuild leaves them there."""
        done = command("member", "map", "kenya", DESK, "water")
        assert done.output == f"2 records were moved to water; others of {DESK} follow them.\n"
        assert [whose(iri) for iri in (A, B, C)] == ["water", "water", "kenya"]
        new = "https://node.example.org/dataset/d"
        feed = dataset(A, "Waters") + by(A, "Water desk", DESK) + dataset(B, "Wells") + by(B, "River desk")
        more = dataset(C, "Rivers") + by(C, "River desk") + dataset(new, "Lakes") + by(new, "Water desk", DESK)
        kenya.turtle("/c.ttl", CATALOGUE + feed + more)
        assert counts(harvest("kenya")) == {"added": 1, "changed": 2, "unchanged": 1}
        assert [whose(iri) for iri in (A, B, C, new)] == ["water", "kenya", "kenya", "water"]
        command("rebuild", "--all")
        assert whose(A) == "water"
        assert command("member", "map", "kenya", DESK, "kenya").output.startswith("2 records were moved to kenya;")
        assert [whose(iri) for iri in (A, new)] == ["kenya", "kenya"]
        assert all(each["organization"] is None for each in call_action("citizendata_publisher_list", id="kenya"))

    def test_cant_be_mapped_to_what_is_no_organisation(self, command: Command) -> None:
        """Nor beside a harvest; nothing moves then."""
        factories.Group(name="friends")
        for reference in ("nowhere", "friends"):
            done = command("member", "map", "kenya", DESK, reference)
            assert done.exit_code == 1
            assert f"There is no organisation {reference}" in done.output
        with SqlRuns().alone("kenya"):
            assert command("member", "map", "kenya", DESK, "water").exit_code == 1
        assert whose(A) == "kenya"

    def test_of_an_organisation_that_is_gone_are_the_members_own_again(self, kenya: Server, harvest: Harvest) -> None:
        """With what comes next; a harvest doesn't fail of it."""
        call_action("citizendata_publisher_map", id="kenya", publisher="River desk", organization="water")
        call_action("citizendata_publisher_map", id="kenya", publisher="River desk", organization="kenya")
        call_action("citizendata_publisher_map", id="kenya", publisher="Lake desk", organization="water")
        call_action("organization_delete", id="water")
        new = "https://node.example.org/dataset/d"
        kenya.turtle("/c.ttl", CATALOGUE + dataset(new, "Lakes") + by(new, "Lake desk"))
        assert harvest("kenya").counts["added"] == 1
        assert whose(new) == "kenya"


@pytest.mark.usefixtures("kenya")
class TestMatches:
    @pytest.fixture(autouse=True)
    def ghana(self, server: Server, member: Member, harvest: Harvest) -> list[str]:
        """A member with one record that takes over an address as identifier, one with the same words, and another."""
        found = [f"https://ghana.example.org/{each}" for each in range(3)]
        feed = dataset(found[0], "Other title", f'<{found[0]}> dct:identifier "{A}" .')
        feed += dataset(found[1], "RIVERS") + by(found[1], "River Desk", "https://rivers.example.org/")
        feed += dataset(found[2], "Rivers") + by(found[2], "Somebody else")
        url = server.turtle("/g.ttl", "<https://ghana.example.org/> a dcat:Catalog .\n" + feed)
        member("ghana", url, prefixes=["https://ghana.example.org/"])
        assert counts(harvest("ghana")) == {"added": 3}
        return found

    def test_are_listed_with_reasons_and_never_merged(self, ghana: list[str]) -> None:
        """Two pairs; what is alike in nothing but the title is none."""
        told = {
            (frozenset({pair["left"]["iri"], pair["right"]["iri"]}), *pair["reasons"])
            for pair in call_action("citizendata_match_list")
        }
        assert told == {
            (frozenset({A, ghana[0]}), "Both give the same identifier"),
            (frozenset({C, ghana[1]}), "Both have the same title, publisher and years"),
        }
        assert call_action("package_search")["count"] == 6

    def test_are_decided_on_a_page(self, app: CKANTestApp) -> None:
        """Which the list of what needs the staff leads to, and nobody else sees."""
        staff = {"Authorization": factories.APIToken(user=factories.Sysadmin()["name"])["token"]}
        needs = app.get("/needs.json", headers=staff).json["needs"]
        assert [(need["kind"], need["count"]) for need in needs] == [("matches", 2)]
        assert 'href="/needs/alike"' in app.get("/needs", headers=staff).body
        body = app.get("/needs/alike", headers=staff).body
        assert all(text in body for text in ("RIVERS", "Other title", "Both give the same identifier"))
        assert app.get("/needs/alike").status_code == 403
        first, _second = call_action("citizendata_match_list")
        answer = {"left": first["left"]["id"], "right": first["right"]["id"], "decision": "different"}
        assert app.post("/needs/alike", data=answer).status_code == 403
        app.post("/needs/alike", data=answer, headers=staff)
        assert len(call_action("citizendata_match_list")) == 1

    def test_are_remembered_when_decided(self, command: Command, server: Server, harvest: Harvest) -> None:
        """Also after both were harvested anew; another pair still waits."""
        first, _second = call_action("citizendata_match_list")
        names = [first[side]["name"] for side in ("right", "left")]
        assert command("match", "decide", *names, "different").exit_code == 0
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water anew") + dataset(C, "Rivers") + by(C, "River desk"))
        harvest("kenya")
        assert len(call_action("citizendata_match_list")) == 1
        assert [each["decision"] for each in call_action("citizendata_match_list", decided=True)] == ["different"]
        assert "different" in command("match", "list", "--decided").output
        assert command("match", "list").output.count("(ghana, ") == 1

    def test_end_when_the_records_are_alike_no_more(self, server: Server, harvest: Harvest) -> None:
        """Or when one of them is gone."""
        server.turtle("/c.ttl", CATALOGUE + dataset(C, "Streams") + by(C, "River desk"))
        harvest("kenya")
        (left,) = call_action("citizendata_match_list")
        assert left["reasons"] == ["Both give the same identifier"]
        call_action("citizendata_member_delete", id="ghana")
        assert call_action("citizendata_match_list") == []

    def test_refuse_what_is_no_pair_and_no_decision(self, ghana: list[str]) -> None:
        """With a sentence each."""
        (one,), (other,) = record.by_iri(B), record.by_iri(ghana[2])
        pair = {"left": one.package_id, "right": other.package_id}
        with pytest.raises(tk.ObjectNotFound, match="never found to look alike"):
            call_action("citizendata_match_decide", **pair, decision="same")
        with pytest.raises(tk.ValidationError, match="'perhaps' is no decision"):
            call_action("citizendata_match_decide", **pair, decision="perhaps")
        with pytest.raises(tk.ObjectNotFound, match="There is no dataset nowhere"):
            call_action("citizendata_match_decide", left="nowhere", right=one.package_id, decision="same")
