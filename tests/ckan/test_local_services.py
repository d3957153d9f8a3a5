"""The services from Python packages, real ones: who gets in, what a given server is asked, and bad days."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from ckanext.citizendata.local.credentials import Credentials
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.services import Services
from ckanext.citizendata.local.settings import Home, Settings, free_port, settings_from_environment
from ckanext.citizendata.local.solr import schema_name


def services_in(home: Home, settings: Settings | None = None) -> Services:
    """The services of a home; without settings its own."""
    home.make()
    return Services(settings or settings_from_environment({}), home, Credentials(home))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """All three services, with a core for the site `one`."""
    services = services_in(Home(tmp_path_factory.mktemp("running") / "demo"))
    services.start(["one"], lambda _: None, durable=False)
    yield services
    services.remove()


@pytest.fixture
def given(running: Services) -> Settings:
    """Settings that give the running servers' addresses."""
    return replace(
        settings_from_environment({}),
        postgres_url=running.databases.server,
        redis_url=running.numbers.server,
        solr_url=running.cores.server,
    )


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty home; whatever a test starts in it ends with the test."""
    found = Home(tmp_path / "demo")
    yield found
    if found.run.exists():
        services_in(found).remove()


def everybody(services: Services) -> list[psutil.Process]:
    """All processes of the home."""
    found = services.supervision.processes().values()
    return [each for process in found for each in (process, *process.children(recursive=True))]


class TestRunning:
    def test_loopback_only(self, running: Services) -> None:
        """Nobody on the network can reach a service."""
        connections = [each for process in everybody(running) for each in process.net_connections()]
        listening = {each.laddr[0] for each in connections if each.status == psutil.CONN_LISTEN}
        assert listening <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
        assert listening

    def test_passwords(self, running: Services) -> None:
        """Other users of the machine get into neither PostgreSQL nor Redis."""
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(host="127.0.0.1", port=running.postgres.port, user="citizendata", dbname="postgres")  # type: ignore
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=running.valkey.port).ping()  # type: ignore

    def test_not_root(self, running: Services) -> None:
        """PostgreSQL never runs as root, and its files are its user's alone."""
        process = running.supervision.processes()["postgres"]
        assert process.uids().effective != 0
        assert running.postgres
        assert running.postgres.data.stat().st_uid == process.uids().effective
        assert running.postgres.data.stat().st_mode & 0o077 == 0

    def test_second_start(self, running: Services) -> None:
        """A second start leaves what runs alone and adds what is new."""
        before = running.supervision.processes()
        again = services_in(running.home)
        again.start(["one", "two"], lambda _: None, durable=False)
        assert again.supervision.processes() == before
        assert again.cores.exists(running.home.database("two"))

    def test_databases(self, running: Services) -> None:
        """A database is copied whole from another, and making it twice does no harm."""
        running.databases.create("first")
        running.databases.execute("first", "create table word (text text)")
        running.databases.execute("first", "insert into word values (%s)", ["zebra"])
        running.databases.create("second", "first")
        running.databases.create("second", "first")
        assert running.databases.rows("second", "select text from word") == [("zebra",)]

    def test_killed(self, running: Services) -> None:
        """A killed service comes back by itself, with its data."""
        running.databases.create("kept")
        first = running.supervision.processes()["postgres"]
        first.kill()
        deadline = time.monotonic() + 30
        while running.supervision.processes().get("postgres", first) == first or not running.databases.reachable():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert running.databases.exists("kept")


class TestGiven:
    def test_starts_nothing(self, running: Services, given: Settings, home: Home) -> None:
        """With all addresses given no process is started."""
        services_in(home, given).start(["one"], lambda _: None)
        assert services_in(home, given).supervision.supervisor() is None
        assert running.supervision.supervisor()

    def test_missing_core(self, given: Settings, home: Home) -> None:
        """A missing core is named, with the command that makes it."""
        core = "solr create -c citizendata_mars -d .*configset"
        with pytest.raises(LocalError, match=f"has no core citizendata_mars: make it with `{core}`, and start again"):
            services_in(home, given).start(["mars"], lambda _: None)

    def test_wrong_schema(self, running: Services, given: Settings, home: Home) -> None:
        """A core with the schema of another CKAN is refused by both names."""
        assert running.solr
        core = home.database("old")
        running.solr.add_core(core)
        schema = running.solr.folder / core / "conf" / "schema.xml"
        text = schema.read_text(encoding="utf-8").replace(f'name="{schema_name()}"', 'name="ckan-2.9"')
        schema.write_text(text, encoding="utf-8")
        running.solr.load_core(core)
        needed = f"has the schema ckan-2.9, but the installed CKAN needs {schema_name()}: make the core anew"
        with pytest.raises(LocalError, match=needed):
            services_in(home, given).start(["old"], lambda _: None)

    @pytest.mark.parametrize(
        ("setting", "address", "sentence"),
        [
            (
                "postgres_url",
                "postgresql://127.0.0.1:9",
                "PostgreSQL can't be used at .*check CITIZENDATA_POSTGRES_URL",
            ),
            ("redis_url", "redis://127.0.0.1:9", "Redis does not answer at 127.0.0.1:9 .*check CITIZENDATA_REDIS_URL"),
            ("solr_url", "http://127.0.0.1:9/solr", "Solr does not answer at .*: check CITIZENDATA_SOLR_URL"),
        ],
    )
    def test_out_of_reach(self, given: Settings, home: Home, setting: str, address: str, sentence: str) -> None:
        """A given server that doesn't answer is named with its setting, and nothing is started."""
        services = services_in(home, replace(given, **{setting: address}))
        with pytest.raises(LocalError, match=sentence):
            services.start(["one"], lambda _: None)
        assert services.supervision.supervisor() is None


class TestBadDays:
    def test_other_version(self, home: Home) -> None:
        """Data of another PostgreSQL are refused and stay as they are."""
        services = services_in(home)
        assert services.postgres
        services.postgres.data.mkdir(parents=True)
        (services.postgres.data / "PG_VERSION").write_text("15\n")
        with pytest.raises(LocalError, match="made by PostgreSQL 15, but PostgreSQL 18 is here: start afresh with"):
            services.start(["one"], lambda _: None)
        assert (services.postgres.data / "PG_VERSION").read_text() == "15\n"

    def test_does_not_come_up(self, home: Home) -> None:
        """A service that ends at its start is named with its last words and its log."""
        services = services_in(home)
        assert services.postgres
        services.postgres.prepare()
        (services.postgres.data / "postgresql.conf").write_text("nonsense = yes\n")
        with pytest.raises(
            LocalError, match="PostgreSQL does not start: .*configuration.* whole story is in .*postgres.log"
        ):
            services.start(["one"], lambda _: None)

    def test_half_database(self, home: Home) -> None:
        """The rest of a start that was killed while it made the database doesn't hinder the next."""
        services = services_in(home)
        assert services.postgres
        (services.postgres.folder / "data.draft" / "base").mkdir(parents=True)
        services.postgres.prepare()
        assert (services.postgres.data / "PG_VERSION").exists()
        assert not (services.postgres.folder / "data.draft").exists()

    def test_port_taken(self, home: Home) -> None:
        """A port that somebody has is named with who it is, and nothing is started."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            done = demo(home, CITIZENDATA_KENYA_PORT=port)
        assert done.returncode == 1
        assert f"Port {port} for the site kenya is taken by process {os.getpid()}" in done.stderr
        assert services_in(home).supervision.supervisor() is None

    def test_disk_full(self, home: Home) -> None:
        """A full disk is told in one sentence."""
        home.make()
        (home.root / "secrets.draft").symlink_to("/dev/full")
        done = demo(home)
        (home.root / "secrets.draft").unlink()
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith("The disk is full: make room, or set CITIZENDATA_HOME")

    def test_started_twice(self, home: Home) -> None:
        """A second start while one is under way is refused."""
        home.make()
        with (home.run / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = demo(home)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith("Another start is under way: wait for it to end")


def demo(home: Home, **settings: str) -> subprocess.CompletedProcess[str]:
    """What bin/demo does, in this home and on free ports."""
    ports = {f"CITIZENDATA_{site}_PORT": str(free_port()) for site in ("REGISTRY", "KENYA", "GHANA")}
    environment = {**os.environ, **ports, "CITIZENDATA_HOME": str(home.root.parent), **settings}
    command = [sys.executable, "-m", "ckanext.citizendata.local", "demo"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
