"""`ckan citizendata validate`, `spreadsheet` and `vocabularies`: as without CKAN, with what this site adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

import click

from ckanext.citizendata import command, config

__all__ = ["spreadsheet", "validate", "vocabularies"]


def _of_this_site(given: click.Command, defaults: Mapping[str, Callable[[], Any]]) -> click.Command:
    """The command, with what the site's options say where nothing else is said."""
    own = copy(given)
    own.params = [_with_default(each, defaults[each.name]) if each.name in defaults else each for each in given.params]
    return own


def _with_default(given: click.Parameter, default: Callable[[], Any]) -> click.Parameter:
    own = copy(given)
    own.default = default
    return own


ADDED: Mapping[str, Callable[[], Any]] = {
    "fields": lambda: config.schema_files(),
    "lists": lambda: config.vocabulary_folders(),
}
validate = _of_this_site(command.validate, ADDED)
spreadsheet = _of_this_site(command.spreadsheet, ADDED)
vocabularies = click.Group("vocabularies", short_help="Code lists.", help=command.vocabularies.help)
vocabularies.add_command(_of_this_site(command.check, {"folders": lambda: config.vocabulary_folders()}))
