"""Fills an empty database with all tables of CKAN and its plugins, and one administrator, in one start of CKAN.

Run as `python -m ckanext.citizendata.local.first_run CONFIG`; name, email and password of the administrator come as
JSON by standard input.
"""

from __future__ import annotations

import json
import sys

import click
from ckan.cli.cli import ckan as command

__all__ = ["main"]


def main(file: str) -> None:
    """Fill the database that the configuration file names."""
    try:
        command.main(["-c", file, "db", "upgrade"], standalone_mode=False)
    except click.Abort:  # CKAN has told the reason
        sys.exit(1)
    from ckan import model

    administrator = model.User(**json.loads(sys.stdin.read()), sysadmin=True)
    model.Session.add(administrator)
    model.Session.commit()


if __name__ == "__main__":
    main(sys.argv[1])
