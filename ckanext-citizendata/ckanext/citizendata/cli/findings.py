"""`ckan citizendata harvest findings`: what SHACL shapes say about a member's records."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import click

from ckanext.citizendata.cli.progress import Progress
from ckanext.citizendata.cli.registry import called, registry_only, sentences
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.logic.harvesting.findings import asked
from ckanext.citizendata.logic.harvesting.harvest import member_named

__all__ = ["findings"]


@click.command("findings")
@click.argument("member_id", metavar="MEMBER")
@click.option("--now", "first", is_flag=True, help="Ask about what changed first, which else waits for the worker.")
@click.option("--json", "as_json", is_flag=True, help="Write a line of JSON for each record.")
@registry_only
@sentences
def findings(member_id: str, first: bool, as_json: bool) -> None:
    """Tell what the SHACL shapes say about the records of MEMBER that are shown here; none is kept out for it."""
    member = member_named(member_id)
    if first:
        try:
            with Progress(member.title) as progress:
                asked(member.id, math.inf, progress)
        except Unusable as error:
            raise click.ClickException(str(error)) from error
    told = 0
    for record in _records(member.id):
        told += 1
        for line in [json.dumps(record)] if as_json else _lines(record):
            click.echo(line)
    if not as_json:
        _end(told, called("citizendata_finding_list", {"id": member.id, "limit": 1})["waiting"])


def _records(member_id: str) -> Iterator[dict[str, Any]]:
    """All of them, some at a time."""
    after = ""
    while records := called("citizendata_finding_list", {"id": member_id, "after": after})["records"]:
        yield from records
        after = records[-1]["iri"]


def _lines(record: dict[str, Any]) -> Iterator[str]:
    yield f"{record['iri']}  {record['title'] or ''}".rstrip()
    for each in record["findings"]:
        place = each["path"].removeprefix(record["iri"]).strip()
        yield "  " + "  ".join(filter(None, (each["severity"], place, " ".join(each["message"].split()))))


def _end(number: int, waiting: int) -> None:
    click.echo(f"The shapes have something to say about {number} records.")
    if waiting:
        click.echo(f"{waiting} others weren't asked about since they changed; --now asks at once.")
