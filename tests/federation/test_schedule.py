from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.jobs import Worker, get_queue
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import call_action
from click.testing import CliRunner, Result
from rq.job import Job, JobStatus
from rq.registry import ScheduledJobRegistry
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.logic.harvesting import jobs
from ckanext.citizendata.logic.publishing.leases import leased
from ckanext.citizendata.model import run

from .conftest import Report, Server, answer, dataset
from .test_harvest import CATALOGUE, A

Member = Callable[..., str]
Command = Callable[..., Result]
PATIENCE = 120
QUEUE, KENYA = "citizendata-harvest", "citizendata-harvest-kenya_0"


@pytest.fixture
def command(registry: None) -> Command:  # noqa: ARG001
    """Runs `ckan citizendata …` in this process, on the site that the test has already."""
    return lambda *words: CliRunner().invoke(citizendata, words)


@pytest.fixture
def empty_queue(registry: None) -> Iterator[None]:  # noqa: ARG001
    """A queue without jobs, and without rounds that wait."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    """Also without the workers that earlier tests killed."""
    for key in connect_to_redis().scan_iter("rq:*"):
        connect_to_redis().delete(key)


def rounds() -> list[str]:
    """The rounds that are planned."""
    return ScheduledJobRegistry(queue=get_queue()).get_job_ids()


def harvests() -> list[str]:
    """The harvests that wait for a worker."""
    return [job_id for job_id in get_queue().get_job_ids() if "harvest" in job_id]


def next_of(name: str) -> str:
    """The job that harvests a member next."""
    last = run.last(name)
    return f"citizendata-harvest-{name}_{last.id if last else 0}"


@contextmanager
def listening(*queues: str) -> Iterator[None]:
    """A worker that listens to these queues and takes nothing."""
    idle = Worker(queues)
    idle.register_birth()
    try:
        yield
    finally:
        idle.register_death()


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


def _age(name: str, took: timedelta = timedelta(seconds=1)) -> None:
    """Moves the harvests of a member four hours back."""
    ago = datetime.now(timezone.utc) - timedelta(hours=4)
    of_member = sa.update(run.Run).where(run.Run.member_id == name)
    model.Session.execute(of_member.values(started=ago, finished=ago + took))
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
        assert harvests() == [next_of(name)]

    def test_a_member_without_interval_is_harvested_by_hand_alone(self, server: Server, member: Member) -> None:
        """Zero minutes mean never."""
        member("kenya", server.turtle("/c.ttl", CATALOGUE), interval_minutes=0)
        jobs.tick()
        assert harvests() == []
        call_action("citizendata_harvest_run", id="kenya")
        assert harvests() == [KENYA]

    def test_not_while_it_is_harvested(self, server: Server, member: Member, harvest: Callable[[str], Report]) -> None:
        """By a command, for example, which no queue knows of."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE))
        harvest(name)
        _age(name)
        with leased(name):
            jobs.tick()
            assert harvests() == []
        jobs.tick()
        assert harvests() == [next_of(name)]

    @pytest.mark.ckan_config("ckanext.citizendata.harvest_long_seconds", 60)
    def test_long_ones_leave_a_worker_free(
        self, server: Server, member: Member, harvest: Callable[[str], Report]
    ) -> None:
        """Of two workers; one that was never harvested comes first."""
        for name in ("kenya", "ghana", "fresh"):
            member(name, server.turtle(f"/{name}.ttl", CATALOGUE), prefixes=[f"https://{name}.example.org/"])
            if name != "fresh":
                harvest(name)
                _age(name, took=timedelta(minutes=5))
        with listening(QUEUE), listening(QUEUE):
            jobs.tick()
            jobs.tick()
        waiting = get_queue(QUEUE).get_job_ids()
        assert waiting[0] == next_of("fresh")
        assert len(waiting) == 2


@pytest.mark.usefixtures("empty_queue")
class TestQueue:
    def test_is_their_own_where_somebody_listens(self, server: Server, member: Member, command: Command) -> None:
        """Else the default one, so that a single worker of a site does all; the operator is told."""
        member("kenya", server.turtle("/c.ttl", CATALOGUE))
        with listening("default"):
            jobs.enqueue_harvest("kenya")
            assert harvests() == [KENYA]
            said = command("harvest", "status").output
            assert "default: 1 workers listen, 1 jobs wait" in said
            assert "No worker listens to the queue citizendata-harvest: harvests share the default queue" in said
            get_queue().empty()
            with listening(QUEUE):
                jobs.enqueue_harvest("kenya")
                assert (harvests(), get_queue(QUEUE).get_job_ids()) == ([], [KENYA])
                assert "No worker" not in command("harvest", "status").output
        assert "No worker listens to the queue default" in command("harvest", "status").output
        assert "No worker listens to the queue citizendata-harvest" in command("reconcile").output

    def test_what_waits_for_workers_that_are_gone_is_taken_over(self, server: Server, member: Member) -> None:
        """After a minute, as workers may just be started again."""
        member("kenya", server.turtle("/c.ttl", CATALOGUE), interval_minutes=0)
        with listening(QUEUE):
            jobs.enqueue_harvest("kenya")
        jobs.tick()
        assert harvests() == []
        job = get_queue(QUEUE).fetch_job(KENYA)
        assert job is not None
        job.enqueued_at = datetime.now(timezone.utc) - timedelta(minutes=2)
        job.save()
        jobs.tick()
        assert (harvests(), get_queue(QUEUE).get_job_ids()) == ([KENYA], [])
        moved = get_queue().fetch_job(KENYA)
        assert moved is not None
        moved.perform()
        assert run.last("kenya").state == "finished"

    def test_one_job_waits_however_many_ask(self, server: Server, member: Member) -> None:
        """Two rounds and four people at the same moment."""
        member("kenya", server.turtle("/c.ttl", CATALOGUE))

        def ask(_number: int) -> str:
            try:
                return jobs.enqueue_harvest("kenya")
            finally:
                model.Session.remove()

        with ThreadPoolExecutor(6) as people:
            assert {*people.map(ask, range(12))} == {KENYA}
        assert harvests() == [KENYA]

    def test_one_job_waits_behind_the_one_under_way(self, server: Server, member: Member) -> None:
        """Who asks while it runs gets what has changed since; what has ended is in nobody's way."""
        member("kenya", server.turtle("/c.ttl", CATALOGUE))
        for status, expected in (
            (JobStatus.STARTED, [f"{KENYA}_next"]),
            (JobStatus.FINISHED, [KENYA]),
            (JobStatus.FAILED, [KENYA]),
        ):
            jobs.enqueue_harvest("kenya")
            get_queue().remove(KENYA)
            Job.fetch(KENYA, connection=connect_to_redis()).set_status(status)
            assert [jobs.enqueue_harvest("kenya"), jobs.enqueue_harvest("kenya")] == expected * 2
            assert harvests() == expected
            _empty()

    def test_no_job_is_named_as_one_that_began(self, server: Server, member: Member) -> None:
        """Where Redis was emptied meanwhile, its worker would clear the new one away when it ends."""
        member("kenya", server.turtle("/c.ttl", CATALOGUE))
        began = jobs.enqueue_harvest("kenya")
        run.finish(run.start("kenya"), {"state": "finished"})
        _empty()
        assert jobs.enqueue_harvest("kenya") not in (began, f"{began}_next")


@pytest.mark.usefixtures("empty_queue")
class TestTime:
    def test_follows_from_the_last_complete_run(
        self, server: Server, member: Member, harvest: Callable[[str], Report]
    ) -> None:
        """Three times as long; one that failed tells nothing."""
        harvest(member("kenya", server.turtle("/c.ttl", CATALOGUE)))
        _age("kenya", took=timedelta(hours=2))
        run.finish(run.start("kenya"), {"state": "failed"})
        jobs.enqueue_harvest("kenya")
        job = get_queue().fetch_job(next_of("kenya"))
        assert job is not None
        assert job.timeout == 6 * 3600

    def test_is_over(self, server: Server, member: Member) -> None:
        """The run ends as failed, tells what it did, and the next one goes on; the lease is free."""

        def slow(handler: BaseHTTPRequestHandler) -> None:
            time.sleep(3)
            answer(handler, b"", "text/turtle")

        member("kenya", server.answer("/c.ttl", slow))
        with pytest.raises(JobTimeoutException), UnixSignalDeathPenalty(1, JobTimeoutException):
            jobs.harvest("kenya")
        last = run.last("kenya")
        assert (last.state, last.counts["added"]) == ("failed", 0)
        assert "Kenya was harvested in part" in last.reason
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water"))
        jobs.harvest("kenya")
        assert run.last("kenya").counts["added"] == 1
