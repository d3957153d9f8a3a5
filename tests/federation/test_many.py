"""Lists of a registry with many members and many records, and what is kept of many harvests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import call_action
from click.testing import CliRunner
from sqlalchemy import event

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.logic.harvesting import history, jobs
from ckanext.citizendata.model import ledger
from ckanext.citizendata.model import member as members

from .conftest import Kenya, iris
from .test_meanwhile import withdraw

MEMBERS = """
INSERT INTO citizendata_member (id, title, url, audience, interval_minutes)
SELECT 'm' || to_char(n, 'FM0000'), 'Member ' || n, 'https://m' || n || '.example.org/', 'everyone', 60
FROM generate_series(1, :members) AS n
"""
ENTRIES = """
INSERT INTO citizendata_ledger (member_id, iri, state)
SELECT m.id, m.url || n, CASE WHEN n % 10 = 0 THEN 'held' ELSE 'published' END
FROM citizendata_member m, generate_series(1, :each) AS n
"""
RUNS = """
INSERT INTO citizendata_run (member_id, started, finished, state, counts)
SELECT m.id, now() - n * interval '1 day', now() - n * interval '1 day' + interval '1 minute',
    CASE WHEN n % 5 = 0 THEN 'failed' ELSE 'finished' END, '{"added": 2}'
FROM citizendata_member m, generate_series(:runs, 1, -1) AS n
"""
OUTCOMES = """
INSERT INTO citizendata_outcome (run_id, number, iri, outcome, reason, problems)
SELECT id, n, 'https://x.example.org/' || n, 'added', '', '[]' FROM citizendata_run, generate_series(1, 2) AS n
"""


def made(members_: int, each: int = 0, runs: int = 0) -> None:
    """So many members, each with so many records and so many runs, one a day and each fifth failed."""
    for statement, values in (
        (MEMBERS, {"members": members_}),
        (ENTRIES, {"each": each}),
        (RUNS, {"runs": runs}),
        (OUTCOMES, {}),
    ):
        model.Session.execute(sa.text(statement), values)
    for member in members.every():
        ledger.recount(member.id)
    model.Session.commit()


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    engine = model.ensure_engine()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("registry")
class TestMemberList:
    def test_asks_no_more_of_many_than_of_few(self) -> None:
        """And never looks at the records; a page of members comes with all that the list tells."""
        made(150, each=20, runs=3)
        asked = []
        for limit in (10, 100):
            with statements() as said:
                found = call_action("citizendata_member_list", limit=limit)
            assert len(found) == limit
            assert not [each for each in said if "citizendata_ledger" in each]
            asked.append(len(said))
        assert asked[0] == asked[1]
        first = found[0]
        assert first["records"] == {"published": 18, "held": 2}
        assert {**first, "also_listed_by": {}} == call_action("citizendata_member_show", id="m0001")
        assert (first["last_run"]["state"], first["last_run"]["counts"]) == ("finished", {"added": 2})

    def test_is_read_on_by_name(self) -> None:
        """Fifty at a time unless more are asked for; the command tells all."""
        made(150)
        first = call_action("citizendata_member_list")
        assert len(first) == 50
        rest = call_action("citizendata_member_list", after=first[-1]["id"], limit=1000)
        assert [each["id"] for each in (*first, *rest)] == [f"m{number:04}" for number in range(1, 151)]
        lines = CliRunner().invoke(citizendata, ["member", "list"]).output.splitlines()
        assert len(lines) == 150
        assert "never harvested" in lines[-1]

    def test_counts_follow_harvests_and_people(self, kenya: Kenya) -> None:
        """At the end of a run, and with each decision."""

        def counted() -> dict[str, int]:
            (listed,) = call_action("citizendata_member_list")
            assert listed["records"] == ledger.states("kenya")
            return listed["records"]

        addresses = iris(6)
        kenya(addresses)
        assert counted() == {"published": 6}
        withdraw(addresses[0])
        assert counted() == {"published": 5, "withdrawn": 1}
        call_action("citizendata_harvest_approve", id="kenya", iri=addresses[0])
        assert counted() == {"published": 5, "approved": 1}
        kenya(addresses[5:])
        kenya(addresses[5:], days=2)
        assert counted() == {"published": 1, "missing": 4, "approved": 1}
        call_action("citizendata_removal_approve", id="kenya")
        assert counted() == {"published": 1, "removed": 4, "approved": 1}

    def test_rounds_read_members_in_one_statement(self) -> None:
        """Whoever is due, with how its last runs were."""
        made(50, runs=2)
        with statements() as said:
            assert len(jobs._due(_now())) == 50
        assert len([each for each in said if "citizendata_run" in each]) == 1


def _now() -> datetime:
    return model.Session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()


@pytest.mark.usefixtures("registry")
class TestHistory:
    def test_keeps_what_the_policy_says_of_a_thousand_runs(self) -> None:
        """Thirty in full, failed ones for half a year, counts for ever; another look finds nothing to do."""
        made(2, runs=500)
        # The newest thirty, and of those that failed six among them and 29 more.
        assert history.forgotten() == 2 * (500 - 30 - 29)
        kept = "SELECT member_id, state, count(DISTINCT r.id), max(now() - r.started) < interval '180 days 1 hour'"
        joined = "FROM citizendata_run r JOIN citizendata_outcome o ON o.run_id = r.id GROUP BY 1, 2 ORDER BY 1, 2"
        rows = model.Session.execute(sa.text(f"{kept} {joined}")).all()
        numbers = (("failed", 35), ("finished", 24))
        assert [*map(tuple, rows)] == [(name, *pair, True) for name in ("m0001", "m0002") for pair in numbers]
        whole = "SELECT count(*), sum((counts->>'added')::int), count(*) FILTER (WHERE in_full) FROM citizendata_run"
        assert tuple(model.Session.execute(sa.text(whole)).one()) == (1000, 2000, 118)
        assert history.forgotten() == 0

    def test_rounds_look_once_an_hour(self) -> None:
        """Whichever worker has the round."""
        connect_to_redis().flushdb()
        made(1, runs=40)
        assert history.forget_old_outcomes() == 8
        model.Session.execute(sa.text("UPDATE citizendata_run SET in_full = true"))
        assert history.forget_old_outcomes() == 0
