"""`ckan citizendata member …`: the catalogues that a registry harvests."""

from __future__ import annotations

from typing import Any

import click

from ckanext.citizendata.cli.registry import called, registry_only

__all__ = ["member"]

BRAKE_RECORDS = "Missing records that are removed at once without a person."
BRAKE_PERCENT = "The same in percent of its records; the greater of both counts."


@click.group(short_help="The catalogues that this registry harvests.")
@registry_only
def member() -> None:
    """Add, list, show, change and remove the catalogues that this registry harvests."""


@member.command("add")
@click.argument("member_id", metavar="ID")
@click.argument("url")
@click.option("--title", help="What people call the catalogue. Default: ID.")
@click.option("--audience", default="everyone", show_default=True, help="The widest audience of its records here.")
@click.option("--every", default="60", show_default=True, help="Minutes between two harvests; 0: only by hand.")
@click.option("--prefix", multiple=True, help="Addresses it may speak for. Default: its own server's.")
@click.option("--brake-records", default="3", show_default=True, help=BRAKE_RECORDS)
@click.option("--brake-percent", default="10", show_default=True, help=BRAKE_PERCENT)
def add(member_id: str, url: str, **wishes: Any) -> None:
    """Add the catalogue whose DCAT feed is at URL, under the short name ID."""
    renamed = {"interval_minutes": wishes.pop("every"), "prefixes": list(wishes.pop("prefix"))}
    added = called("citizendata_member_create", {"id": member_id, "url": url, **wishes, **renamed})
    click.echo(f"{added['title']} is a member; it may speak for {', '.join(added['prefixes'])}.")
    click.echo(f"Harvest it now with: ckan citizendata harvest run {added['id']}")


@member.command("list")
def list_() -> None:
    """List all members with their last harvest."""
    found = called("citizendata_member_list", {})
    if not found:
        click.echo("There is no member yet; add one with: ckan citizendata member add ID URL")
    for each in found:
        last = each["last_run"]
        state = f"{last['state']} {last['started'][:16]}" if last else "never harvested"
        click.echo(f"{each['id']:<24} {state:<28} {_records(each['records']):<40} {each['url']}")


@member.command("show")
@click.argument("member_id", metavar="ID")
def show(member_id: str) -> None:
    """Show all that the registry knows of one member."""
    found = called("citizendata_member_show", {"id": member_id})
    every = f"every {found['interval_minutes']} minutes" if found["interval_minutes"] else "only by hand"
    lines = {
        "Title": found["title"],
        "Feed": found["url"],
        "May speak for": ", ".join(found["prefixes"]),
        "Widest audience": found["audience"],
        "Harvested": every,
        "Removed at once": _brake(found),
        "Records": _records(found["records"]),
    }
    for name, text in lines.items():
        click.echo(f"{name + ':':<18}{text}")
    click.echo(f"What the last harvest did: ckan citizendata harvest show {member_id}")


@member.command("update")
@click.argument("member_id", metavar="ID")
@click.option("--brake-records", help=BRAKE_RECORDS)
@click.option("--brake-percent", help=BRAKE_PERCENT)
def update(member_id: str, **wishes: Any) -> None:
    """Change what is named of a member; it holds from its next harvest on."""
    named = {key: wish for key, wish in wishes.items() if wish is not None}
    changed = called("citizendata_member_patch", {"id": member_id, **named})
    click.echo(f"{changed['title']}: missing records are removed without a person where they are {_brake(changed)}.")


@member.command("remove")
@click.argument("member_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Don't ask.")
def remove(member_id: str, yes: bool) -> None:
    """Remove a member with all its records; each leaves a tombstone in this registry's feed."""
    found = called("citizendata_member_show", {"id": member_id})
    if not yes:
        click.confirm(f"Remove {found['title']} and its records ({_records(found['records'])})?", abort=True)
    done = called("citizendata_member_delete", {"id": member_id})
    click.echo(f"{found['title']} is no member any more; {done['removed']} records were taken away.")


def _brake(found: dict[str, Any]) -> str:
    return f"at most {found['brake_records']} or {found['brake_percent']} %, whichever is more"


def _records(states: dict[str, int]) -> str:
    return ", ".join(f"{number} {state}" for state, number in sorted(states.items())) or "no records"
