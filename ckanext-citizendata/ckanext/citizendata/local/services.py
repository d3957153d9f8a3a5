"""The three services of one installation: its own servers, or given ones, started and looked at in one place."""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.postgres import Databases, PostgresServer
from ckanext.citizendata.local.processes import Supervision, reason_in
from ckanext.citizendata.local.settings import free_port
from ckanext.citizendata.local.site import Addresses
from ckanext.citizendata.local.solr import Cores, SolrServer, write_configset
from ckanext.citizendata.local.valkey import Numbers, ValkeyServer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ckanext.citizendata.local.credentials import Credentials
    from ckanext.citizendata.local.processes import Process
    from ckanext.citizendata.local.settings import Home, Settings

__all__ = ["Services", "wait_for"]

SECONDS = 120
NUMBERS = 4
"""So many database numbers of Redis belong to one installation."""


class Services:
    """PostgreSQL, Redis and Solr for the sites of one home."""

    def __init__(self, settings: Settings, home: Home, credentials: Credentials, tied: bool = False) -> None:
        self.settings = settings
        self.home = home
        self.supervision = Supervision(home, tied)
        self.download_seconds = 0.0
        ports = self._ports()
        self.postgres = None if settings.postgres_url else PostgresServer(home, credentials, ports["postgres"])
        self.valkey = None if settings.redis_url else ValkeyServer(home, credentials, ports["redis"])
        self.solr = None if settings.solr_url else SolrServer(home, ports["solr"])
        self.databases = Databases(settings.postgres_url or self._own(self.postgres))
        self.numbers = Numbers(settings.redis_url or self._own(self.valkey), home)
        self.cores = Cores(settings.solr_url or self._own(self.solr))

    def addresses(self, sites: Sequence[str]) -> dict[str, Addresses]:
        """Where the services of each site are."""
        names = {site: self.home.database(site) for site in sites}
        return {
            site: Addresses(self.databases.url(names[site]), self.numbers.url(position), self.cores.url(names[site]))
            for position, site in enumerate(sites)
        }

    def start(self, sites: Sequence[str], announce: Callable[[str], None], durable: bool = True) -> None:
        """Start what isn't given and see to a core for each site; comes back when all three answer."""
        self._check_given()
        write_configset(self.home.root / "configset")
        self.supervision.stop_leftovers()
        processes = self._prepare(sites, announce, durable)
        if processes:
            announce(f"starting {', '.join(process.title for process in processes)}")
            self.supervision.want(processes)
        probes = {"postgres": self.databases.reachable, "redis": self.numbers.reachable, "solr": self.cores.reachable}
        for process in processes:
            wait_for(self.supervision, process, probes[process.name])
        for site in sites:
            self._see_to_core(self.home.database(site))

    def clear(self, sites: Sequence[str]) -> None:
        """Take away the data of these sites from given servers; those of our own lie in the home."""
        self._check_given()
        for position, site in enumerate(sites):
            if not self.postgres:
                self.databases.drop(self.home.database(site))
            if not self.valkey and position < NUMBERS:
                self.numbers.clear(position, site)
            if not self.solr and self.cores.exists(self.home.database(site)):
                self.cores.clear(self.home.database(site))

    def remove(self) -> None:
        """End our own servers and take their data away; logs stay."""
        self.supervision.stop()
        for server in (self.postgres, self.valkey, self.solr):
            if server:
                shutil.rmtree(server.folder, ignore_errors=True)

    def _prepare(self, sites: Sequence[str], announce: Callable[[str], None], durable: bool) -> list[Process]:
        processes = []
        if self.postgres:
            self.postgres.prepare()
            processes.append(self.postgres.process(durable))
        if self.valkey:
            self.valkey.prepare()
            processes.append(self.valkey.process())
        if self.solr:
            began = time.monotonic()
            self.solr.prepare(announce)
            self.download_seconds = time.monotonic() - began
            for site in sites:
                self.solr.add_core(self.home.database(site))
            processes.append(self.solr.process())
        return processes

    def _check_given(self) -> None:
        if not self.postgres:
            self.databases.check()
        if not self.valkey:
            self.numbers.check()
        if not self.solr:
            self.cores.check_server()

    def _see_to_core(self, core: str) -> None:
        if self.solr and not self.cores.exists(core):
            self.solr.load_core(core)
        self.cores.check(core, self.home.root / "configset")

    def _ports(self) -> dict[str, int]:
        """The ports of this home's own servers: new free ones unless the servers run already."""
        file = self.home.run / "ports.json"
        if not (self.supervision.supervisor() and file.exists()):
            file.write_text(json.dumps({name: free_port() for name in ("postgres", "redis", "solr")}), encoding="utf-8")
        return json.loads(file.read_text(encoding="utf-8"))

    @staticmethod
    def _own(server: PostgresServer | ValkeyServer | SolrServer | None) -> str:
        return server.url if server else ""


def wait_for(supervision: Supervision, process: Process, answers: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Come back when the process answers. Raises LocalError, with reason and log, where it ends or takes too long."""
    deadline = time.monotonic() + seconds
    log = supervision.home.logs / f"{process.name}.log"
    starts = max(1, supervision.starts(process.name))
    while not answers():
        if supervision.starts(process.name) > starts:
            raise LocalError(
                f"{_capital(process.title)} does not start: {reason_in(log)}. The whole story is in {log}."
            )
        if time.monotonic() > deadline:
            raise LocalError(
                f"{_capital(process.title)} does not answer within {seconds:.0f} seconds: see {log}, then start again."
            )
        time.sleep(0.1)


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]
