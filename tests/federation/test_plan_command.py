"""What a person types to look before a harvest, and reads then."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.logic.publishing.ledger import SqlRuns

from .conftest import Server, dataset, feed, iris
from .test_harvest import A, B, titles

Command = Callable[..., Result]
ALL = iris(30)
LONG = "All wells of the county and what flows from them, measured by their neighbours "


@pytest.fixture
def command(registry: None) -> Command:  # noqa: ARG001
    """Runs `ckan citizendata …` in this process, on the site that the test has already."""
    return lambda *words: CliRunner().invoke(citizendata, words)


@pytest.fixture
def kenya(server: Server, command: Command) -> Server:
    """A server whose catalogue, which was harvested and has changed since, is the member `kenya`."""
    url = server.turtle("/c.ttl", feed([B], dataset(A, f"{LONG}in March")))
    command("member", "add", "kenya", url)
    command("harvest", "run", "kenya")
    server.turtle("/c.ttl", feed(ALL, dataset(A, f"{LONG}in\\n May")))
    return server


def hash_of(said: Result) -> str:
    """What the last line says to do it with."""
    return said.stdout.split()[-1]


class TestPlan:
    def test_tells_counts_first_then_each_group(self, kenya: Server, command: Command) -> None:  # noqa: ARG002
        """A few of many; of long texts what is different; at last the command that does it."""
        said = command("harvest", "plan", "kenya")
        lines = said.stdout.splitlines()
        assert lines[0] == (
            "30 added, 1 changed, 0 unchanged, 1 missing, 0 hidden, 0 removed, 0 held, 0 rejected, "
            "0 also_listed, 0 looped"
        )
        assert lines[1:3] == ["added:", f"  {ALL[0]}  Title of a000"]
        assert "  and 10 more that are added; --limit N tells N of each kind" in lines
        assert f"  {A}  {LONG}in May" in lines
        assert "    Title (en): …their neighbours in March → …their neighbours in May" in lines
        assert f"  {B}  Title of et/b  The feed doesn't list it any more" in said.stdout
        assert lines[-1].startswith("Do just this with: ckan citizendata harvest run kenya --plan 30.1.1.0.0.0.0.0.0-")
        assert "kenya: reading pages 1" in said.stderr

    def test_writes_json_of_all(self, kenya: Server, command: Command) -> None:  # noqa: ARG002
        """Whole values; as few as are wanted; the same hash."""
        whole = json.loads(command("harvest", "plan", "kenya", "--json").stdout)
        assert len(whole["items"]) == 32
        (changed,) = (each for each in whole["items"] if each["outcome"] == "changed")
        assert changed["changes"][0]["old"] == f"{LONG}in March"
        few = json.loads(command("harvest", "plan", "kenya", "--json", "--limit", "1").stdout)
        assert [each["outcome"] for each in few["items"]] == ["added", "changed", "missing"]
        none = json.loads(command("harvest", "plan", "kenya", "--json", "--limit", "0").stdout)
        assert none == {**few, "items": []}
        assert whole["hash"] == few["hash"] == hash_of(command("harvest", "plan", "kenya"))

    def test_is_carried_out_or_refused(self, kenya: Server, command: Command) -> None:
        """A sentence with numbers and an exit code; then nothing was changed."""
        agreed = hash_of(command("harvest", "plan", "kenya"))
        kenya.turtle("/c.ttl", feed(ALL[:5], dataset(A, f"{LONG}in May")))
        refused = command("harvest", "run", "kenya", "--plan", agreed)
        assert refused.exit_code == 1
        assert "with 5 added instead of 30. Look at it anew with: ckan citizendata harvest plan" in refused.output
        assert len(titles()) == 2
        assert "with 5 added instead of 30" in command("harvest", "show", "kenya").output
        done = command("harvest", "run", "kenya", "--plan", hash_of(command("harvest", "plan", "kenya")))
        assert done.exit_code == 0
        assert len(titles()) == 7
        assert "5 added, 1 changed" in command("harvest", "show", "kenya").output

    def test_says_where_nothing_would_change(self, kenya: Server, command: Command) -> None:  # noqa: ARG002
        """Without a command that does it."""
        command("harvest", "run", "kenya")
        said = command("harvest", "plan", "kenya").stdout
        assert said.endswith("A harvest of kenya would change nothing.\n")
        assert f"  {B}  Title of et/b" in said

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("plan", "gana"), "There is no member gana; members are: kenya"),
            (("plan", "kenya", "--limit", "-1"), "-1 is not in the range x>=0"),
            (("run", "kenya", "--plan", "latest"), "'latest' is no hash of a plan; this prints one: ckan citizendata"),
            (("run", "--all", "--plan", "latest"), "A plan is of one member: name that one instead of --all"),
        ],
    )
    def test_names_what_cannot_be_used(
        self,
        kenya: Server,  # noqa: ARG002
        command: Command,
        words: tuple[str, ...],
        sentence: str,
    ) -> None:
        """Before anything is read."""
        done = command("harvest", *words)
        assert done.exit_code != 0
        assert sentence in done.output

    def test_a_feed_that_cannot_be_read(self, kenya: Server, command: Command) -> None:
        """In the words of a harvest; nor is one planned that is under way."""
        kenya.turtle("/c.ttl", "")
        done = command("harvest", "plan", "kenya")
        assert done.exit_code == 1
        assert "there is neither a catalogue nor a dataset in DCAT on this page" in done.output
        with SqlRuns().alone("kenya"):
            beside = command("harvest", "plan", "kenya")
        assert beside.exit_code == 1
        assert "kenya is being harvested, and a plan would be out of date at once" in beside.output
