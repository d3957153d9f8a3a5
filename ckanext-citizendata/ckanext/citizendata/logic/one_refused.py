"""Errors of the database about one record, apart from those that mean that the database is gone."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from ckan import model
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from ckanext.citizendata.federation.ports import RecordRefused

__all__ = ["is_lost", "one_refused"]

log = logging.getLogger(__name__)

# Classes of SQLSTATE (PostgreSQL, Appendix A): connection, resources, an operator's intervention, system. Psycopg also
# calls an operational error what is wrong with one record, such as text too long for an index or a deadlock.
GONE = ("08", "53", "57", "58")
MOST_SAID = 300


def is_lost(error: DBAPIError) -> bool:
    """Whether the database is gone or going, so that no other record would fare better."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "pgcode", None)
    if state is None:
        return isinstance(error, (OperationalError, InterfaceError))
    return state.startswith(GONE)


@contextmanager
def one_refused(iri: str) -> Iterator[None]:
    """Turns what the database says against one record into `RecordRefused`, with nothing of it written.

    An error that means that the database is gone passes as it is.
    """
    try:
        yield
    except DBAPIError as error:
        if is_lost(error):
            raise
        model.Session.rollback()
        log.exception("The database refuses the record %s", iri)
        raise RecordRefused(f"The database of this registry can't keep it: {_said(error)}") from error


def _said(error: DBAPIError) -> str:
    """What PostgreSQL says, without the statement and its values."""
    return str(error.orig).partition("\n")[0][:MOST_SAID]
