from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action, call_auth
from click.testing import CliRunner, Result

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.logic.publishing.ledger import SqlRuns
from ckanext.citizendata.model import ledger, record
from ckanext.citizendata.model import member as members

from .conftest import Server, dataset, listing, tombstone
from .test_harvest import CATALOGUE, JANUARY, MARCH, MAY, A, B, titles

Command = Callable[..., Result]


@pytest.fixture
def command(registry: None) -> Command:  # noqa: ARG001
    """Runs `ckan citizendata …` in this process, on the site that the test has already."""
    return lambda *words: CliRunner().invoke(citizendata, words)


@pytest.fixture
def kenya(server: Server, command: Command) -> Server:
    """A server whose catalogue is the member `kenya`."""
    url = server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, JANUARY))
    assert command("member", "add", "kenya", url, "--title", "Kenya counts").exit_code == 0
    return server


class TestMember:
    def test_add_says_what_comes_next(self, server: Server, command: Command) -> None:
        """Title, prefixes and the command for the first harvest."""
        done = command("member", "add", "ghana", f"{server.address}/g.ttl", "--title", "Ghana", "--every", "0")
        assert done.output.splitlines() == [
            f"Ghana is a member; it may speak for {server.address}/.",
            "Harvest it now with: ckan citizendata harvest run ghana",
        ]
        assert call_action("organization_show", id="ghana")["title"] == "Ghana"

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("Big Name", "https://x.example.org/"), "'Big Name' is no name for a member"),
            (("kenya", "https://x.example.org/"), "There is a member kenya already"),
            (("x1", "ftp://x.example.org/"), "only addresses that begin with http:// or https:// are read"),
            (("x1", "/etc/passwd"), "only addresses that begin with http:// or https:// are read"),
            (("x1", "https://user:pass@x.example.org/"), "user name or password"),
            (("x1", "https://x.example.org/", "--audience", "all"), "'all' is no audience; choose one of: producer"),
            (("x1", "https://x.example.org/", "--every", "often"), "'often' is no number of minutes"),
            (("x1", "https://x.example.org/", "--prefix", "mine"), "'mine' is no beginning of an address"),
        ],
    )
    def test_add_names_what_cannot_be_used(
        self, kenya: Server, command: Command, words: tuple[str, ...], sentence: str
    ) -> None:
        """A sentence, an exit code, and nothing half-made."""
        before = len(members.every())
        done = command("member", "add", *words)
        assert done.exit_code == 1
        assert sentence in done.output
        assert "pass@" not in done.output
        assert len(members.every()) == before
        assert kenya.seen == []

    def test_two_members_never_speak_for_the_same_addresses(self, kenya: Server, command: Command) -> None:
        """The second one on a server says what it may speak for."""
        done = command("member", "add", "ghana", f"{kenya.address}/g.ttl")
        assert done.exit_code == 1
        assert f"kenya speaks for {kenya.address}/ already; say with --prefix" in done.output

    def test_list_and_show_tell_all(self, kenya: Server, command: Command) -> None:
        """With and without a harvest behind it."""
        assert "never harvested" in command("member", "list").output
        command("harvest", "run", "kenya")
        assert "1 published" in command("member", "list").output
        shown = command("member", "show", "kenya").output
        assert all(
            text in shown for text in ("Kenya counts", f"{kenya.address}/c.ttl", "every 60 minutes", "1 published")
        )

    def test_an_unknown_name_is_answered_with_those_that_are_known(self, kenya: Server, command: Command) -> None:  # noqa: ARG002
        """For every command that takes one."""
        for words in (("member", "show"), ("member", "remove", "--yes"), ("harvest", "run"), ("harvest", "show")):
            done = command(*words, "gana")
            assert done.exit_code == 1
            assert "There is no member gana; members are: kenya" in done.output

    def test_remove_takes_all_records_away_with_tombstones(self, kenya: Server, command: Command) -> None:  # noqa: ARG002
        """And the organisation, which nothing belongs to any more."""
        command("harvest", "run", "kenya")
        done = command("member", "remove", "kenya", "--yes")
        assert "Kenya counts is no member any more; 1 records were taken away." in done.output
        assert titles() == []
        (row,) = record.by_iri(A)
        assert (row.state, row.tombstone) == ("deleted", "deleted")
        assert call_action("organization_list") == []

    def test_a_member_may_come_back_with_its_records_but_not_the_withdrawn(
        self, kenya: Server, command: Command
    ) -> None:
        """The same addresses as before; a withdrawal outlasts the membership."""
        both = CATALOGUE + dataset(A, "Water") + listing(A, MAY) + dataset(B, "Rivers") + listing(B, MAY)
        kenya.turtle("/c.ttl", both)
        command("harvest", "run", "kenya")
        before = record.by_iri(A)[0].package_id
        kenya.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + tombstone(B, MARCH))
        command("harvest", "run", "kenya")
        command("member", "remove", "kenya", "--yes")
        kenya.turtle("/c.ttl", both)
        assert command("member", "add", "kenya", f"{kenya.address}/c.ttl").exit_code == 0
        command("harvest", "run", "kenya")
        assert titles() == ["Water"]
        assert record.by_iri(A)[0].package_id == before
        assert ledger.by_iri("kenya", B).state == "withdrawn"

    def test_remove_asks_first(self, kenya: Server, command: Command) -> None:  # noqa: ARG002
        """Without --yes and without an answer nothing happens."""
        assert command("member", "remove", "kenya").exit_code == 1
        assert members.by_id("kenya")


class TestHarvest:
    def test_run_shows_progress_and_a_table(self, kenya: Server, command: Command) -> None:  # noqa: ARG002
        """Plain lines where there is no terminal."""
        done = command("harvest", "run", "kenya")
        assert done.exit_code == 0
        assert "Kenya counts: publishing 100 %" in done.output
        assert "kenya  finished           1          0" in done.output

    def test_run_all_fails_when_one_fails_and_harvests_the_others(self, kenya: Server, command: Command) -> None:
        """The exit code is for scripts, the sentence for people."""
        command("member", "add", "away", f"{kenya.address}/nowhere.ttl", "--prefix", "https://away.example.org/")
        done = command("harvest", "run", "--all")
        assert done.exit_code == 1
        assert "kenya  finished           1" in done.output
        assert "away can't be harvested" in done.output
        assert titles() == ["Water"]

    def test_run_says_which_members_there_are(self, kenya: Server, command: Command) -> None:  # noqa: ARG002
        """As a message, not as a table."""
        done = command("harvest", "run", "ghana")
        assert done.exit_code == 1
        assert done.output == "Error: There is no member ghana; members are: kenya\n"

    @pytest.mark.parametrize("words", [(), ("kenya", "--all")])
    def test_run_wants_one_name_or_all(self, kenya: Server, command: Command, words: tuple[str, ...]) -> None:  # noqa: ARG002
        """Neither both nor none."""
        done = command("harvest", "run", *words)
        assert done.exit_code == 2
        assert "Name one member, or say --all" in done.output

    def test_run_beside_another_run_says_so(self, kenya: Server, command: Command) -> None:  # noqa: ARG002
        """Not a failure of the member; still not done."""
        with SqlRuns().alone("kenya"):
            done = command("harvest", "run", "kenya")
        assert done.exit_code == 1
        assert "kenya is being harvested already; wait until that run has ended" in done.output

    def test_show_tells_what_became_of_each_record(self, kenya: Server, command: Command) -> None:
        """Outcome and reason, record by record."""
        assert "never harvested" in command("harvest", "show", "kenya").output
        kenya.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + listing(A, JANUARY, "national") + dataset(B, "Rivers"))
        command("harvest", "run", "kenya")
        shown = command("harvest", "show", "kenya").output
        assert "1 added, 0 changed, 0 unchanged, 0 missing, 0 hidden, 0 removed, 1 held, 0 rejected" in shown
        assert f"held       {A}  The feed says that it isn't for everyone (national)" in shown

    def test_approve_lets_a_withdrawn_record_return(self, kenya: Server, command: Command) -> None:
        """With the next harvest; what wasn't taken back needs no approval."""
        command("harvest", "run", "kenya")
        refused = command("harvest", "approve", "kenya", A)
        assert refused.exit_code == 1
        assert f"{A} is published; only what was withdrawn or removed needs approval" in refused.output
        kenya.turtle("/c.ttl", CATALOGUE + tombstone(A, MARCH))
        command("harvest", "run", "kenya")
        assert f"{A} was withdrawn; the next harvest of kenya" in command("harvest", "approve", "kenya", A).output
        unknown = command("harvest", "approve", "kenya", B)
        assert f"kenya never offered the record {B}" in unknown.output


class TestAccess:
    @pytest.mark.parametrize(
        "action",
        [
            "citizendata_harvest_approve",
            "citizendata_harvest_run",
            "citizendata_harvest_show",
            "citizendata_harvest_status",
            "citizendata_member_clear",
            "citizendata_match_decide",
            "citizendata_match_list",
            "citizendata_member_apply",
            "citizendata_member_approve",
            "citizendata_member_create",
            "citizendata_member_delete",
            "citizendata_member_epoch_approve",
            "citizendata_member_feed_show",
            "citizendata_member_key_trust",
            "citizendata_member_list",
            "citizendata_member_patch",
            "citizendata_member_refuse",
            "citizendata_member_resume",
            "citizendata_member_show",
            "citizendata_member_suspend",
            "citizendata_publisher_list",
            "citizendata_publisher_map",
            "citizendata_removal_approve",
            "citizendata_removal_list",
            "citizendata_removal_refuse",
        ],
    )
    def test_is_for_the_registrys_administrators_alone(self, registry: None, action: str) -> None:  # noqa: ARG002
        """Not even for an admin of an organisation; what a member's people may is tested with their pages."""
        user = factories.User()
        factories.Organization(users=[{"name": user["name"], "capacity": "admin"}])
        for name in ("", user["name"]):
            with pytest.raises(tk.NotAuthorized):
                call_auth(action, context=_as(name))
        assert call_auth(action, context=_as(factories.Sysadmin()["name"]))


def _as(name: str) -> dict[str, Any]:
    from ckan import model

    return {"user": name, "model": model}
