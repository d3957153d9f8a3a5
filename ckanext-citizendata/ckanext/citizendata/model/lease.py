"""Who works on the records of a member, and till when: one worker at a time, on whatever machine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session


class Lease(tk.BaseModel):
    """One worker's right to write a member's records; `abort` asks it to stop. Another worker has another `token`."""

    __tablename__ = "citizendata_lease"

    member_id = sa.Column(sa.UnicodeText, primary_key=True)
    token = sa.Column(sa.UnicodeText, nullable=False)
    worker = sa.Column(sa.UnicodeText, nullable=False)
    since = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp())
    until = sa.Column(sa.DateTime(timezone=True), nullable=False)
    abort = sa.Column(sa.Boolean, nullable=False, server_default="false")


_lease: sa.Table = Lease.__table__  # type: ignore
Connection = sa.engine.Connection


def in_force(connection: Connection, member_id: str) -> sa.Row[Any] | None:
    """The lease of a member, held until the transaction ends, with `is_over`: whether its time has run out."""
    is_over = (_lease.c.until < sa.func.clock_timestamp()).label("is_over")
    query = sa.select(_lease, is_over).where(_lease.c.member_id == member_id).with_for_update()
    return connection.execute(query).first()


def in_work() -> Sequence[sa.Row[Any]]:
    """The leases whose time hasn't run out, the oldest first."""
    query = sa.select(_lease).where(_lease.c.until > sa.func.clock_timestamp()).order_by(_lease.c.since)
    return model.Session.execute(query).all()


def take(connection: Connection, member_id: str, token: str, worker: str, seconds: int) -> None:
    """Give the lease to a worker, whoever had it."""
    values = {"token": token, "worker": worker, "until": _in(seconds), "abort": False}
    statement = insert(_lease).values(member_id=member_id, since=sa.func.clock_timestamp(), **values)
    again = {**values, "since": sa.func.clock_timestamp()}
    connection.execute(statement.on_conflict_do_update(index_elements=["member_id"], set_=again))


def prolong(connection: Connection, member_id: str, token: str, seconds: int) -> sa.Row[Any] | None:
    """The lease with its new end; None where another worker has it by now."""
    mine = _mine(member_id, token)
    return connection.execute(sa.update(_lease).where(*mine).values(until=_in(seconds)).returning(_lease)).first()


def give_back(connection: Connection, member_id: str, token: str) -> None:
    """End the lease, where it is still this worker's."""
    connection.execute(sa.delete(_lease).where(*_mine(member_id, token)))


def is_held(session: Session, member_id: str, token: str) -> bool:
    """Whether the lease is still this worker's; till the transaction ends nobody else gets it."""
    query = sa.select(_lease.c.member_id).where(*_mine(member_id, token)).with_for_update(read=True)
    return session.execute(query).first() is not None


def ask_to_stop(member_id: str) -> bool:
    """Whether there was a worker to ask."""
    done = model.Session.execute(sa.update(_lease).where(_lease.c.member_id == member_id).values(abort=True))
    return bool(done.rowcount)  # type: ignore


def _mine(member_id: str, token: str) -> tuple[Any, Any]:
    return _lease.c.member_id == member_id, _lease.c.token == token


def _in(seconds: int) -> Any:
    return sa.func.clock_timestamp() + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def working(member_ids: Collection[str]) -> frozenset[str]:
    """Those of the members on whose records somebody works now."""
    mine = _lease.c.member_id.in_(member_ids), _lease.c.until >= sa.func.clock_timestamp()
    return frozenset(model.Session.execute(sa.select(_lease.c.member_id).where(*mine)).scalars())
