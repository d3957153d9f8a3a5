"""How catalogues come to be harvested and stop being it, and what changes about them; refusals beside healthy twins."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from click.testing import Result

from ckanext.citizendata.federation.errors import MemberInactive, RunStopped
from ckanext.citizendata.logic.harvesting import jobs
from ckanext.citizendata.logic.publishing.ledger import SqlRuns
from ckanext.citizendata.model import ledger, record
from ckanext.citizendata.model import member as members

from .conftest import Kenya, Report, Server, dataset
from .test_commands import command as command
from .test_harvest import CATALOGUE, A, B, outcomes, titles

Command = Callable[..., Result]
Harvest = Callable[[str], Report]
Member = Callable[..., str]
OPTION = "ckanext.citizendata.member_applications"
MAIL = "desk@ghana.example.org"


def act(action: str, user: dict[str, Any] | None, **values: Any) -> Any:
    """The action as a person calls it."""
    name = user["name"] if user else ""
    who = model.User.get(name) if user else None
    return tk.get_action(action)({"user": name, "auth_user_obj": who, "ignore_auth": False}, values)


def due() -> list[str]:
    return [*jobs._due(datetime.now(timezone.utc))]


@pytest.fixture
def ghana(server: Server, command: Command) -> str:
    """The address of a feed with one record, whose catalogue applied as `ghana`."""
    url = server.turtle("/g.ttl", CATALOGUE + dataset(A, "Water"))
    assert command("member", "apply", "ghana", url, "--contact", MAIL, "--title", "Ghana").exit_code == 0
    return url


class TestApplication:
    def test_waits_and_is_never_harvested(self, ghana: str, server: Server, command: Command, harvest: Harvest) -> None:
        """Not by the rounds, the command or the action; a plan may be made, so that staff see what would come."""
        assert due() == []
        done = command("harvest", "run", "ghana")
        assert done.exit_code == 1
        assert "Ghana isn't harvested: it has applied, and nobody has decided; admit it with:" in done.output
        assert "ghana is left out: applied" in command("harvest", "run", "--all").output
        with pytest.raises(tk.ValidationError, match="it has applied"):
            call_action("citizendata_harvest_run", id="ghana")
        with pytest.raises(MemberInactive):
            harvest("ghana")
        assert server.seen == []
        assert "1 added" in command("harvest", "plan", "ghana").output
        assert titles() == []
        assert "applied" in command("member", "list").output
        shown = command("member", "show", "ghana").output
        assert all(text in shown for text in ("applied since", MAIL, "nothing yet", ghana))
        assert call_action("organization_list") == []

    def test_is_approved_with_what_staff_say(self, ghana: str, command: Command, harvest: Harvest) -> None:
        """And as it wished in all else; from then on it is harvested."""
        words = ("--prefix", "https://node.example.org/", "--trust", "trusted", "--every", "30")
        done = command("member", "approve", "ghana", *words)
        assert done.output.splitlines()[0] == "Ghana is a member; it may speak for https://node.example.org/."
        row = members.by_id("ghana")
        assert row is not None
        assert (row.state, row.url, row.contact, row.trust, row.interval_minutes) == (
            "active",
            ghana,
            MAIL,
            "trusted",
            30,
        )
        assert due() == ["ghana"]
        assert outcomes(harvest("ghana")) == {A: "added"}
        assert "at most 3 or 10 %, whichever is more, 2 times that" in command("member", "show", "ghana").output
        again = command("member", "approve", "ghana")
        assert again.exit_code == 1
        assert "Ghana is active; this can be done only where one is applied or refused" in again.output

    @pytest.mark.usefixtures("ghana")
    def test_that_is_refused_tells_why_and_may_be_approved_yet(self, command: Command) -> None:
        """A refusal isn't for ever."""
        done = command("member", "refuse", "ghana", "--reason", "No records of citizens yet")
        assert "The application of Ghana is refused" in done.output
        assert "No records of citizens yet" in command("member", "show", "ghana").output
        assert "its application was refused" in command("harvest", "run", "ghana").output
        assert command("member", "refuse", "ghana").exit_code == 1
        assert command("member", "approve", "ghana").exit_code == 0


class TestApplicant:
    WISH = {
        "id": "ghana",
        "url": "https://ghana.example.org/c.ttl",
        "contact": MAIL,
        "prefixes": ["https://a.example/"],
    }

    def test_is_whoever_is_signed_in_where_the_option_says_so(
        self,
        registry: None,  # noqa: ARG002
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Nobody without it, and never an anonymous reader; what is for staff to say isn't taken from a wish."""
        user = factories.User()
        with pytest.raises(tk.NotAuthorized, match="takes no applications"):
            act("citizendata_member_apply", user, **self.WISH)
        monkeypatch.setitem(tk.config, OPTION, True)
        with pytest.raises(tk.NotAuthorized):
            act("citizendata_member_apply", None, **self.WISH)
        applied = act("citizendata_member_apply", user, **self.WISH, trust="trusted", interval_minutes=1)
        assert (applied["state"], applied["trust"], applied["prefixes"]) == ("applied", "ordinary", [])
        assert applied["interval_minutes"] == 60

    def test_sees_what_became_of_it_till_it_is_approved(
        self,
        registry: None,  # noqa: ARG002
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """And may apply anew once it was refused; nobody else may do either."""
        monkeypatch.setitem(tk.config, OPTION, True)
        user, other = factories.User(), factories.User()
        act("citizendata_member_apply", user, **self.WISH)
        for step in ("citizendata_member_refuse", "citizendata_member_approve"):
            assert act("citizendata_member_show", user, id="ghana")["contact"] == MAIL
            with pytest.raises(tk.NotAuthorized):
                act("citizendata_member_show", other, id="ghana")
            with pytest.raises(tk.NotAuthorized):
                act(step, user, id="ghana")
            with pytest.raises(tk.ValidationError, match="This name or address can't be taken"):
                act("citizendata_member_apply", other, **self.WISH)
            if step.endswith("refuse"):
                call_action(step, id="ghana", reason="Not yet")
                act("citizendata_member_apply", user, **self.WISH)
        call_action("citizendata_member_approve", id="ghana")
        with pytest.raises(tk.NotAuthorized):
            act("citizendata_member_show", user, id="ghana")

    @pytest.mark.parametrize(
        ("wish", "sentence"),
        [
            ({"contact": ""}, "Say at which mail address"),
            ({"contact": "ghana"}, "'ghana' is no mail address"),
            ({"title": "Gha\x1b[31mna"}, "is no line of text"),
            ({"title": "G" * 301}, "is no line of text of at most 300 characters"),
            ({"url": "file:///etc/passwd"}, "only addresses that begin with http"),
            ({"url": "https://kenya.example.org/c.ttl"}, "This name or address can't be taken"),
            ({"id": "kenya"}, "This name or address can't be taken"),
            ({"id": "taken"}, "There is an organisation or group taken already"),
            ({"audience": "all"}, "'all' is no audience"),
        ],
    )
    def test_is_told_what_cannot_be_used(
        self, member: Member, monkeypatch: pytest.MonkeyPatch, wish: dict[str, str], sentence: str
    ) -> None:
        """And leaves nothing behind."""
        monkeypatch.setitem(tk.config, OPTION, True)
        member("kenya", "https://kenya.example.org/c.ttl")
        factories.Dataset(owner_org=factories.Organization(name="taken")["id"], type="other")
        with pytest.raises(tk.ValidationError, match=sentence):
            act("citizendata_member_apply", factories.User(), **{**self.WISH, **wish})
        assert [each.id for each in members.every()] == ["kenya"]

    def test_has_three_applications_waiting_at_most(self, registry: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG002
        """Another person may still apply."""
        monkeypatch.setitem(tk.config, OPTION, True)
        user = factories.User()
        wishes = [{"id": f"g{each}", "url": f"https://g{each}.example.org/", "contact": MAIL} for each in range(5)]
        for wish in wishes[:3]:
            act("citizendata_member_apply", user, **wish)
        with pytest.raises(tk.ValidationError, match="3 applications of yours wait"):
            act("citizendata_member_apply", user, **wishes[3])
        assert act("citizendata_member_apply", factories.User(), **wishes[4])["state"] == "applied"


class TestSuspension:
    def test_keeps_records_and_stops_harvests(self, kenya: Kenya, command: Command) -> None:
        """Till it is resumed; the member beside it goes on."""
        kenya([A])
        done = command("member", "suspend", "kenya", "--reason", "Their server was broken into")
        assert done.output.startswith("Kenya is suspended: it isn't harvested, and its records stay as they are.")
        assert due() == []
        with pytest.raises(
            MemberInactive, match="it is suspended; end that with: ckan citizendata member resume kenya"
        ):
            kenya([A, B])
        assert len(titles()) == 1
        assert "Their server was broken into" in command("member", "show", "kenya").output
        assert command("member", "suspend", "kenya").exit_code == 1
        assert command("member", "resume", "kenya").exit_code == 0
        assert kenya([A, B]).counts["added"] == 1
        assert command("member", "resume", "kenya").exit_code == 1

    def test_stops_the_harvest_that_is_under_way(self, member: Member) -> None:
        """And one that was asked for before, but takes its lease after."""
        member("kenya", "https://node.example.org/c.ttl")
        with SqlRuns().alone("kenya") as go_on:
            call_action("citizendata_member_suspend", id="kenya")
            with pytest.raises(MemberInactive):
                SqlRuns().start("kenya")
            with pytest.raises(RunStopped, match="a person stopped it"):
                _until_it_stops(go_on)


def _until_it_stops(go_on: Callable[[], None]) -> None:
    for _ in range(200):
        go_on()
        time.sleep(0.1)


class TestWatched:
    def test_wants_a_plan_for_each_harvest(self, kenya: Kenya, server: Server, command: Command) -> None:
        """Neither rounds nor commands harvest it without; with the plan that was looked at it is harvested."""
        kenya([A])
        done = command("member", "update", "kenya", "--trust", "watched")
        assert "Each harvest needs a plan that you looked at: ckan citizendata harvest plan kenya" in done.output
        assert due() == []
        assert "kenya is left out: watched" in command("harvest", "run", "--all").output
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers"))
        assert "it is watched, so that a person looks" in command("harvest", "run", "kenya").output
        hash_ = call_action("citizendata_harvest_plan", id="kenya")["hash"]
        assert command("harvest", "run", "kenya", "--plan", hash_).exit_code == 0
        assert titles() == ["Rivers", "Water"]


class TestUpdate:
    def test_changes_what_is_named_alone(self, kenya: Kenya, command: Command) -> None:
        """Title (also of the organisation), address, contact, times and prefixes."""
        kenya([A])
        before = call_action("citizendata_member_show", id="kenya")
        words = ("--title", "Kenya counts", "--contact", "k@kenya.example.org", "--every", "5")
        assert command("member", "update", "kenya", *words, "--prefix", "https://node.example.org/").exit_code == 0
        after = call_action("citizendata_member_show", id="kenya")
        changed = {key: value for key, value in after.items() if value != before[key]}
        assert changed == {
            "title": "Kenya counts",
            "contact": "k@kenya.example.org",
            "interval_minutes": 5,
            "prefixes": ["https://node.example.org/"],
        }
        assert call_action("organization_show", id="kenya")["title"] == "Kenya counts"

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--url", "ftp://x.example.org/"), "only addresses that begin with http:// or https:// are read"),
            (("--prefix", "mine"), "'mine' is no beginning of an address"),
            (("--prefix", "https://other.example.org/"), "other speaks for https://other.example.org/ already"),
            (("--trust", "blindly"), "'blindly' is no degree of trust; choose one of: trusted, ordinary, watched"),
            (("--contact", "nobody"), "'nobody' is no mail address"),
        ],
    )
    def test_checks_as_at_admission(
        self, member: Member, command: Command, words: tuple[str, ...], sentence: str
    ) -> None:
        """And changes nothing then; what a member speaks for already it may name again."""
        member("kenya", "https://node.example.org/c.ttl")
        member("other", "https://other.example.org/c.ttl")
        before = tuple(members.by_id("kenya") or ())
        done = command("member", "update", "kenya", *words)
        assert done.exit_code == 1
        assert sentence in done.output
        assert tuple(members.by_id("kenya") or ()) == before
        assert command("member", "update", "kenya", "--prefix", "https://node.example.org/").exit_code == 0

    def test_of_the_audience_reaches_records_with_the_next_harvest(self, kenya: Kenya, command: Command) -> None:
        """Also those that the feed doesn't change; and it is given back the same way."""
        kenya([A, B])
        done = command("member", "update", "kenya", "--audience", "national")
        assert "Its records are shown to others from the next harvest on" in done.output
        assert kenya([A, B]).counts["changed"] == 2
        assert titles() == []
        assert {each.audience for iri in (A, B) for each in record.by_iri(iri)} == {"national"}
        command("member", "update", "kenya", "--audience", "everyone")
        kenya([A, B])
        assert len(titles()) == 2
        assert kenya([A, B]).counts["unchanged"] == 2
        assert ledger.states("kenya") == {"published": 2}
