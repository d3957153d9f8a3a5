"""One worker at a time for each member, on any number of machines; one that lost its lease writes nothing more."""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ckanext.citizendata.federation.errors import HarvestRefused, RunStopped
from ckanext.citizendata.model import lease

__all__ = ["BEATS", "SECONDS", "Lease", "leased"]

log = logging.getLogger(__name__)

# A worker that didn't say for so long that it is alive has lost its lease.
SECONDS = 60
BEATS = 10
LOCK = "citizendata_lease:"


@dataclass(slots=True)
class Lease:
    """The right to write a member's records. `lost` says why there is none any more."""

    member_id: str
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    lost: str = ""

    def check(self) -> None:
        """Raises `RunStopped` where the run has to end, as far as the last heartbeat knows."""
        if self.lost:
            raise RunStopped(self.lost)


@contextmanager
def leased(member_id: str, seconds: int = SECONDS) -> Iterator[Lease]:
    """The lease of a member, kept alive until the end; no transaction of this thread commits without it.

    Raises `HarvestRefused` where another worker has it and is alive.
    """
    mine = Lease(member_id)
    with model.ensure_engine().connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        # Ends with this process, however it ends: so a lease whose lock is free is nobody's, whatever its time says.
        connection.execute(sa.select(sa.func.pg_advisory_lock(_key(mine.token))))
        try:
            _take(mine, seconds)
            with _alive(mine, seconds), _fenced(mine):
                yield mine
        finally:
            # Where the database is gone, so is the lock; whatever ended the run is what its report says.
            with suppress(DBAPIError):
                lease.give_back(connection, member_id, mine.token)
                connection.execute(sa.select(sa.func.pg_advisory_unlock(_key(mine.token))))


def _key(token: str) -> Any:
    return sa.func.hashtextextended(LOCK + token, 0)


def _take(mine: Lease, seconds: int) -> None:
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_key(mine.member_id))))
        other = lease.in_force(connection, mine.member_id)
        if other and not other.is_over and _is_alive(connection, other.token):
            reason = f"{mine.member_id} is being harvested already; wait until that run has ended"
            raise HarvestRefused(reason)
        lease.take(connection, mine.member_id, mine.token, f"{socket.gethostname()}:{os.getpid()}", seconds)


def _is_alive(connection: sa.engine.Connection, token: str) -> bool:
    return not connection.execute(sa.select(sa.func.pg_try_advisory_xact_lock(_key(token)))).scalar_one()


@contextmanager
def _alive(mine: Lease, seconds: int) -> Iterator[None]:
    """A thread that prolongs the lease from time to time."""
    ended = threading.Event()

    def beat() -> None:
        while not mine.lost and not ended.wait(seconds / BEATS):
            try:
                with model.ensure_engine().begin() as connection:
                    found = lease.prolong(connection, mine.member_id, mine.token, seconds)
            except DBAPIError:
                log.exception("The lease of %s can't be prolonged; it is tried again", mine.member_id)
                continue
            if found is None:
                mine.lost = "another worker took over, since this one was silent for too long"
            elif found.abort:
                mine.lost = "a person stopped it"

    heart = threading.Thread(target=beat, name=f"lease of {mine.member_id}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()


@contextmanager
def _fenced(mine: Lease) -> Iterator[None]:
    """Looks at the lease before each commit of this thread, whoever commits: CKAN's actions do so too."""
    thread = threading.get_ident()

    def confirm(session: Session) -> None:
        if threading.get_ident() == thread and not lease.is_held(session, mine.member_id, mine.token):
            mine.lost = "another worker took over, since this one was silent for too long"
            raise RunStopped(mine.lost)

    event.listen(model.Session, "before_commit", confirm)
    try:
        yield
    finally:
        event.remove(model.Session, "before_commit", confirm)
