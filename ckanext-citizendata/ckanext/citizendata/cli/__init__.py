"""`ckan citizendata …`: one module for each noun, registered here."""

from __future__ import annotations

import click


@click.group(short_help="Citizen data: records, members, harvests.")
def citizendata() -> None:
    """Describe, share, harvest and take back citizen data."""


__all__ = ["citizendata"]
