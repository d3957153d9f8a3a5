"""`ckan citizendata member …`: the catalogues that a registry harvests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ckanext.citizendata.cli.member_feed import epoch, key
from ckanext.citizendata.cli.member_options import member_options, wishes_of
from ckanext.citizendata.cli.membership import apply, approve, refuse, resume, suspend
from ckanext.citizendata.cli.probe import probe
from ckanext.citizendata.cli.progress import Progress
from ckanext.citizendata.cli.publishers import map_, publishers
from ckanext.citizendata.cli.registry import all_members, called, registry_only, sentences
from ckanext.citizendata.core.membership import ACTIVE, BRAKES, TRUSTED, WATCHED
from ckanext.citizendata.federation.ports import DCAT, Member
from ckanext.citizendata.federation.ports import Progress as HowFar
from ckanext.citizendata.federation.sources import KINDS
from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.members.dismissal import cleared, dismissed

__all__ = ["member"]


@click.group(short_help="The catalogues that this registry harvests.")
@registry_only
def member() -> None:
    """Look at, add, list, show, change, clear and remove catalogues that are harvested; decide about applications."""


for command in (probe, apply, approve, refuse, suspend, resume, publishers, map_, key, epoch):
    member.add_command(command)


@member.command("add")
@click.argument("member_id", metavar="ID")
@click.argument("url")
@member_options(
    title="ID",
    audience="everyone",
    kind="auto",
    trust="ordinary",
    every="60",
    prefix="its own server's",
    brake_records="3",
    brake_percent="10",
)
def add(member_id: str, url: str, **options: Any) -> None:
    """Add the catalogue whose DCAT feed, or whose CKAN, is at URL, under the short name ID."""
    added = called("citizendata_member_create", {"id": member_id, "url": url, "kind": "auto", **wishes_of(options)})
    click.echo(f"{added['title']} is a member; it may speak for {', '.join(added['prefixes'])}.")
    if added["kind"] != DCAT:
        click.echo(f"It is read by {KINDS[added['kind']]}.")
    click.echo(f"Harvest it now with: ckan citizendata harvest run {added['id']}")


@member.command("list")
def list_() -> None:
    """List all members with their last harvest, and those that applied."""
    each = None
    for each in all_members():
        click.echo(f"{each['id']:<24} {_stands(each):<28} {_records(each['records']):<40} {each['url']}")
    if each is None:
        click.echo("There is no member yet; add one with: ckan citizendata member add ID URL")


@member.command("show")
@click.argument("member_id", metavar="ID")
def show(member_id: str) -> None:
    """Show all that the registry knows of one member."""
    found = called("citizendata_member_show", {"id": member_id})
    every = f"every {found['interval_minutes']} minutes" if found["interval_minutes"] else "only by hand"
    others = (f"{name} ({number})" for name, number in found["also_listed_by"].items())
    lines = {
        "Title": found["title"],
        "State": _state(found),
        "Trust": found["trust"],
        "Contact": found["contact"] or "none",
        "Feed": found["url"],
        "Read by": KINDS[found["kind"]],
        "May speak for": ", ".join(found["prefixes"]) or "nothing yet",
        "Widest audience": found["audience"],
        "Harvested": every,
        "Removed at once": _brake(found),
        "Records": _records(found["records"]),
        "Also listed by": ", ".join(others) or "nobody",
    }
    for name, text in lines.items():
        click.echo(f"{name + ':':<18}{text}")
    click.echo(f"What the last harvest did: ckan citizendata harvest show {member_id}")


@member.command("update")
@click.argument("member_id", metavar="ID")
@click.option("--url", help="The address of its feed.")
@member_options()
def update(member_id: str, **options: Any) -> None:
    """Change what is named of a member; it holds from its next harvest on."""
    changed = called("citizendata_member_patch", {"id": member_id, **wishes_of(options)})
    click.echo(f"{changed['title']} is changed; see all of it: ckan citizendata member show {member_id}")
    if options["brake_records"] or options["brake_percent"] or options["trust"] == TRUSTED:
        click.echo(f"Missing records are removed without a person where they are {_brake(changed)}.")
    if options["audience"]:
        harvest = f"ckan citizendata harvest run {member_id}"
        click.echo(f"Its records are shown to others from the next harvest on; do it now with: {harvest}")
    if changed["trust"] == WATCHED and options["trust"]:
        click.echo(f"Each harvest needs a plan that you looked at: ckan citizendata harvest plan {member_id}")


@member.command("clear")
@click.argument("member_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Don't ask.")
def clear(member_id: str, yes: bool) -> None:
    """Take all records of a member away; each leaves a tombstone, and comes back when the next harvest finds it."""
    found = called("citizendata_member_show", {"id": member_id})
    if not yes:
        click.confirm(f"Take away all records of {found['title']} ({_records(found['records'])})?", abort=True)
    removed = _taken_away(found, cleared)
    click.echo(f"{removed} records of {found['title']} were taken away; its next harvest brings back what it lists.")


@member.command("remove")
@click.argument("member_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Don't ask.")
def remove(member_id: str, yes: bool) -> None:
    """Remove a member with all its records; each leaves a tombstone in this registry's feed."""
    found = called("citizendata_member_show", {"id": member_id})
    if not yes:
        click.confirm(f"Remove {found['title']} and its records ({_records(found['records'])})?", abort=True)
    removed = _taken_away(found, dismissed)
    click.echo(f"{found['title']} is no member any more; {removed} records were taken away.")


@sentences
def _taken_away(found: dict[str, Any], work: Callable[[Member, HowFar], int]) -> int:
    with Progress(found["title"]) as progress:
        return work(member_named(found["id"]), progress)


def _stands(found: dict[str, Any]) -> str:
    """How a member stands, where that isn't said by its last harvest."""
    last = found["last_run"]
    if found["state"] != ACTIVE:
        return f"{found['state']} {(found['since'] or '')[:10]}"
    return f"{last['state']} {last['started'][:16]}" if last else "never harvested"


def _state(found: dict[str, Any]) -> str:
    since = f" since {found['since'][:16]}" if found["since"] else ""
    return f"{found['state']}{since}{': ' + found['reason'] if found['reason'] else ''}"


def _brake(found: dict[str, Any]) -> str:
    times = BRAKES[found["trust"]]
    told = f"at most {found['brake_records']} or {found['brake_percent']} %, whichever is more"
    return told if times == 1 else f"{told}, {times} times that since it is {found['trust']}"


def _records(states: dict[str, int]) -> str:
    return ", ".join(f"{number} {state}" for state, number in sorted(states.items())) or "no records"
