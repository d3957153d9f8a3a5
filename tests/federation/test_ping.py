"""News: a catalogue says that something is new, and the registry reads it within seconds, whoever else asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ckan.lib.jobs import Worker, get_queue
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import call_action
from click.testing import CliRunner
from rq.job import Job
from rq.registry import ScheduledJobRegistry

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.core.manifest import MANIFEST_TYPE
from ckanext.citizendata.core.ping import PING_TYPE, Ping
from ckanext.citizendata.core.signature import Signer
from ckanext.citizendata.federation.feed_state import FeedState
from ckanext.citizendata.logic.harvesting import ping_jobs
from ckanext.citizendata.logic.harvesting.feed_states import SqlFeedStates
from ckanext.citizendata.logic.publishing.leases import leased
from ckanext.citizendata.model import run

from .conftest import Server, dataset
from .test_harvest import CATALOGUE, A

KEY, OTHER = Signer(bytes(range(32))), Signer(bytes(32))
CATALOGUE_IRI = "https://kenya.example.org/catalog"
QUEUE = "citizendata-ping"
App = Any
Post = Callable[..., Any]


@pytest.fixture(autouse=True)
def empty_queues(registry: None) -> Iterator[None]:  # noqa: ARG001
    """No jobs, and nobody who pinged just now."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    for pattern in ("rq:*", "*citizendata-ping:*"):
        for key in connect_to_redis().scan_iter(pattern):
            connect_to_redis().delete(key)


@pytest.fixture
def kenya(server: Server, member: Callable[..., str]) -> str:
    """The address of the feed of the member `kenya`, whose key is known."""
    url = server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water"))
    member("kenya", url)
    expires = datetime.now(timezone.utc) + timedelta(days=7)
    state = FeedState(CATALOGUE_IRI, "everyone", KEY.public.x, 1, 42, "0" * 64, expires)
    SqlFeedStates().accept("kenya", state)
    return url


@pytest.fixture
def post(app: App, kenya: str) -> Post:
    """Sends a ping of kenya; what is said differently makes it another one."""

    def posted(signer: Signer = KEY, typ: str = PING_TYPE, minutes: float = 0, url: str = kenya) -> Any:
        at = datetime.now(timezone.utc) - timedelta(minutes=minutes)
        text = signer.signed(Ping(CATALOGUE_IRI, url, 43, at).payload(), typ)
        return app.post("/feed/ping", data=text, content_type="application/jose")

    return posted


def waiting(queue: str = "default") -> list[str]:
    """The jobs that wait there for a worker and have to do with news."""
    return [job_id for job_id in get_queue(queue).get_job_ids() if job_id.startswith("citizendata-ping-kenya_")]


class TestRightPing:
    def test_has_the_catalogue_read(self, post: Post) -> None:
        """Soon, and not by whoever answers."""
        response = post()
        assert (response.status_code, response.text) == (202, "Thank you. This registry reads the catalogue soon.\n")
        (job_id,) = waiting()
        job = Job.fetch(job_id, connection=connect_to_redis())
        assert (job.func_name, job.args) == ("ckanext.citizendata.logic.harvesting.ping_jobs.read", ["kenya"])

    def test_waits_in_a_queue_of_its_own(self, post: Post) -> None:
        """Where a worker listens to it; one that is gone leaves it to others."""
        idle = Worker([QUEUE])
        idle.register_birth()
        try:
            post()
            assert (len(waiting(QUEUE)), waiting()) == (1, [])
        finally:
            idle.register_death()
        status = CliRunner().invoke(citizendata, ["harvest", "status"]).output
        assert "citizendata-ping: 0 workers listen, 1 jobs wait" in status

    def test_comes_once_in_five_seconds(self, post: Post) -> None:
        """The second one is told when to come again."""
        post()
        response = post()
        assert response.status_code == 429
        assert 1 <= int(response.headers["Retry-After"]) <= 5
        assert len(waiting()) == 1

    def test_of_a_watched_catalogue_waits_for_a_person(self, post: Post) -> None:
        """It is heard, and nothing is read."""
        call_action("citizendata_member_patch", id="kenya", trust="watched")
        assert post().status_code == 202
        assert waiting() == []


class TestWrongPing:
    def test_says_nothing_of_who_is_known(self, post: Post) -> None:
        """Another key, a catalogue that isn't read here, and one that is suspended are answered alike."""
        answers = [
            post(OTHER),
            post(KEY, url="https://nobody.example.org/feed/everyone/manifest"),
            post(OTHER, url="x:y"),
        ]
        call_action("citizendata_member_suspend", id="kenya", reason="Moving")
        answers.append(post(KEY))
        assert {(each.status_code, each.text) for each in answers} == {
            (403, "This registry reads no such catalogue, or the ping isn't signed with its key.\n")
        }
        assert waiting() == []

    def test_does_not_use_up_the_right_ones_turn(self, post: Post) -> None:
        """Nobody keeps a catalogue from being heard by pinging in its name."""
        post(OTHER)
        assert post().status_code == 202

    @pytest.mark.parametrize("minutes", [6, -6])
    def test_of_another_time_is_refused(self, post: Post, minutes: float) -> None:
        """It is somebody's copy, or a clock is wrong."""
        response = post(minutes=minutes)
        assert (response.status_code, "clock" in response.text) == (400, True)

    def test_of_another_type_is_refused(self, post: Post) -> None:
        """A manifest isn't taken for one."""
        assert post(typ=MANIFEST_TYPE).status_code == 403

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"", 400),
            (b"hello", 400),
            (b"{}", 400),
            ("é".encode(), 400),
            (KEY.signed(b"[]", PING_TYPE).encode(), 400),
            (b"a" * 8193, 413),
        ],
    )
    def test_that_is_none_is_told_so(self, app: App, kenya: str, body: bytes, status: int) -> None:  # noqa: ARG002
        """In one sentence of plain text."""
        response = app.post("/feed/ping", data=body, content_type="application/jose")
        assert (response.status_code, response.headers["Content-Type"]) == (status, "text/plain; charset=utf-8")
        assert len(response.text.splitlines()) == 1


@pytest.mark.usefixtures("kenya")
class TestReading:
    def test_harvests(self) -> None:
        """As any harvest does."""
        ping_jobs.read("kenya")
        last = run.last("kenya")
        assert last is not None
        assert last.counts["added"] == 1

    def test_waits_for_the_harvest_under_way(self) -> None:
        """Which may have read the feed before the news; of several that wait one goes on."""
        with leased("kenya"):
            ping_jobs.read("kenya")
            ping_jobs.read("kenya")
        assert run.last("kenya") is None
        planned = ScheduledJobRegistry(queue=get_queue()).get_job_ids()
        assert 1 <= len({job_id for job_id in planned if job_id.startswith("citizendata-ping-kenya_")}) <= 2
