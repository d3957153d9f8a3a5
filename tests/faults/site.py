"""The registry that is put to the test: its own PostgreSQL, Redis and Solr, and a warm CKAN in a process of its own."""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import md5
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import requests

from ckanext.citizendata.local.credentials import Credentials
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.services import Services
from ckanext.citizendata.local.settings import CHECKOUT, child_environment, settings_from_environment

__all__ = ["Asked", "DriverFault", "Site"]

NAME = "registry"
PATIENCE = 900
STARTS = 30
"""A killed service is back within so many seconds, or the case fails."""


class DriverFault(Exception):  # noqa: N818 - what the registry answered
    """An exception that reached the top of the registry's process."""


class Asked:
    """The driver's end of the line: what is asked, and what comes back."""

    def __init__(self, config: Path, log: Path, scratch: Path) -> None:
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.driver", str(config)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=CHECKOUT,
                env=child_environment(
                    PYTHONPATH=os.pathsep.join([str(CHECKOUT), os.environ.get("PYTHONPATH", "")]), TMPDIR=str(scratch)
                ),
                text=True,
            )
        self.pid: int = self._answer()

    def __call__(self, ask: str, **data: Any) -> Any:
        """What the registry answers. Raises `DriverFault` with what it raised."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"ask": ask, "with": data}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout
        # One line an answer, so that nothing is left in the buffer that would not be waited for.
        if not select.select([self._process.stdout], [], [], PATIENCE)[0]:
            self.stop()
            raise DriverFault(f"the registry's process doesn't answer within {PATIENCE} seconds")
        line = self._process.stdout.readline()
        if not line:
            raise DriverFault(f"the registry's process ended with exit code {self._process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise DriverFault(answer["error"])
        return answer["result"]

    @property
    def lives(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the process with its children."""
        family = [*psutil.Process(self.pid).children(recursive=True)] if self._process.poll() is None else []
        self._process.kill()
        self._process.wait()
        for each in family:
            each.kill()


class Site:
    """Services, database and configuration; `ask` is set once it runs.

    `scratch` is where it keeps temporary files.
    """

    ask: Asked

    def __init__(self) -> None:
        # Given services are for people's data; these here are killed.
        given = settings_from_environment(os.environ)
        settings = replace(given, postgres_url=None, redis_url=None, solr_url=None)
        self.home = settings.home("faults")
        self.home.make()
        self._services = Services(settings, self.home, Credentials(self.home), tied=True)
        self.addresses = self._services.addresses([NAME])[NAME]
        self.config = self.home.sites / f"{NAME}.ini"
        self.scratch = self.home.run / "scratch"

    def start(self, announce: Callable[[str], None]) -> None:
        """Come back when the registry answers."""
        self._services.remove()
        self._services.start([NAME], announce, durable=False)
        database = self.home.database(NAME)
        announce("making the database")
        self._services.databases.create(database)
        # What was committed is there after a crash, as on every real server.
        self.sql(f"ALTER DATABASE {database} SET synchronous_commit = on")
        self._write()
        self.command("db", "upgrade")
        announce("starting the registry")
        self.load()

    def load(self) -> None:
        """Start the registry's process, or start it again after it ended."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()
        self.ask = Asked(self.config, self.home.logs / "driver.log", self.scratch)

    def stop(self) -> None:
        """End everything, and take the data away."""
        if hasattr(self, "ask"):
            self.ask.stop()
        self._services.remove()
        shutil.rmtree(self.home.sites, ignore_errors=True)

    def command(self, *words: str) -> None:
        """Run a command of CKAN. Raises `LocalError` where it fails."""
        log = self.home.logs / "commands.log"
        with log.open("ab") as output:
            done = subprocess.run(
                self.words(*words), stdout=output, stderr=output, env=child_environment(), check=False
            )
        if done.returncode:
            raise LocalError(f"`ckan {' '.join(words)}` fails: the whole story is in {log}.")

    def words(self, *words: str) -> list[str]:
        """A command of CKAN for this site."""
        return [str(Path(sys.executable).with_name("ckan")), "-c", str(self.config), *words]

    def sql(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows that PostgreSQL answers, past CKAN."""
        connection = psycopg2.connect(self.addresses.database)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def back_up(self, let_go: Callable[[], object]) -> None:
        """Keep the database as it is now; `let_go` makes the registry's process end its connections."""
        let_go()
        self._services.databases.drop(self._backup)
        self._services.databases.create(self._backup, self.home.database(NAME))

    def put_back(self, let_go: Callable[[], object]) -> None:
        """The database is the one that was kept last."""
        let_go()
        self._services.databases.drop(self.home.database(NAME))
        self._services.databases.create(self.home.database(NAME), self._backup)

    @property
    def _backup(self) -> str:
        return f"{self.home.database(NAME)}_backup"

    def solr(self, **query: Any) -> list[dict[str, Any]]:
        """The documents that Solr finds, past CKAN."""
        asked = {"q": "*:*", "rows": 10_000, "wt": "json", **query}
        answer = requests.get(f"{self.addresses.solr}/select", params=asked, timeout=60)
        answer.raise_for_status()
        return answer.json()["response"]["docs"]

    def solr_update(self, update: Any) -> None:
        """Write to Solr behind CKAN's back."""
        sent = requests.post(f"{self.addresses.solr}/update", params={"commit": "true"}, json=update, timeout=60)
        sent.raise_for_status()

    def index_id(self, package_id: str) -> str:
        """The key that CKAN gives a package in Solr."""
        return md5(f"{package_id}{self.home.identity(NAME)}".encode()).hexdigest()

    def service(self, name: str) -> psutil.Process:
        """The process of `postgres`, `redis` or `solr`."""
        return self._services.supervision.processes()[name]

    def kill(self, name: str, number: int = signal.SIGKILL) -> float:
        """Send a service a signal that ends it; the seconds until it answers again, started by its supervisor."""
        began, before = time.monotonic(), self.service(name)
        before.send_signal(number)
        self.back(name, before.pid)
        return time.monotonic() - began

    def back(self, name: str, before: int) -> None:
        """Come back when a service that had that id answers as a new process, started by its supervisor."""
        end = time.monotonic() + STARTS
        while time.monotonic() < end:
            found = self._services.supervision.processes().get(name)
            if found and found.pid != before and self._answers(name):
                return
            time.sleep(0.1)
        raise LocalError(f"{name} isn't back within {STARTS} seconds after it was stopped.")

    def _answers(self, name: str) -> bool:
        services = self._services
        probes = {"postgres": services.databases, "redis": services.numbers, "solr": services.cores}
        return probes[name].reachable() and (name != "solr" or self._core_answers())

    def _core_answers(self) -> bool:
        try:
            return bool(requests.get(f"{self.addresses.solr}/admin/ping", timeout=10).ok)
        except requests.RequestException:
            return False

    def _write(self) -> None:
        storage = self.home.sites / "storage"
        storage.mkdir(exist_ok=True)
        secret = secrets.token_hex(32)
        options = {
            "use": f"config:{CHECKOUT / 'config' / 'registry.ini'}",
            "ckan.site_url": "http://registry.faults.test",
            "ckan.site_id": self.home.identity(NAME),
            "ckan.storage_path": str(storage),
            "SECRET_KEY": secret,
            "WTF_CSRF_SECRET_KEY": secret,
            "api_token.jwt.encode.secret": f"string:{secret}",
            "api_token.jwt.decode.secret": f"string:{secret}",
            # The hostile server alone; the canary is as far away as any other machine in the house.
            "ckanext.citizendata.harvest_networks": "127.0.0.10/32",
            **self.addresses.options(),
        }
        lines = [f"{name} = {value.replace('%', '%%')}" for name, value in options.items()]
        self.config.touch(mode=0o600)
        self.config.write_text("\n".join(["[app:main]", *lines, ""]), encoding="utf-8")
