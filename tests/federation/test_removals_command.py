"""What a person types about missing records, and reads then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.federation.ports import RecordRefused
from ckanext.citizendata.logic.publishing.ledger import SqlRuns
from ckanext.citizendata.logic.publishing.publisher import ActionPublisher
from ckanext.citizendata.model import member as members

from .conftest import INDIGENOUS, Report, Server, feed, iris
from .test_harvest import titles

Command = Callable[..., Result]
ALL = iris(6)


@pytest.fixture
def command(registry: None) -> Command:  # noqa: ARG001
    """Runs `ckan citizendata …` in this process, on the site that the test has already."""
    return lambda *words, **options: CliRunner().invoke(citizendata, words, **options)


@pytest.fixture
def kenya(server: Server, command: Command) -> Server:
    """A server whose catalogue, with six records, is the member `kenya`."""
    url = server.turtle("/c.ttl", feed(ALL, f"<{ALL[5]}> {INDIGENOUS} ."))
    assert command("member", "add", "kenya", url).exit_code == 0
    assert command("harvest", "run", "kenya").exit_code == 0
    return server


@pytest.fixture
def held(kenya: Server, harvest: Callable[..., Report]) -> None:
    """Four of the six wait for a person."""
    kenya.turtle("/c.ttl", feed(ALL[:2]))
    harvest("kenya")
    harvest("kenya", 2)


@pytest.mark.usefixtures("held")
class TestRemovals:
    def test_are_told_with_what_to_do(self, command: Command) -> None:
        """Since when, address, title, and what is hidden already; nothing is changed."""
        said = command("harvest", "removals", "kenya").output.splitlines()
        assert said[0] == "4 records of kenya wait for a decision about their removal."
        assert said[1].endswith(f"{ALL[2]}  Title of a002")
        assert said[4].endswith(f"{ALL[5]}  Title of a005  (hidden already)")
        assert said[5] == "Remove them with --approve, keep them with --refuse; till then they stay as they are."
        assert len(titles()) == 5

    def test_harvest_run_and_show_tell_of_them(self, command: Command) -> None:
        """The run the number and the command, the report each record."""
        run = command("harvest", "run", "kenya").output
        assert "4 of 6 records are missing from the feed and wait for a person to decide" in run
        assert "ckan citizendata harvest removals kenya --approve (or --refuse)" in run
        show = command("harvest", "show", "kenya").output
        assert "2 unchanged, 0 missing, 0 hidden, 0 removed, 4 held, 0 rejected" in show
        assert f"held       {ALL[2]}  The feed doesn't list it any more" in show

    def test_approve_asks_first(self, command: Command) -> None:
        """Without an answer nothing happens."""
        asked = command("harvest", "removals", "kenya", "--approve", input="n\n")
        assert asked.exit_code == 1
        assert "Remove these 4 records?" in asked.output
        assert len(titles()) == 5
        done = command("harvest", "removals", "kenya", "--approve", input="y\n")
        assert "4 records were removed; each comes back when its catalogue lists it again." in done.output
        assert len(titles()) == 2

    def test_approve_without_asking_for_scripts(self, command: Command) -> None:
        """And then nothing waits."""
        assert command("harvest", "removals", "kenya", "--approve", "--yes").exit_code == 0
        assert command("harvest", "removals", "kenya").output == (
            "No records of kenya wait for a decision about their removal.\n"
        )
        assert command("harvest", "removals", "kenya", "--approve", "--yes").exit_code == 0

    def test_refuse_keeps_them(self, command: Command) -> None:
        """Those that are hidden stay hidden, and it is said."""
        done = command("harvest", "removals", "kenya", "--refuse")
        assert "4 records are kept; nobody is asked again until they were listed in between." in done.output
        assert "1 of them stay hidden until their catalogue lists them again." in done.output
        assert len(titles()) == 5

    def test_one_that_cannot_be_removed_costs_no_other(self, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is named with its reason, and still waits."""

        class Refusing(ActionPublisher):
            def remove(self, member, kind, after):  # noqa: ANN001, ANN202
                if after.iri == ALL[3]:
                    raise RecordRefused("it is locked")
                super().remove(member, kind, after)

        with monkeypatch.context() as bad_day:
            bad_day.setattr("ckanext.citizendata.logic.harvesting.removals.ActionPublisher", Refusing)
            done = command("harvest", "removals", "kenya", "--approve", "--yes")
        assert done.exit_code == 1
        assert "3 records were removed" in done.output
        assert f"{ALL[3]} still waits: it is locked" in done.output
        assert "1 records of kenya wait" in command("harvest", "removals", "kenya").output

    def test_not_while_it_is_harvested(self, command: Command) -> None:
        """A sentence, an exit code, nothing done."""
        with SqlRuns().alone("kenya"):
            done = command("harvest", "removals", "kenya", "--refuse")
        assert done.exit_code == 1
        assert "kenya is being harvested already" in done.output
        assert "What isn't decided yet still waits" in done.output

    def test_an_unknown_member(self, command: Command) -> None:
        """Answered with those that are known."""
        done = command("harvest", "removals", "gana")
        assert done.exit_code == 1
        assert "There is no member gana; members are: kenya" in done.output


@pytest.mark.usefixtures("kenya")
class TestMemberUpdate:
    def test_sets_the_brake(self, command: Command) -> None:
        """What isn't named stays; show tells both."""
        done = command("member", "update", "kenya", "--brake-percent", "25")
        assert done.output.splitlines() == [
            "kenya is changed; see all of it: ckan citizendata member show kenya",
            "Missing records are removed without a person where they are at most 3 or 25 %, whichever is more.",
        ]
        assert command("member", "update", "kenya", "--brake-records", "0").exit_code == 0
        assert "at most 0 or 25 %, whichever is more" in command("member", "show", "kenya").output

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--brake-records", "-1"), "'-1' is no number of records: use 0 (a person decides about each) to 1000000"),
            (("--brake-records", "many"), "'many' is no number of records"),
            (("--brake-percent", "101"), "'101' is no part of the records: use 0 to 100, in percent"),
            (("--brake-percent", "10%"), "'10%' is no part of the records"),
            ((), "Nothing to change was named; it could be: title, url, kind, contact, trust, audience, prefixes"),
        ],
    )
    def test_names_what_cannot_be_used(self, command: Command, words: tuple[str, ...], sentence: str) -> None:
        """And changes nothing."""
        done = command("member", "update", "kenya", *words)
        assert done.exit_code == 1
        assert sentence in done.output
        row = members.by_id("kenya")
        assert row is not None
        assert (row.brake_records, row.brake_percent) == (3, 10)

    def test_add_takes_the_same(self, command: Command) -> None:
        """At admission."""
        words = ("member", "add", "ghana", "https://ghana.example.org/c.ttl", "--brake-records", "7")
        assert command(*words, "--brake-percent", "5").exit_code == 0
        row = members.by_id("ghana")
        assert row is not None
        assert (row.brake_records, row.brake_percent) == (7, 5)
        assert command("member", "add", "other", "https://o.example.org/", "--brake-percent", "200").exit_code == 1
