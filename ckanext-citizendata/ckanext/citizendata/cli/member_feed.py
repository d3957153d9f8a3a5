"""`ckan citizendata member key …`: whose signature a member's feed has, and what a person decides about that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from ckanext.citizendata.cli.registry import called

__all__ = ["epoch", "key"]

MEMBER = click.argument("member_id", metavar="MEMBER")


@click.command("key")
@MEMBER
@click.option("--trust", metavar="KEY", help="Accept the key that waits, of this name; the one before it is refused.")
def key(member_id: str, trust: str | None) -> None:
    """Tell by which key the feed of MEMBER is signed, and which one waits for a decision."""
    if trust:
        found = called("citizendata_member_key_trust", {"id": member_id, "key": trust})
        click.echo(f"The feed of {member_id} is signed by the key {found['key']} from now on; the old one is refused.")
        click.echo(f"Read it with: ckan citizendata harvest run {member_id}")
        return
    for line in _key_lines(member_id, called("citizendata_member_feed_show", {"id": member_id})):
        click.echo(line)


@click.command("epoch")
@MEMBER
@click.option("--approve", type=int, metavar="N", help="Let the feed count anew, as number N.")
def epoch(member_id: str, approve: int | None) -> None:
    """Tell how often the feed of MEMBER began to count anew, and whether that waits for a decision."""
    if approve is not None:
        called("citizendata_member_epoch_approve", {"id": member_id, "epoch": approve})
        click.echo(f"The feed of {member_id} may count anew, as number {approve}; its next harvest reads all of it.")
        click.echo(f"Do it now with: ckan citizendata harvest run {member_id}")
        return
    found = called("citizendata_member_feed_show", {"id": member_id})
    click.echo(f"The feed of {member_id} was last read as number {found['sequence']} of its count {found['epoch']}.")
    waits = found["waiting_epoch"]
    if waits:
        click.echo(f"It begins to count anew, as number {waits}, as after a restore from a backup. Ask its people.")
        click.echo(f"If they did that: ckan citizendata member epoch {member_id} --approve {waits}")


def _key_lines(member_id: str, found: Mapping[str, Any]) -> Iterator[str]:
    yield f"The feed of {member_id} is signed by the key {found['key']}."
    waits = found["waiting_key"]
    if waits:
        yield f"It came signed by another key, {waits}, and was refused."
        yield "Ask its people, not by mail alone, whether that is theirs."
        yield f"If it is: ckan citizendata member key {member_id} --trust {waits}"
