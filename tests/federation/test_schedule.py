from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.jobs import get_queue
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import call_action
from rq.registry import ScheduledJobRegistry

from ckanext.citizendata.logic import jobs
from ckanext.citizendata.model import run

from .conftest import Report, Server, dataset
from .test_harvest import CATALOGUE, A

Member = Callable[..., str]
PATIENCE = 120


@pytest.fixture
def empty_queue(registry: None) -> Iterator[None]:  # noqa: ARG001
    """A queue without jobs, and without rounds that wait."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    queue = get_queue()
    queue.empty()
    for job_id in rounds():
        ScheduledJobRegistry(queue=queue).remove(job_id, delete_job=True)


def rounds() -> list[str]:
    """The rounds that are planned."""
    return ScheduledJobRegistry(queue=get_queue()).get_job_ids()


def harvests() -> list[str]:
    """The harvests that wait for a worker."""
    return [job_id for job_id in get_queue().get_job_ids() if "harvest" in job_id]


@contextmanager
def worker(ini: str) -> Iterator[None]:
    """A real worker of this site in a process of its own, with its children in its group."""
    command = [str(Path(sys.executable).with_name("ckan")), "-c", ini, "jobs", "worker"]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def eventually(true: Callable[[], object]) -> bool:
    """Whether it becomes true while we wait."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if true():
            return True
        model.Session.rollback()
        time.sleep(0.3)
    return False


@pytest.mark.usefixtures("empty_queue")
class TestSchedule:
    def test_planning_twice_plans_one_round(self) -> None:
        """Two starts of the site don't pile up rounds."""
        jobs.schedule()
        planned = len({jobs.schedule() for _ in range(3)} | set(rounds()))
        assert planned <= 2
        assert len(rounds()) == planned

    def test_a_round_plans_the_next_one_before_anything_else(self) -> None:
        """Whatever happens in a round, the chain goes on."""
        jobs.tick()
        assert len(rounds()) == 1

    def test_goes_on_after_the_queue_was_lost(self) -> None:
        """Redis is disposable: planning again is all that it takes."""
        jobs.schedule()
        for key in connect_to_redis().scan_iter("rq:*"):
            connect_to_redis().delete(key)
        assert rounds() == []
        jobs.schedule()
        assert len(rounds()) == 1

    def test_harvests_by_itself(self, server: Server, member: Member, request: pytest.FixtureRequest) -> None:
        """A worker alone, once started: a new member is harvested, and so is the source's next change."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water")))
        jobs.schedule()
        with worker(request.config.option.ckan_ini):
            assert eventually(lambda: (last := run.last(name)) and last.state == "finished")
            assert run.last(name).counts["added"] == 1
            server.turtle("/c.ttl", CATALOGUE + dataset(A, "Clean water"))
            _age(name)
            assert eventually(lambda: (last := run.last(name)) and last.counts.get("changed"))
        assert call_action("package_search")["results"][0]["title"] == "Clean water"


def _age(name: str) -> None:
    """Moves the last harvest of a member two hours back."""
    ago = datetime.now(timezone.utc) - timedelta(hours=2)
    model.Session.execute(sa.update(run.Run).where(run.Run.member_id == name).values(started=ago))
    model.Session.commit()


@pytest.mark.usefixtures("empty_queue")
class TestDue:
    def test_a_member_is_harvested_when_its_interval_has_passed(
        self, server: Server, member: Member, harvest: Callable[[str], Report]
    ) -> None:
        """Not before, and only once while it waits."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE), interval_minutes=60)
        harvest(name)
        jobs.tick()
        assert harvests() == []
        _age(name)
        jobs.tick()
        jobs.tick()
        assert harvests() == ["citizendata-harvest-kenya"]

    def test_a_member_without_interval_is_harvested_by_hand_alone(self, server: Server, member: Member) -> None:
        """Zero minutes mean never."""
        member("kenya", server.turtle("/c.ttl", CATALOGUE), interval_minutes=0)
        jobs.tick()
        assert harvests() == []
        call_action("citizendata_harvest_run", id="kenya")
        assert harvests() == ["citizendata-harvest-kenya"]
