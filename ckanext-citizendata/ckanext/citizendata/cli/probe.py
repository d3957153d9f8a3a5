"""`ckan citizendata member probe`: what is at an address, before anybody makes a member of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.citizendata.cli.progress import Progress
from ckanext.citizendata.cli.registry import registry_only, sentences
from ckanext.citizendata.core.conformance.wording import shortened
from ckanext.citizendata.federation.errors import RegistryUnavailable, SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.report import OUTCOMES
from ckanext.citizendata.logic.members.probing import FIRST_PAGES, found_at

__all__ = ["probe"]

WORLD = (DBAPIError, OSError, RegistryUnavailable, SourceMalformed, SourceUnreachable)
# What nobody is told about without asking: that a dataset would simply be taken.
QUIET = ("added", "changed")


@click.command("probe")
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@click.option(
    "--pages", type=click.IntRange(min=1), default=FIRST_PAGES, show_default=True, help="Read so many pages at most."
)
@registry_only
@sentences
def probe(url: str, as_json: bool, pages: int) -> None:
    """Tell what catalogue is at URL and what a harvest would make of it, without adding or writing anything."""
    try:
        with Progress(url) as progress:
            found = found_at(url, pages, progress)
    except WORLD as error:
        model.Session.rollback()
        raise click.ClickException(str(error).partition("\n")[0]) from error
    if as_json:
        click.echo(json.dumps(found))
        return
    for line in _lines(found):
        click.echo(line)


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    if found["behind"]:
        yield f"{found['behind']}; the catalogue is at {found['url']}"
    yield f"{found['url']}: {found['kind_words']}, {found['format']}, {found['paging']}"
    if found["key"]:
        ask = "Ask its people, not by mail alone, whether that is theirs"
        yield f"It is signed; its key is called {found['key']}. {ask}"
    yield from _extent(found)
    counts = found["counts"]
    outcomes = ", ".join(f"{counts[each]} {each}" for each in OUTCOMES if counts[each])
    yield f"A harvest would make of them: {outcomes or 'nothing'}"
    for note in found["notes"]:
        yield note["message"]
    yield from _records(found["items"])
    if found["member"]:
        yield f"It is a member already: {found['member']}"
        yield f"See what a harvest would do with: ckan citizendata harvest plan {found['member']}"
    else:
        yield f"Add it with: {found['command']}"


def _extent(found: Mapping[str, Any]) -> Iterator[str]:
    pages = "The whole of it was read" if found["whole"] else "Only the beginning was read"
    claimed = f", of {found['claimed']} that it says it has" if found["claimed"] else ""
    number = "1 page" if found["pages"] == 1 else f"{found['pages']} pages"
    yield f"{pages} ({number}): {found['datasets']} datasets{claimed}"
    yield f"With an address that tells them apart: {found['with_address']}{_beginnings(found['addresses'])}"
    languages = ", ".join(f"{tag} {number}" for tag, number in found["languages"].items())
    yield f"Texts by language: {languages or 'none says its language'}"


def _beginnings(addresses: Sequence[Mapping[str, Any]]) -> str:
    told = ", ".join(f"{each['begins_with']} ({each['datasets']})" for each in addresses)
    return f", beginning with {told}" if told else ""


def _records(items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What would be kept out or shown in part, and why."""
    for item in items:
        reasons = [item["reason"], *(each["message"] for each in item["problems"])]
        told = [" ".join(reason.split()) for reason in reasons if reason]
        if told or item["outcome"] not in QUIET:
            yield f"{item['outcome']:<10} {item['iri']}  {shortened(item['title'] or '')}".rstrip()
            yield from (f"           {reason}" for reason in told)
