"""The three sites of one home: their databases, configuration files and processes."""

from __future__ import annotations

import hashlib
import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import requests

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.processes import port_owner, reason_of
from ckanext.citizendata.local.services import wait_for
from ckanext.citizendata.local.settings import CHECKOUT, child_environment, package_folder
from ckanext.citizendata.local.site import SITES, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ckanext.citizendata.local.credentials import Credentials
    from ckanext.citizendata.local.services import Services

__all__ = ["ADMINISTRATOR", "Sites"]

ADMINISTRATOR = "admin"
NAMES = tuple(kind.name for kind in SITES)


class Sites:
    """All sites that share the services of a home."""

    def __init__(self, services: Services, credentials: Credentials, ports: Mapping[str, int]) -> None:
        self.services = services
        self.credentials = credentials
        self.home = services.home
        addresses = services.addresses(NAMES)
        self.all = tuple(Site(kind, self.home, ports[kind.name], addresses[kind.name]) for kind in SITES)

    def named(self, name: str) -> Site:
        """The site of that name."""
        return next(site for site in self.all if site.name == name)

    @property
    def running(self) -> bool:
        """Whether the web servers of all sites are alive."""
        return all(site.name in self.services.supervision.processes() for site in self.all)

    def check_ports(self) -> None:
        """Raises LocalError where another program listens at a port of a site that doesn't run."""
        living = self.services.supervision.processes()
        for site in self.all:
            if site.name not in living and _taken(site.port):
                variable = f"CITIZENDATA_{site.name.upper()}_PORT"
                raise LocalError(
                    f"Port {site.port} for the site {site.name} is taken by {port_owner(site.port)}: end that, or name "
                    f"another port in {variable}, and start again."
                )

    def see_to_databases(self, announce: Callable[[str], None]) -> tuple[str, ...]:
        """Make missing databases and bring the others up to date; comes back with the sites whose database is new."""
        for site in self.all:
            site.write(self.credentials)
        names = {site.name: self.home.database(site.name) for site in self.all}
        missing = tuple(name for name, database in names.items() if not self.services.databases.exists(database))
        outdated = [
            site for site in self.all if site.name not in missing and self._migrated().get(site.name) != _code_version()
        ]
        if outdated:
            announce("bringing databases up to date")
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(self._upgrade, outdated))
        if missing:
            announce("making the databases")
            self._fill_template()
            for name in missing:
                self.services.databases.create(names[name], self.home.database("template"))
        self._remember_migrated()
        return missing

    def start(self, announce: Callable[[str], None]) -> None:
        """Start web servers, then workers, which aren't waited for; comes back when every site answers."""
        announce("starting the three sites")
        self.services.supervision.want([site.web() for site in self.all])
        for site in self.all:
            wait_for(self.services.supervision, site.web(), lambda site=site: _answers(site))
        self.services.supervision.want([site.worker() for site in self.all])

    def _fill_template(self) -> None:
        """The database that the sites' are copied from; under another name until it is whole."""
        databases, template = self.services.databases, self.home.database("template")
        if databases.exists(template) and self._migrated().get("template") == _code_version():
            return
        draft = self.home.database("draft")
        databases.drop(draft)
        databases.drop(template)
        databases.create(draft)
        site = self.all[0]
        of_draft = replace(
            site,
            kind=replace(site.kind, name="template"),
            addresses=replace(site.addresses, database=databases.url(draft)),
        )
        of_draft.write(self.credentials)
        account = {
            "name": ADMINISTRATOR,
            "email": "admin@example.org",
            "password": self.credentials.password("the first administrator"),
        }
        self._run(
            [sys.executable, "-m", "ckanext.citizendata.local.first_run", str(of_draft.file)], json.dumps(account)
        )
        of_draft.file.unlink()
        databases.rename(draft, template)
        self._remember_migrated("template")

    def _upgrade(self, site: Site) -> None:
        self._run(site.command("db", "upgrade"))

    def _run(self, command: list[str], standard_input: str = "") -> None:
        log = self.home.logs / "databases.log"
        done = subprocess.run(
            command,
            input=standard_input,
            capture_output=True,
            text=True,
            env=child_environment(),
            cwd=self.home.root,
            check=False,
        )
        with log.open("a", encoding="utf-8") as file:
            file.write(done.stdout + done.stderr)
        if done.returncode:
            reason = reason_of(done.stderr)
            raise LocalError(f"The databases can't be prepared: {reason}. The whole story is in {log}.")

    def _migrated(self) -> dict[str, str]:
        file = self.home.root / "migrated.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def _remember_migrated(self, *names: str) -> None:
        known = {**self._migrated(), **dict.fromkeys(names or NAMES, _code_version())}
        (self.home.root / "migrated.json").write_text(json.dumps(known), encoding="utf-8")


def _code_version() -> str:
    """What the tables depend on: CKAN's version and our migrations."""
    digest = hashlib.sha256((package_folder("ckan") / "__init__.py").read_bytes())
    folder = CHECKOUT / "ckanext-citizendata" / "ckanext" / "citizendata" / "migration"
    for file in sorted(folder.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _answers(site: Site) -> bool:
    try:
        return requests.get(f"{site.url}/api/3/action/status_show", timeout=30).ok
    except requests.RequestException:
        return False
