"""One worker a member: who is silent for too long loses the lease, and writes nothing more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from click.testing import CliRunner

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.federation.errors import HarvestRefused, RunStopped
from ckanext.citizendata.logic.publishing.leases import BEATS, SECONDS, leased
from ckanext.citizendata.model import lease, ledger, run

from .conftest import Kenya, Server, feed, iris
from .test_harvest import A, titles
from .test_meanwhile import Meanwhile, runs_while

# Takes the lease on its own, says so, and works on when it is told to.
WORKER = """
import sys
import sqlalchemy as sa
from ckan import model
from ckanext.citizendata.logic.publishing.leases import BEATS, SECONDS, leased
model.init_model(sa.create_engine(sys.argv[1]))
with leased("kenya", 1):
    print("mine", flush=True)
    input()
    model.Session.execute(sa.text("UPDATE citizendata_ledger SET reason = 'written by a zombie'"))
    model.Session.commit()
"""


@pytest.fixture
def worker(registry: None) -> Iterator[subprocess.Popen[str]]:  # noqa: ARG001
    """Another process that has the lease of `kenya`, for a second at a time."""
    address = model.ensure_engine().url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WORKER, address]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as it:
        assert it.stdout
        assert it.stdout.readline() == "mine\n"
        yield it
        it.kill()


def taken_within(seconds: float) -> bool:
    """Whether the lease can be had by then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with leased("kenya"):
                return True
        except HarvestRefused:
            time.sleep(0.05)
    return False


class TestOneWorker:
    def test_is_alone_while_it_is_alive(self, worker: subprocess.Popen[str]) -> None:
        """Longer than its lease lasts: it is prolonged."""
        time.sleep(1.5)
        assert worker.poll() is None
        with pytest.raises(HarvestRefused, match="being harvested already"), leased("kenya"):
            pytest.fail("there are two")
        with leased("ghana"):
            pass

    def test_gives_it_back(self, worker: subprocess.Popen[str]) -> None:
        """At the end of its work."""
        worker.communicate("\n")
        with leased("kenya"):
            pass

    def test_that_was_killed_is_followed_at_once(self, worker: subprocess.Popen[str]) -> None:
        """Nobody waits till its time is over."""
        with model.ensure_engine().begin() as connection:
            token = lease.in_force(connection, "kenya")
            assert token
            lease.prolong(connection, "kenya", token.token, 3600)
        worker.kill()
        worker.wait()
        assert taken_within(5)

    def test_that_hangs_is_followed_and_writes_nothing_more(self, kenya: Kenya, worker: subprocess.Popen[str]) -> None:
        """It wakes up and goes on as if nothing had been."""
        os.kill(worker.pid, signal.SIGSTOP)
        assert taken_within(10)
        kenya([A])
        os.kill(worker.pid, signal.SIGCONT)
        _, said = worker.communicate("\n", timeout=20)
        assert "RunStopped: another worker took over" in said
        assert worker.returncode == 1
        model.Session.rollback()
        assert ledger.by_iri("kenya", A).reason is None


@pytest.mark.usefixtures("registry")
class TestFence:
    def test_lets_no_commit_pass_without_the_lease(self) -> None:
        """Whoever took over did it between two commits."""
        with leased("kenya") as mine:
            model.Session.execute(sa.text("SELECT 1"))
            model.Session.commit()
            with model.ensure_engine().begin() as connection:
                lease.take(connection, "kenya", "another", "elsewhere", 60)
            with pytest.raises(RunStopped):
                model.Session.commit()
            model.Session.rollback()
            with pytest.raises(RunStopped):
                mine.check()
        model.Session.commit()
        with model.ensure_engine().begin() as connection:
            assert lease.in_force(connection, "kenya").token == "another"  # type: ignore

    def test_a_run_that_lost_it_leaves_its_row_to_the_other(self, kenya: Kenya) -> None:
        """Which has closed it already."""

        def lose() -> None:
            with model.ensure_engine().begin() as connection:
                lease.take(connection, "kenya", "another", "elsewhere", 60)
                connection.execute(sa.text("UPDATE citizendata_run SET reason = 'taken over', state = 'failed'"))

        kenya([])
        with model.ensure_engine().begin() as connection:
            connection.execute(sa.text("DELETE FROM citizendata_lease"))
        runs_while("kenya", Meanwhile(lose))
        assert run.last("kenya").reason == "taken over"


class TestAbort:
    def test_ends_before_the_next_batch(self, server: Server, kenya: Kenya) -> None:
        """What was published by then stays, and the next harvest goes on."""
        kenya([])
        server.turtle("/c.ttl", feed(iris(40)))

        def abort() -> None:
            assert call_action("citizendata_harvest_abort", id="kenya") == {"asked": True}
            time.sleep(SECONDS / BEATS + 2)

        report = runs_while("kenya", Meanwhile(abort, at=2))
        assert "a person stopped it" in str(report.reason)
        assert (report.state, report.counts["added"], len(titles())) == ("failed", 3, 3)
        assert kenya(iris(40)).counts["added"] == 37

    def test_says_where_there_is_nothing_to_stop(self, kenya: Kenya) -> None:  # noqa: ARG002
        """In words."""
        done = CliRunner().invoke(citizendata, ["harvest", "abort", "kenya"])
        assert (done.exit_code, done.output) == (0, "No harvest of kenya is under way.\n")
