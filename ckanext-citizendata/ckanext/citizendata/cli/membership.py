"""`ckan citizendata member apply …`: how a catalogue comes to be harvested, and what is decided about that."""

from __future__ import annotations

from typing import Any

import click

from ckanext.citizendata.cli.member_options import member_options, wishes_of
from ckanext.citizendata.cli.registry import called

__all__ = ["apply", "approve", "refuse", "resume", "suspend"]

REASON = click.option("--reason", help="Why; the catalogue's people may read it.")
MEMBER = click.argument("member_id", metavar="ID")


@click.command("apply")
@MEMBER
@click.argument("url")
@click.option("--contact", required=True, help="The mail address of its people.")
@click.option("--title", help="What people call the catalogue. Default: ID.")
@click.option("--audience", help="The widest audience of its records here. Default: everyone.")
def apply(member_id: str, url: str, **options: Any) -> None:
    """Note that the catalogue at URL asks to be harvested, under the short name ID; nothing is read from it yet."""
    found = called("citizendata_member_apply", {"id": member_id, "url": url, **wishes_of(options)})
    click.echo(f"{found['title']} has applied, and waits for a decision.")
    click.echo(f"Look at what a harvest would bring: ckan citizendata harvest plan {member_id}")
    click.echo(f"Decide with: ckan citizendata member approve {member_id} (or: refuse {member_id})")


@click.command("approve")
@MEMBER
@click.option("--url", help="The address of its feed.")
@member_options(prefix="its own server's", trust="ordinary", every="60", brake_records="3", brake_percent="10")
def approve(member_id: str, **options: Any) -> None:
    """Admit the catalogue ID, which applied; what isn't named is as it wished."""
    found = called("citizendata_member_approve", {"id": member_id, **wishes_of(options)})
    click.echo(f"{found['title']} is a member; it may speak for {', '.join(found['prefixes'])}.")
    click.echo(f"Harvest it now with: ckan citizendata harvest run {member_id}")


@click.command("refuse")
@MEMBER
@REASON
def refuse(member_id: str, reason: str | None) -> None:
    """Refuse the application of the catalogue ID."""
    found = called("citizendata_member_refuse", {"id": member_id, "reason": reason})
    click.echo(f"The application of {found['title']} is refused; who sent it may send another one.")


@click.command("suspend")
@MEMBER
@REASON
def suspend(member_id: str, reason: str | None) -> None:
    """Harvest the member ID no more for the time being; its records stay."""
    found = called("citizendata_member_suspend", {"id": member_id, "reason": reason})
    click.echo(f"{found['title']} is suspended: it isn't harvested, and its records stay as they are.")
    click.echo("What it takes back meanwhile stays here too; take a record away with: ckan citizendata withdraw NAME")


@click.command("resume")
@MEMBER
def resume(member_id: str) -> None:
    """Harvest the suspended member ID again."""
    found = called("citizendata_member_resume", {"id": member_id})
    click.echo(f"{found['title']} is harvested again; do it now with: ckan citizendata harvest run {member_id}")
