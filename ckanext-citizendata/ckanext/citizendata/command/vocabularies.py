"""`citizendata vocabularies …`: code lists."""

from __future__ import annotations

import sys

import click

# setup.py maps the folder in, where pyright doesn't look.
from ckanext.citizendata import vocabularies as shipped  # pyright: ignore[reportAttributeAccessIssue]
from ckanext.citizendata.command.additions import CLEAN, WRONG, lists_in, stop
from ckanext.citizendata.core.vocabulary_check import check_vocabularies
from ckanext.citizendata.exchange.errors import Unusable

__all__ = ["check", "vocabularies"]


@click.group(short_help="Code lists.")
def vocabularies() -> None:
    """Work on code lists."""


@vocabularies.command("check", short_help="Check code lists.")
@click.argument("folders", metavar="[FOLDER...]", nargs=-1)
def check(folders: tuple[str, ...]) -> None:
    """Check the SKOS files (*.ttl) in folders; without a folder, those that are shipped.

    A file under the name of a shipped list adds entries to that. The exit code is 0 without errors, 1 with errors, 2
    for what can't be read.
    """
    own = {name: shipped.read(name) for name in shipped.names()}
    try:
        texts = lists_in(folders) if folders else own
    except Unusable as error:
        stop(str(error))
    problems = check_vocabularies(texts, own)
    for problem in problems:
        click.echo(f"{problem.path}: {problem.message}")
    click.echo(f"{len(texts)} lists checked: {len(problems) or 'no'} errors.")
    sys.exit(WRONG if problems else CLEAN)
