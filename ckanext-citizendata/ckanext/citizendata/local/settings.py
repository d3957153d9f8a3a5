"""What a person can set from outside, and where everything of one installation lies."""

from __future__ import annotations

import importlib.util
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.citizendata.local.failure import LocalError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CHECKOUT",
    "Home",
    "Settings",
    "child_environment",
    "free_port",
    "package_folder",
    "settings_from_environment",
]

CHECKOUT = Path(__file__).resolve().parents[4]

PORTS = {"registry": 5000, "kenya": 5001, "ghana": 5002}


@dataclass(frozen=True)
class Home:
    """The folder of one installation (`demo`, `check` or `services`): data, logs, passwords, who runs."""

    root: Path

    @property
    def name(self) -> str:
        """The installation's name, part of the names of its databases and Solr cores."""
        return self.root.name

    @property
    def logs(self) -> Path:
        """The folder of all logs."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """The folder of what is true only while processes run."""
        return self.root / "run"

    @property
    def sites(self) -> Path:
        """The folder of generated configurations and uploaded files."""
        return self.root / "sites"

    def make(self) -> None:
        """Make the folders; others may pass through the root, for PostgreSQL's own user, and look into nothing."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o711)
        for folder in (self.logs, self.run, self.sites):
            folder.mkdir(mode=0o700, exist_ok=True)

    def database(self, site: str) -> str:
        """The name of the site's database and of its Solr core."""
        return f"citizendata_{site}" if self.name == "demo" else f"citizendata_{self.name}_{site}"

    def identity(self, site: str) -> str:
        """The site's name among all sites: `ckan.site_id`, which stands in the keys that CKAN writes to Redis."""
        return f"citizendata_{self.name}_{site}"


@dataclass(frozen=True)
class Settings:
    """The settings of one start."""

    state: Path
    ports: Mapping[str, int]
    postgres_url: str | None
    redis_url: str | None
    solr_url: str | None

    def home(self, name: str) -> Home:
        """The folder of the installation of that name."""
        return Home(self.state / name)


def settings_from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings that the variables `CITIZENDATA_*` give; what they leave open has a value that suits a laptop."""
    ports = {site: _port(environment, site, port) for site, port in PORTS.items()}
    _check_different(ports)
    return Settings(
        state=Path(environment.get("CITIZENDATA_HOME") or CHECKOUT / ".local").absolute(),
        ports=ports,
        postgres_url=_address(environment, "CITIZENDATA_POSTGRES_URL", "postgresql://"),
        redis_url=_address(environment, "CITIZENDATA_REDIS_URL", "redis"),
        solr_url=_address(environment, "CITIZENDATA_SOLR_URL", "http"),
    )


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def package_folder(name: str) -> Path:
    """The folder of an installed package that is used for the programs in it, without importing it."""
    found = importlib.util.find_spec(name)
    if not found or not found.origin:
        raise LocalError(f"The Python package {name} is not installed here: start by bin/demo, which installs it.")
    return Path(found.origin).parent


def child_environment(**more: str) -> dict[str, str]:
    """The environment for our processes: the present one without CKAN's variables, which would override the files."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CKAN_", "PYTHONDONTWRITEBYTECODE"))
    }
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


def _port(environment: Mapping[str, str], site: str, default: int) -> int:
    variable = f"CITIZENDATA_{site.upper()}_PORT"
    value = environment.get(variable) or str(default)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise LocalError(f"{variable} is {value!r}: give a port number from 1 to 65535.")
    return int(value)


def _check_different(ports: Mapping[str, int]) -> None:
    for site, port in ports.items():
        others = [other for other in ports if other != site and ports[other] == port]
        if others:
            raise LocalError(
                f"The sites {site} and {others[0]} are both to listen on port {port}: "
                f"name another one in CITIZENDATA_{others[0].upper()}_PORT."
            )


def _address(environment: Mapping[str, str], variable: str, scheme: str) -> str | None:
    value = environment.get(variable)
    if value and not value.startswith(scheme):
        # The rest of the address may hold a password.
        began = value.split(":", 1)[0]
        raise LocalError(
            f"{variable} begins with {began!r}: give an address that begins with {scheme.rstrip(':/')}://."
        )
    return value.rstrip("/") if value else None
