"""Whether a site's catalogue says all that happened there: snapshots of it are made in the background."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg2

from ckanext.citizendata.local.failure import LocalError

if TYPE_CHECKING:
    from ckanext.citizendata.local.browser import Browser

__all__ = ["settled"]

SECONDS, PAUSE = 120, 0.1
# The number of the snapshot that says all that happened, which may be the next one.
DUE = """
    SELECT sequence + (cut_txid IS NULL OR EXISTS (SELECT FROM citizendata_change WHERE txid >= cut_txid))::int
    FROM citizendata_feed WHERE name = 'everyone'
"""


def settled(reader: Browser, database: str) -> None:
    """Come back when the site serves a snapshot with all that its database says; raises LocalError if it never does."""
    end = time.monotonic() + SECONDS
    with closing(psycopg2.connect(database)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        while _served(reader) < _due(cursor):
            if time.monotonic() > end:
                raise LocalError(f"The catalogue of {reader.url} doesn't follow its records within {SECONDS} seconds.")
            time.sleep(PAUSE)


def _due(cursor: Any) -> int:
    cursor.execute(DUE)
    (number,) = cursor.fetchone() or (1,)
    return number


def _served(reader: Browser) -> int:
    """The number of the snapshot that is served; 0 before the first one."""
    answer = reader.get("/feed/everyone/manifest.json")
    return answer.json()["sequence"] if answer.ok else 0
