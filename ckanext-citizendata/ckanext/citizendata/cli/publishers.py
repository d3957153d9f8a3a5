"""`ckan citizendata member publishers|map`: whose a member's records are here, by who publishes them."""

from __future__ import annotations

import click

from ckanext.citizendata.cli.registry import called

__all__ = ["map_", "publishers"]

MEMBER = click.argument("member_id", metavar="ID")


@click.command("publishers")
@MEMBER
def publishers(member_id: str) -> None:
    """List who publishes the records of the member ID, with how many, and to which organisation here they belong."""
    found = called("citizendata_publisher_list", {"id": member_id})
    if not found:
        click.echo(f"There are no records of {member_id} yet.")
    for each in found:
        name = f"  {each['name']}" if each["name"] not in ("", each["publisher"]) else ""
        whose = each["organization"] or f"{member_id} (its own)"
        click.echo(f"{each['records']:>8}  {each['publisher'] or 'without a publisher'}{name}  ->  {whose}")


@click.command("map")
@MEMBER
@click.argument("publisher")
@click.argument("organization", metavar="ORGANISATION")
def map_(member_id: str, publisher: str, organization: str) -> None:
    """Let the records of PUBLISHER belong to ORGANISATION: those that are here, and those to come.

    PUBLISHER is an address or a name as `member publishers ID` tells it.
    """
    wish = {"id": member_id, "publisher": publisher, "organization": organization}
    done = called("citizendata_publisher_map", wish)
    click.echo(f"{done['moved']} records were moved to {done['organization']}; others of {publisher} follow them.")
