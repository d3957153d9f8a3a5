"""`ckan citizendata feed …`: the snapshots that other catalogues read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click

from ckanext.citizendata.cli.feed_access import add, revoke, token
from ckanext.citizendata.cli.feed_dump import dump
from ckanext.citizendata.cli.feed_export import export
from ckanext.citizendata.feeds.store import StoreFull
from ckanext.citizendata.logic.feeds.cutting import Cut, cut, cut_anew
from ckanext.citizendata.logic.feeds.feed_behind import Behind
from ckanext.citizendata.logic.feeds.feed_keys import KeyUnusable
from ckanext.citizendata.logic.feeds.feed_lock import Busy
from ckanext.citizendata.logic.feeds.feed_scopes import feeds
from ckanext.citizendata.logic.feeds.feed_status import feed_flaws, feed_status

__all__ = ["feed", "or_told"]

JSON = click.option("--json", "as_json", is_flag=True, help="Write one line of JSON.")


@click.group(short_help="Snapshots that other catalogues read.")
def feed() -> None:
    """Make snapshots of the feeds of this site, look at them, verify their files, and dump them."""


@feed.command("cut")
@click.option("--anew", is_flag=True, help="Render every page, also those of which nothing seems to have changed.")
@JSON
def cut_command(anew: bool, as_json: bool) -> None:
    """Make a new snapshot of each feed of which something changed; the background work does so by itself."""
    cutter: Callable[[str], Cut | None] = cut_anew if anew else cut
    with or_told():
        made = {name: cutter(name) for name in feeds()}
    if as_json:
        click.echo(json.dumps({name: asdict(each) if each else None for name, each in made.items()}))
        return
    for name, each in made.items():
        click.echo(_said_of_cut(name, each))


@feed.command("status")
@JSON
def status(as_json: bool) -> None:
    """Tell of each feed which snapshot is served, what is on it, and till when it may be believed."""
    found = feed_status()
    if as_json:
        click.echo(json.dumps(found))
        return
    if not found:
        click.echo("No snapshots are made: set ckanext.citizendata.feed_folder or ckan.storage_path.")
    for each in found:
        for line in _said_of_feed(each):
            click.echo(line)


@feed.command("verify")
@click.argument("name", default="everyone")
@JSON
def verify(name: str, as_json: bool) -> None:
    """Read all files of the feed NAME (everyone) and tell which of them aren't what was signed."""
    found = feed_flaws(_known(name))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found]))
    for each in () if as_json else found:
        click.echo(f"{each.place}: {each.message}", err=True)
    if found:
        sys.exit(1)
    if not as_json:
        click.secho(f"Every file of the feed {name} is what was signed.", fg="green")


feed.add_command(dump)


@contextmanager
def or_told() -> Iterator[None]:
    """What keeps a snapshot from being made ends the command with its sentence."""
    try:
        yield
    except (Behind, Busy, KeyUnusable, StoreFull) as error:
        raise click.ClickException(str(error)) from error


def _known(name: str) -> str:
    names = feeds()
    if name not in names:
        message = f"There is no feed {name}; feeds are: {', '.join(names)}"
        raise click.ClickException(message)
    return name


def _said_of_cut(name: str, made: Cut | None) -> str:
    if made is None:
        return f"{name}: the snapshot that is served is right."
    on_it = f"{made.datasets} datasets and {made.tombstones} tombstones on {made.pages} pages"
    return f"{name}: snapshot {made.sequence} with {on_it}, {made.rendered} of them new."


def _said_of_feed(found: dict[str, Any]) -> Iterator[str]:
    if not found["sequence"]:
        yield f"{found['feed']}: no snapshot was made yet."
        return
    yield f"{found['feed']}: snapshot {found['sequence']}, made {found['created']}, believed till {found['expires']}"
    yield f"  {found['datasets']} datasets and {found['tombstones']} tombstones on {found['pages']} pages"
    yield f"  {found['folder']}"
    for each in found["tokens"]:
        ends = f"till {each['expires']}" if each["is_good"] else "ended"
        yield f"  token {each['id']} {each['holder']} ({ends})"
    if found["waiting"]:
        yield f"  {found['waiting']} records say what they said before, till the harvest that changes them has ended"
    if found["served"] != found["sequence"]:
        yield f"  The files serve snapshot {found['served']}; the next cut mends that: ckan citizendata feed cut"
    elif found["due"]:
        yield "  Another snapshot is due; the background work makes it in seconds."


feed.add_command(export)
feed.add_command(add)
feed.add_command(token)
feed.add_command(revoke)
