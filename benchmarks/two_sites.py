"""A national catalogue and a registry as they run in earnest: web servers, workers, and an administrator at each."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests

from benchmarks.bench_services import services
from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.credentials import Credentials
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.processes import Process, reason_of
from ckanext.citizendata.local.progress import Progress
from ckanext.citizendata.local.services import Services, wait_for
from ckanext.citizendata.local.settings import CHECKOUT, child_environment, free_port
from ckanext.citizendata.local.site import Kind, Site

__all__ = ["LiveSite", "TwoSites", "two_sites"]

NODE = Kind("node", "Catalogue that is measured", "Invented examples.", "node.ini")
REGISTRY = Kind("registry", "Registry that is measured", "Invented examples.", "registry.ini")
QUEUES = {NODE.name: ("default",), REGISTRY.name: ("default", "citizendata-harvest", "citizendata-ping")}
ADMINISTRATOR = "admin"
SECONDS = 60


@dataclass
class LiveSite:
    """One site that runs; `token` is its administrator's, for the API."""

    site: Site
    services: Services
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        """Its address."""
        return self.site.url

    @property
    def access_log(self) -> Path:
        """The file in which its web server writes a line for each request."""
        return self.site.home.logs / f"{self.site.name}-requests.log"

    def action(self, name: str, /, **data: Any) -> Any:
        """The result of an action, asked for over HTTP. Raises LocalError with what CKAN says when it refuses."""
        answer = self.session.post(f"{self.url}/api/3/action/{name}", json=data, timeout=SECONDS)
        if not answer.ok:
            raise LocalError(f"{self.url} refuses {name}: {answer.text[:300]}")
        return answer.json()["result"]

    def requests(self) -> list[str]:
        """All requests until now, one line each."""
        return self.access_log.read_text(encoding="utf-8", errors="replace").splitlines()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What its database answers, past CKAN."""
        return self.services.databases.rows(self.site.home.database(self.site.name), query, values)

    def write(self, credentials: Credentials, more: dict[str, str]) -> None:
        """Write its configuration, and make its database with an administrator."""
        # Feeds of a database that is gone would be taken for newer than this one.
        shutil.rmtree(self.site.home.sites / self.site.name, ignore_errors=True)
        self.site.write(credentials)
        with self.site.file.open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in more.items())
        database = self.site.home.database(self.site.name)
        self.services.databases.drop(database)
        self.services.databases.create(database)
        account = {"name": ADMINISTRATOR, "email": "admin@example.org", "password": self._password(credentials)}
        command = [sys.executable, "-m", "ckanext.citizendata.local.first_run", str(self.site.file)]
        done = subprocess.run(
            command, input=json.dumps(account), capture_output=True, text=True, env=child_environment(), check=False
        )
        if done.returncode:
            raise LocalError(f"The tables of {self.site.name} can't be made: {reason_of(done.stderr)}.")

    def web(self) -> Process:
        """Its web server, which counts requests."""
        process = self.site.web()
        self.access_log.write_text("", encoding="utf-8")
        command = [*process.command[:-1], "--pythonpath", str(CHECKOUT), "benchmarks.counted_wsgi:application"]
        counted = {**process.environment, "CITIZENDATA_REQUESTS": str(self.access_log)}
        return replace(process, command=command, environment=counted)

    def workers(self) -> list[Process]:
        """Its workers: one for each queue, as a site in earnest has them."""
        worker = self.site.worker()
        return [
            replace(worker, name=f"{self.site.name}-{queue}", command=self.site.command("jobs", "worker", queue))
            for queue in QUEUES[self.site.name]
        ]

    def answers(self) -> bool:
        """Whether its web server answers."""
        try:
            return requests.get(f"{self.url}/api/3/action/status_show", timeout=30).ok
        except requests.RequestException:
            return False

    def log_in(self, credentials: Credentials) -> None:
        """From now on its administrator asks."""
        browser = Browser(self.url)
        if not browser.login(ADMINISTRATOR, self._password(credentials)):
            raise LocalError(f"The administrator can't log in at {self.url}.")
        token = browser.action("api_token_create", {"user": ADMINISTRATOR, "name": "measures"})["token"]
        self.session.headers["Authorization"] = token

    def _password(self, credentials: Credentials) -> str:
        return credentials.password(f"{ADMINISTRATOR} at {self.site.name}")


@dataclass(frozen=True)
class TwoSites:
    """Both sites, which know nothing of each other yet."""

    node: LiveSite
    registry: LiveSite
    progress: Progress


@contextmanager
def two_sites(progress: Progress) -> Iterator[TwoSites]:
    """Both sites, running and empty; all that was started is ended after the block."""
    kinds = (NODE, REGISTRY)
    names = tuple(kind.name for kind in kinds)
    with services(names, progress) as found:
        credentials = Credentials(found.home)
        addresses = found.addresses(names)
        sites = [LiveSite(Site(kind, found.home, free_port(), addresses[kind.name]), found) for kind in kinds]
        node, registry = sites
        more = {NODE.name: {"ckanext.citizendata.registries": registry.url}, REGISTRY.name: {}}
        progress.step("making the tables of both sites")
        with ThreadPoolExecutor(len(sites)) as pool:
            list(pool.map(lambda each: each.write(credentials, more[each.site.name]), sites))
        _start(found, sites, credentials, progress)
        yield TwoSites(node, registry, progress)


def _start(found: Services, sites: list[LiveSite], credentials: Credentials, progress: Progress) -> None:
    progress.step("starting web servers and workers")
    webs = [each.web() for each in sites]
    found.supervision.want(webs)
    for each, web in zip(sites, webs, strict=True):
        wait_for(found.supervision, web, each.answers)
        each.log_in(credentials)
    found.supervision.want([worker for each in sites for worker in each.workers()])
