"""What may be said of a member on a command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from ckanext.citizendata.core.membership import TRUSTS
from ckanext.citizendata.federation.sources import KINDS

__all__ = ["member_options", "wishes_of"]

OPTIONS: Mapping[str, str] = {
    "--title": "What people call the catalogue.",
    "--contact": "The mail address of its people.",
    "--kind": f"How it is read: {', '.join(KINDS)}, or auto: looks which of them is there.",
    "--audience": "The widest audience of its records here.",
    "--trust": f"How far it is trusted: {', '.join(TRUSTS)}.",
    "--every": "Minutes between two harvests; 0: only by hand.",
    "--prefix": "Addresses it may speak for; say it for each.",
    "--brake-records": "Missing records that are removed at once without a person.",
    "--brake-percent": "The same in percent of its records; the greater of both counts.",
}
# As actions call them, where that is otherwise.
NAMES = {"every": "interval_minutes", "prefix": "prefixes"}

Command = Callable[..., Any]


def member_options(**defaults: str) -> Callable[[Command], Command]:
    """Adds all options to a command; what holds where one isn't said is told by its help."""

    def add(command: Command) -> Command:
        for option, text in reversed([*OPTIONS.items()]):
            default = defaults.get(option.strip("-").replace("-", "_"))
            help_ = f"{text} Default: {default}." if default else text
            command = click.option(option, help=help_, multiple=option == "--prefix")(command)
        return command

    return add


def wishes_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, as actions take it."""
    said = {name: value for name, value in options.items() if value not in (None, ())}
    return {NAMES.get(name, name): [*value] if name == "prefix" else value for name, value in said.items()}
