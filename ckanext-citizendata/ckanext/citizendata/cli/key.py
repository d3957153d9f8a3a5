"""`ckan citizendata key …`: the key that signs the snapshots of this site."""

from __future__ import annotations

import json

import click

from ckanext.citizendata import config
from ckanext.citizendata.cli.feed import or_told
from ckanext.citizendata.core.signature import PublicKey
from ckanext.citizendata.logic.feeds import feed_jobs, feed_keys

__all__ = ["key"]

WARNING = (
    "Registries stop reading this site till their people confirm the new key; nothing vouches for it. "
    "Is the old key lost, or has somebody else got it?"
)


@click.group(short_help="The key that signs the snapshots of this site.")
def key() -> None:
    """Show the key that signs the snapshots of this site, and change it."""


@key.command("show")
@click.option("--json", "as_json", is_flag=True, help="Write one line of JSON.")
def show(as_json: bool) -> None:
    """Tell the public keys of this site, oldest first; the last one signs. The private one is never shown."""
    found = feed_keys.shown()
    if as_json:
        click.echo(json.dumps(found))
        return
    if not found:
        click.echo("There is no key yet; the first snapshot makes one.")
    for each in found:
        click.echo(f"{each['kid']}  since {each['since']}  {each['x']}{_vouched(each['is_vouched_for'])}")
    if found:
        click.echo(f"The private key of {found[-1]['kid']} is in {config.feed_key_file()}. Keep a copy elsewhere.")


@key.command("rotate")
def rotate() -> None:
    """Sign with a new key, for which the old one vouches: registries follow by themselves."""
    with or_told():
        fresh = feed_keys.rotated()
    _told(fresh)
    click.echo("The old key vouches for it: registries follow by themselves.")


@key.command("replace")
@click.option("--yes", is_flag=True, help="Don't ask.")
def replace(yes: bool) -> None:
    """Sign with a new key after the old one was lost or stolen: the people of each registry have to confirm it."""
    if not yes:
        click.confirm(WARNING, abort=True)
    with or_told():
        fresh = feed_keys.replaced()
    _told(fresh)
    click.echo(f"Tell the people of each registry, by phone or in person, that the new key is {fresh.kid}.")


def _told(fresh: PublicKey) -> None:
    click.secho(f"The new key is {fresh.kid}, in {config.feed_key_file()}. Keep a copy elsewhere.", fg="green")
    feed_jobs.ask()


def _vouched(is_vouched_for: bool) -> str:
    return "  (the one before vouches for it)" if is_vouched_for else ""
