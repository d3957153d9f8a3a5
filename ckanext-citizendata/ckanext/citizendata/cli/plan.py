"""`ckan citizendata harvest plan`: what a harvest would do, before anybody does it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from os.path import commonprefix
from typing import Any

import click
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.citizendata.cli.progress import Progress
from ckanext.citizendata.cli.registry import registry_only, sentences
from ckanext.citizendata.core.conformance.wording import shortened
from ckanext.citizendata.federation.errors import RegistryUnavailable, SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.report import OUTCOMES
from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.harvesting.planning import Look, looked_at

__all__ = ["plan"]

WORLD = (DBAPIError, OSError, RegistryUnavailable, SourceMalformed, SourceUnreachable)
# So many records of each outcome a person is told without asking for more.
SHOWN = 20
# So much of what is the same is told before the first difference in long texts.
BEFORE = 20


@click.command("plan")
@click.argument("member_id", metavar="MEMBER")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object, values whole.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help=f"So many records of each outcome at most. Default: {SHOWN}, in JSON all.",
)
@registry_only
@sentences
def plan(member_id: str, as_json: bool, limit: int | None) -> None:
    """Tell what a harvest of MEMBER would do now, without doing it."""
    member = member_named(member_id)
    try:
        with Progress(member.title) as progress, looked_at(member, progress) as look:
            if as_json:
                _write(look, limit)
            else:
                _tell(look, SHOWN if limit is None else limit)
    except WORLD as error:
        model.Session.rollback()
        raise click.ClickException(str(error).partition("\n")[0]) from error


def _write(look: Look, limit: int | None) -> None:
    """One object, a line for each record: however many there are, one is in memory."""
    click.echo(f'{json.dumps(look.head())[:-1]}, "items": [')
    items = chain.from_iterable(look.items_of(outcome, limit) for outcome in _outcomes(look))
    before = ""
    for item in items:
        click.echo(before + json.dumps(item), nl=False)
        before = ",\n"
    click.echo("\n]}")


def _tell(look: Look, limit: int) -> None:
    counts = look.plan.counts
    click.echo(", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES))
    for note in look.head()["notes"]:
        click.echo(note["message"])
    for outcome in _outcomes(look):
        _group(outcome, look.items_of(outcome, limit), counts[outcome])
    member_id = look.prepared.member.id
    if look.plan.written:
        click.echo(f"Do just this with: ckan citizendata harvest run {member_id} --plan {look.plan.hash}")
    else:
        click.echo(f"A harvest of {member_id} would change nothing.")


def _outcomes(look: Look) -> list[str]:
    return [outcome for outcome in OUTCOMES if look.plan.counts[outcome]]


def _group(outcome: str, items: Iterable[dict[str, Any]], number: int) -> None:
    shown = 0
    for shown, item in enumerate(items, 1):
        if shown == 1:
            click.echo(f"{outcome}:")
        for line in _lines(item):
            click.echo(f"  {line}")
    # Of those that stay as they are only some are told at all, such as those that are listed again.
    if shown < number and outcome != "unchanged":
        click.echo(f"  and {number - shown} more that are {outcome}; --limit N tells N of each kind")


def _lines(item: dict[str, Any]) -> Iterator[str]:
    yield "  ".join(filter(None, (item["iri"], _one_line(item["title"] or ""), item["reason"])))
    for change in item["changes"]:
        old, new = _beside(_one_line(change["old_words"]), _one_line(change["new_words"]))
        yield f"  {change['label']}: {old} → {new}"
    if item["outcome"] == "changed" and not item["changes"]:
        yield "  Only in statements that its page here doesn't show"
    for problem in item["problems"]:
        yield f"  {problem['message']}"


def _beside(old: str, new: str) -> tuple[str, str]:
    """Both cut to what a person takes in, so that what is different can be seen."""
    same = len(commonprefix([old, new])) - BEFORE
    # From the beginning of a word, where the language has spaces.
    start = max(old.rfind(" ", 0, same) + 1, same - BEFORE)
    cut = ("…" + old[start:], "…" + new[start:]) if same > BEFORE else (old, new)
    return shortened(cut[0]) or "nothing", shortened(cut[1]) or "nothing"


def _one_line(text: str) -> str:
    return " ".join(text.split())
