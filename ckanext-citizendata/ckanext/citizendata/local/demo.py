"""The whole demo: services, sites, people, records, harvest; each step is skipped where its result is already there."""

from __future__ import annotations

import fcntl
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil

from ckanext.citizendata.local import samples
from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.credentials import Credentials
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.harvesting import admit, harvest
from ckanext.citizendata.local.people import Account, account_of, administrator, see_to_people
from ckanext.citizendata.local.publishing import Publisher
from ckanext.citizendata.local.services import Services
from ckanext.citizendata.local.settling import settled
from ckanext.citizendata.local.sites import NAMES, Sites

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ckanext.citizendata.local.harvesting import Run
    from ckanext.citizendata.local.progress import Progress
    from ckanext.citizendata.local.settings import Home, Settings

__all__ = ["Demo"]

FREE_MEGABYTES = 500


class Demo:
    """Two national catalogues and their registry in one home."""

    def __init__(
        self, settings: Settings, home: Home, ports: Mapping[str, int], progress: Progress, tied: bool = False
    ) -> None:
        self.home = home
        self.progress = progress
        _check_disk(home)
        home.make()
        self.credentials = Credentials(home)
        self.services = Services(settings, home, self.credentials, tied)
        self.sites = Sites(self.services, self.credentials, ports)
        self.registry = self.sites.named("registry")
        self.nodes = tuple(site for site in self.sites.all if site != self.registry)
        self.organizations = samples.organizations()
        self.records = samples.records()

    def start(self, durable: bool) -> None:
        """Bring everything up, and fill it where it is empty; what this call started is ended again when it fails."""
        ran_before = bool(self.services.supervision.supervisor())
        with _only_one(self.home):
            try:
                self._bring_up(durable)
                if not self._filled.exists():
                    self.fill()
            except BaseException:
                # Also at Ctrl-C; the error goes on.
                if not ran_before:
                    self.progress.step("stopping")
                    self.services.supervision.stop()
                raise

    def fill(self) -> None:
        """Accounts, organisations, records and the first harvest."""
        self.progress.step("making accounts and organisations")
        with ThreadPoolExecutor(len(self.sites.all)) as pool:
            organizations = dict(zip(NAMES, pool.map(self._see_to_people, NAMES), strict=True))
        self._publish(organizations)
        registry = self.browser(administrator(self.registry, self.credentials))
        admit(registry, self.nodes)
        for run in self.harvest():
            self.progress.done(f"harvested {run.in_words()}")
        self._filled.write_text(json.dumps({"published": len(self.records)}), encoding="utf-8")

    def harvest(self) -> list[Run]:
        """One harvest of every member, of all that its catalogue has by now."""
        names = [node.name for node in self.nodes]
        for name in names:
            self.settle(name)
        registry = self.browser(administrator(self.registry, self.credentials))
        runs = harvest(registry, names, self.progress.step)
        self.settle(self.registry.name)
        return runs

    def settle(self, site: str) -> None:
        """Come back when the catalogue of a site says all that happened there."""
        settled(self.browser(site=site), self.sites.named(site).addresses.database)

    def browser(self, account: Account | None = None, site: str = "registry") -> Browser:
        """A browser at the account's site, logged in; without an account at the named site."""
        browser = Browser(self.sites.named(account.site if account else site).url)
        if account and not browser.login(account.name, account.password):
            raise LocalError(f"{account.name} can't log in at {browser.url}: see {self.home.logs / account.site}.log.")
        return browser

    def accounts(self) -> list[Account]:
        """Everybody who can log in."""
        return [
            *(administrator(site, self.credentials) for site in self.sites.all),
            *(account_of(organization, self.credentials) for organization in self.organizations),
        ]

    def stop(self) -> None:
        """End all processes."""
        self.services.supervision.stop()

    def stop_and_look(self) -> list[str]:
        """End all processes; comes back with the names of those that are still there, which should be none."""
        supervision = self.services.supervision
        living = [
            each
            for process in supervision.processes().values()
            for each in (process, *process.children(recursive=True))
        ]
        self.stop()
        return [
            f"{process.pid}" for process in living if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        ]

    def remove(self) -> None:
        """End all processes and take all data away."""
        self.services.remove()
        self.services.clear([*NAMES, "template", "draft"])
        shutil.rmtree(self.home.root, ignore_errors=True)

    @property
    def _filled(self):
        return self.home.root / "filled.json"

    def _bring_up(self, durable: bool) -> None:
        self.sites.check_ports()
        self.services.start(NAMES, self.progress.step, durable)
        made = self.sites.see_to_databases(self.progress.step)
        for position, name in enumerate(NAMES):
            if name in made:
                self.services.numbers.clear(position, name)
                self.services.cores.clear(self.home.database(name))
        if made:
            self._filled.unlink(missing_ok=True)
        self.sites.start(self.progress.step)

    def _see_to_people(self, name: str) -> dict[str, str]:
        own = [organization for organization in self.organizations if organization.site == name]
        return see_to_people(self.sites.named(name), own, self.credentials)

    def _publish(self, organizations: dict[str, dict[str, str]]) -> None:
        total, done = len(self.records), []

        def told() -> None:
            done.append(1)
            self.progress.count("publishing records by the form", len(done), total)

        accounts = {
            organization.name: account_of(organization, self.credentials) for organization in self.organizations
        }
        count = Publisher(accounts, told).publish(self.nodes, self.records, organizations)
        self.progress.done(f"published {count} records at {len(self.nodes)} national catalogues")


@contextmanager
def _only_one(home: Home) -> Iterator[None]:
    """Refuse to start twice at once."""
    with (home.run / "start.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LocalError(
                "Another start is under way: wait for it to end, then look at `bin/demo status`."
            ) from error
        yield


def _check_disk(home: Home) -> None:
    place = next(folder for folder in (home.root, *home.root.parents) if folder.exists())
    free = shutil.disk_usage(place).free / 1e6
    if free < FREE_MEGABYTES:
        raise LocalError(
            f"Only {free:.0f} MB are free in {place}: make {FREE_MEGABYTES} MB free, "
            "or set CITIZENDATA_HOME to another disk, and start again."
        )
