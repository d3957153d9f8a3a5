"""One CKAN site of this installation: its configuration file, its web server and its worker."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.citizendata.local.processes import Process
from ckanext.citizendata.local.settings import CHECKOUT

if TYPE_CHECKING:
    from ckanext.citizendata.local.credentials import Credentials
    from ckanext.citizendata.local.settings import Home

__all__ = ["SITES", "Addresses", "Kind", "Site"]

THREADS = 4
LANGUAGES = "en fr es ar sw ne"
"""The form's languages: those of the sample records."""


@dataclass(frozen=True)
class Kind:
    """What is particular to one of the three sites."""

    name: str
    title: str
    description: str
    config: str
    locale: str = "en"
    queues: tuple[str, ...] = ("default",)


SITES = (
    Kind(
        "kenya",
        "Citizen data Kenya (demo)",
        "National catalogue of citizen data. All records are invented examples.",
        "node.ini",
    ),
    Kind(
        "ghana",
        "Citizen data Ghana (demo)",
        "National catalogue of citizen data. All records are invented examples.",
        "node.ini",
    ),
    Kind(
        "registry",
        "Shared registry (demo)",
        "Citizen data of all national catalogues, gathered over DCAT. All records are invented examples.",
        "registry.ini",
        # One worker for both, to spare the machine: what is short comes first. A real registry has workers for each.
        queues=("default", "citizendata-harvest"),
    ),
)


@dataclass(frozen=True)
class Addresses:
    """Where a site's services are."""

    database: str
    redis: str
    solr: str

    def options(self) -> dict[str, str]:
        """The same as CKAN's options."""
        return {"sqlalchemy.url": self.database, "ckan.redis.url": self.redis, "solr_url": self.solr}


@dataclass(frozen=True)
class Site:
    """One site: what it is, where it listens and where its services are."""

    kind: Kind
    home: Home
    port: int
    addresses: Addresses

    @property
    def name(self) -> str:
        """The site's name."""
        return self.kind.name

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def file(self) -> Path:
        """The site's configuration file."""
        return self.home.sites / f"{self.name}.ini"

    def write(self, credentials: Credentials) -> None:
        """Write the configuration file, readable for its owner alone, and make the folder of uploads."""
        storage = self.home.sites / self.name
        storage.mkdir(mode=0o700, exist_ok=True)
        identity = self.home.identity(self.name)
        options = {
            "use": f"config:{CHECKOUT / 'config' / self.kind.config}",
            "ckan.site_url": self.url,
            "ckan.site_id": identity,
            "ckan.site_title": self.kind.title,
            "ckan.site_description": self.kind.description,
            "ckan.storage_path": str(storage),
            "SESSION_COOKIE_NAME": identity,
            "REMEMBER_COOKIE_NAME": f"{identity}_remember",
            "SECRET_KEY": credentials.get(f"{self.name} secret key"),
            "WTF_CSRF_SECRET_KEY": credentials.get(f"{self.name} form key"),
            "api_token.jwt.encode.secret": f"string:{credentials.get(f'{self.name} token key')}",
            "api_token.jwt.decode.secret": f"string:{credentials.get(f'{self.name} token key')}",
            "ckanext.citizendata.invented_example": "true",
            # The sites of the demo harvest each other on this machine.
            "ckanext.citizendata.harvest_networks": "127.0.0.0/8",
            "ckanext.citizendata.text_languages": LANGUAGES,
            **self.addresses.options(),
        }
        lines = [f"{name} = {value.replace('%', '%%')}" for name, value in options.items()]
        self.file.touch(mode=0o600)
        self.file.write_text(
            "\n".join(["# Written at every start of the demo.", "[app:main]", *lines, ""]), encoding="utf-8"
        )

    def web(self) -> Process:
        """The web server, which loads CKAN once and forks."""
        command = [
            *(sys.executable, "-m", "gunicorn", "--preload", "--workers", "1", "--threads", str(THREADS)),
            *("--bind", f"127.0.0.1:{self.port}", "--timeout", "120", "--graceful-timeout", "2", "--no-control-socket"),
            *("--worker-tmp-dir", str(self.home.run), "ckanext.citizendata.local.wsgi:application"),
        ]
        return Process(self.name, f"the site {self.name}", command, {"CITIZENDATA_CONFIG": str(self.file)})

    def worker(self) -> Process:
        """The worker of background jobs."""
        command = self.command("jobs", "worker", *self.kind.queues)
        return Process(f"{self.name}-jobs", f"the worker of {self.name}", command)

    def command(self, *words: str) -> list[str]:
        """A command of this site's CKAN."""
        return [str(Path(sys.executable).with_name("ckan")), "-c", str(self.file), *words]
