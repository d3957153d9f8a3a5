"""`ckan citizendata …`: one module for each noun, registered here."""

from __future__ import annotations

import click

from ckanext.citizendata.cli.coverage import coverage
from ckanext.citizendata.cli.feed import feed
from ckanext.citizendata.cli.harvest import harvest, schedule
from ckanext.citizendata.cli.key import key
from ckanext.citizendata.cli.match import match
from ckanext.citizendata.cli.member import member
from ckanext.citizendata.cli.model import spreadsheet, validate, vocabularies
from ckanext.citizendata.cli.move import move
from ckanext.citizendata.cli.reconcile import reconcile
from ckanext.citizendata.cli.record import rebuild, rerender, withdraw
from ckanext.citizendata.cli.restoring import restore
from ckanext.citizendata.command import conformance


@click.group(short_help="Citizen data: records, members, harvests.")
def citizendata() -> None:
    """Describe, share, harvest and take back citizen data."""


citizendata.add_command(withdraw)
citizendata.add_command(restore)
citizendata.add_command(move)
citizendata.add_command(rebuild)
citizendata.add_command(rerender)
citizendata.add_command(reconcile)
citizendata.add_command(member)
citizendata.add_command(match)
citizendata.add_command(feed)
citizendata.add_command(harvest)
citizendata.add_command(schedule)
citizendata.add_command(feed)
citizendata.add_command(key)
citizendata.add_command(validate)
citizendata.add_command(spreadsheet)
citizendata.add_command(vocabularies)
citizendata.add_command(conformance)
citizendata.add_command(coverage)

__all__ = ["citizendata"]
