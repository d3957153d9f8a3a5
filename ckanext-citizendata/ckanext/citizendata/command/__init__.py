"""`citizendata …`: files and code lists, checked and filled in with or without CKAN; one module for each noun."""

from __future__ import annotations

import click

from ckanext.citizendata.command.conformance import conformance
from ckanext.citizendata.command.spreadsheet import spreadsheet
from ckanext.citizendata.command.validate import validate
from ckanext.citizendata.command.vocabularies import check, vocabularies


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Check descriptions of citizen data and code lists, and fill spreadsheets, without a catalogue at hand."""


main.add_command(validate)
main.add_command(spreadsheet)
main.add_command(conformance)
main.add_command(vocabularies)

__all__ = ["check", "conformance", "main", "spreadsheet", "validate", "vocabularies"]
