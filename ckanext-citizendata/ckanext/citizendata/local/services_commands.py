"""`python -m ckanext.citizendata.local services …`: PostgreSQL, Redis and Solr for tests and for work on the code."""

from __future__ import annotations

import json
import os
import shlex
import subprocess

import click

from ckanext.citizendata.local.credentials import Credentials
from ckanext.citizendata.local.processes import Supervision
from ckanext.citizendata.local.progress import Progress
from ckanext.citizendata.local.services import Services
from ckanext.citizendata.local.settings import settings_from_environment

__all__ = ["services"]

SITES = click.option(
    "--site", "sites", multiple=True, default=["test"], help="A site that gets its own database, Redis number and core."
)


@click.group()
def services() -> None:
    """The three services without any site."""


@services.command()
@SITES
def start(sites: tuple[str, ...]) -> None:
    """Start them in the background, and make an empty database and a core for each site."""
    _up(sites, tied=False)
    _print_settings(sites)


@services.command()
def stop() -> None:
    """End them and take their data away; only the logs stay."""
    _services().remove()


@services.command()
@SITES
def env(sites: tuple[str, ...]) -> None:
    """Print the settings of the sites for a shell: `eval "$(… services env)"`."""
    _print_settings(sites)


@services.command(context_settings={"ignore_unknown_options": True})
@SITES
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(sites: tuple[str, ...], command: tuple[str, ...]) -> int:
    """Start them, run the command with their settings, and end what was started; only the logs stay."""
    ran_before = bool(Supervision(settings_from_environment(os.environ).home("services")).supervisor())
    try:
        _up(sites, tied=not ran_before)
        return subprocess.run(command, env={**os.environ, **_settings(sites)}, check=False).returncode
    finally:
        if not ran_before:
            _services().remove()


def _up(sites: tuple[str, ...], tied: bool) -> None:
    progress = Progress()
    found = _services(tied)
    found.start(sites, progress.step, durable=False)
    for site in sites:
        if not found.databases.exists(found.home.database(site)):
            found.databases.create(found.home.database(site))
    progress.clear()


def _services(tied: bool = False) -> Services:
    settings = settings_from_environment(os.environ)
    home = settings.home("services")
    home.make()
    return Services(settings, home, Credentials(home), tied)


def _settings(sites: tuple[str, ...]) -> dict[str, str]:
    """The settings as variables: those that CKAN reads are the first site's; CITIZENDATA_SITES holds all, as JSON."""
    found = _services()
    addresses = found.addresses(sites)
    first = addresses[sites[0]]
    return {
        "CKAN_SQLALCHEMY_URL": first.database,
        "CKAN_REDIS_URL": first.redis,
        "CKAN_SOLR_URL": first.solr,
        "CKAN_STORAGE_PATH": str(found.home.root / "storage"),
        "CITIZENDATA_SITES": json.dumps({site: address.options() for site, address in addresses.items()}),
    }


def _print_settings(sites: tuple[str, ...]) -> None:
    for name, value in _settings(sites).items():
        click.echo(f"export {name}={shlex.quote(value)}")
