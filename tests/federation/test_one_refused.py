"""What PostgreSQL says against one record costs that record alone; a database that is going costs the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from click.testing import CliRunner
from sqlalchemy.exc import DBAPIError, OperationalError

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from ckanext.citizendata.logic.one_refused import is_lost
from ckanext.citizendata.model import run

from .conftest import Kenya, Server, feed, state
from .test_harvest import A, B, outcomes, titles

TOO_LONG, DEADLOCK, SHUTDOWN = "54000", "40P01", "57P01"
Refuses = Callable[[str, str], None]


def raising(code: str) -> str:
    return f"BEGIN RAISE EXCEPTION 'no room for it' USING ERRCODE = '{code}'; END"


@contextmanager
def apart() -> Iterator[sa.engine.Connection]:
    """A connection of its own, on which each statement counts at once."""
    with model.ensure_engine().connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@pytest.fixture
def refuses(registry: None) -> Iterator[Refuses]:  # noqa: ARG001
    """Makes the database raise an error of this code whenever the ledger's entry of this record is written."""

    def refuse(iri: str, code: str) -> None:
        with apart() as database:
            function = "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            database.execute(sa.text(f"{function} $$ {raising(code)} $$"))
            when = f"BEFORE INSERT OR UPDATE ON citizendata_ledger FOR EACH ROW WHEN (NEW.iri = '{iri}')"
            database.execute(sa.text(f"CREATE TRIGGER refuse {when} EXECUTE FUNCTION refuse()"))

    yield refuse
    model.Session.rollback()
    with apart() as database:
        database.execute(sa.text("DROP FUNCTION IF EXISTS refuse() CASCADE"))


@pytest.mark.usefixtures("registry")
class TestIsLost:
    @pytest.mark.parametrize("code", ["08006", "53100", SHUTDOWN, "57014", "58030"])
    def test_where_the_database_is_going(self, code: str) -> None:
        """Connection, resources, an operator's intervention, system."""
        assert is_lost(self._error(code))

    @pytest.mark.parametrize("code", [TOO_LONG, DEADLOCK, "22021", "23505", "XX000"])
    def test_not_where_it_refuses_something(self, code: str) -> None:
        """Also where psycopg calls it an operational error."""
        assert not is_lost(self._error(code))

    def test_where_it_is_gone(self) -> None:
        """No answer has no code."""
        gone = sa.create_engine("postgresql://nobody@127.0.0.1:9/nothing")
        with pytest.raises(OperationalError) as caught:
            gone.connect()
        assert is_lost(caught.value)

    @staticmethod
    def _error(code: str) -> DBAPIError:
        with apart() as database, pytest.raises(DBAPIError) as caught:
            database.execute(sa.text(f"DO $$ {raising(code)} $$"))
        return caught.value


class TestOneRecord:
    @pytest.mark.parametrize("code", [TOO_LONG, DEADLOCK])
    def test_is_rejected_and_the_others_are_published(self, kenya: Kenya, refuses: Refuses, code: str) -> None:
        """With a sentence; neither its publication nor the note about it ends the run."""
        refuses(B, code)
        report = kenya([B, A])
        assert (report.state, outcomes(report)) == ("finished", {A: "added", B: "rejected"})
        (reason,) = [each.reason for each in report.items if each.iri == B]
        assert "The database of this registry can't keep it: no room for it" in reason
        assert "INSERT" not in reason
        assert len(titles()) == 1

    def test_is_rejected_where_it_is_merely_noted(self, kenya: Kenya, refuses: Refuses) -> None:
        """As what is missing; the next run notes it, if it can."""
        kenya([A, B])
        refuses(B, TOO_LONG)
        report = kenya([A])
        assert (report.state, outcomes(report)) == ("finished", {A: "unchanged", B: "rejected"})
        assert state(B) == "published"

    def test_ends_the_run_where_the_database_is_going(self, server: Server, kenya: Kenya, refuses: Refuses) -> None:
        """The others would fare no better; the report says so."""
        kenya([A])
        refuses(B, SHUTDOWN)
        server.turtle("/c.ttl", feed([B, f"{A}x"]))
        with pytest.raises(OperationalError):
            harvested(member_named("kenya"), lambda _doing, _done, _total: None)
        assert run.last("kenya").state == "failed"
        assert "was harvested in part" in run.last("kenya").reason

    def test_ends_the_run_of_one_member_alone(
        self, server: Server, member: Callable[..., str], refuses: Refuses
    ) -> None:
        """`harvest run --all` goes on with the next, and names the one that wasn't harvested."""
        other = "https://angola.example.org/"
        member("angola", server.turtle("/a.ttl", feed([f"{other}b"])), prefixes=[other])
        member("kenya", server.turtle("/c.ttl", feed([A])), prefixes=["https://node.example.org/"])
        refuses(f"{other}b", SHUTDOWN)
        done = CliRunner().invoke(citizendata, ["harvest", "run", "--all"])
        assert done.exit_code == 1
        assert done.output.endswith("Not harvested to the end: angola\n")
        assert "no room for it" in done.output
        assert "kenya   finished           1" in done.output

    def test_a_decision_that_cannot_be_kept_is_told(self, kenya: Kenya, refuses: Refuses) -> None:
        """It still waits."""
        call_action("citizendata_member_patch", id="kenya", brake_records=0, brake_percent=0)
        kenya([A, B])
        kenya([A])
        kenya([A], days=2)
        refuses(B, TOO_LONG)
        with pytest.raises(Exception, match="can't keep it: no room for it. What isn't decided yet still waits"):
            call_action("citizendata_removal_refuse", id="kenya")
        assert len(call_action("citizendata_removal_list", id="kenya")) == 1
