"""One at a time: whoever cuts snapshots or changes their keys, on whatever machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DBAPIError

__all__ = ["Busy", "alone"]

KEY = sa.text("hashtextextended('citizendata_feed', 0)")
PAUSE = 0.2


class Busy(Exception):  # noqa: N818 - what is true of somebody else, not an error of the program
    """Somebody else is at it."""


@contextmanager
def alone(patience: float = 0) -> Iterator[None]:
    """Nobody else cuts or changes keys meanwhile. Raises `Busy` where somebody does for longer than so many seconds."""
    with model.ensure_engine().connect() as connection:
        # Ends with this process, however it ends.
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        _take(connection, time.monotonic() + patience)
        try:
            yield
        finally:
            with suppress(DBAPIError):
                connection.execute(sa.select(sa.func.pg_advisory_unlock(KEY)))


def _take(connection: sa.Connection, until: float) -> None:
    while not connection.execute(sa.select(sa.func.pg_try_advisory_lock(KEY))).scalar_one():
        if time.monotonic() >= until:
            raise Busy("Snapshots are being made, or their keys changed, by somebody else just now")
        time.sleep(PAUSE)
