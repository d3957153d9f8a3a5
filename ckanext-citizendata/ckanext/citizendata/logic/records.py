"""Keeps each record in step with its package, inside the transaction that changes the package.

It doesn't commit, and doesn't index: its callers do, in CKAN's own order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata import config
from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.record import (
    LOCAL,
    MEMBER,
    WITHDRAWN,
    RecordState,
    is_public,
    member_of,
    operation_between,
    public_since,
    state_after,
    tombstone,
)
from ckanext.citizendata.logic import rendered
from ckanext.citizendata.logic.description import Description, described
from ckanext.citizendata.logic.feeds import feed_jobs, feed_retiring
from ckanext.citizendata.logic.marks import Incoming, Publishing, current, publishing
from ckanext.citizendata.model import change, dirty, ledger
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import record as records

__all__ = ["Incoming", "hide", "publishing", "purge", "render", "reveal", "state_of_row"]

_STATE_COLUMNS = (
    "iri", "authority", "audience", "state", "fingerprint", "mapping_version", "modified", "public_since",
)  # fmt: skip


def state_of_row(row: sa.Row[Any]) -> RecordState:
    """The state that a row of the record table tells."""
    return RecordState(**{name: getattr(row, name) for name in _STATE_COLUMNS})


def render(package: model.Package, package_state: str | None = None) -> str | None:
    """Write record and change row for the package as it is now (or will be, in `package_state`); the operation, if any.

    Also sets the package's `private`, which is derived from the record. A draft has no record until it is active.
    """
    row = records.locked(package.id)
    package_state = package_state or package.state
    operation = None
    if row is not None or package_state == model.State.ACTIVE:
        operation = _write(package, row, state_after(package_state, _standing(row)))
    else:
        package.private = True
    _settle(package, package_state)
    return operation


def hide(package: model.Package, state: str) -> str | None:
    """Take the record from everyone but its own people: `withdrawn`, `closed` for no longer public, or `absent`."""
    return _decide(package, state)


def reveal(package: model.Package) -> str | None:
    """Give a withdrawn record back to the readers that it had."""
    return _decide(package, state_after(package.state, None))


def purge(package_id: str) -> None:
    """Note that the package is gone for good; its record stays, as a tombstone where it was public."""
    row = records.locked(package_id)
    dirty.clear(package_id)
    if row is None:
        return
    before = state_of_row(row)
    _store(package_id, row, replace(before, state=state_after(model.State.DELETED, before.state)), {})


def _standing(row: sa.Row[Any] | None) -> str | None:
    """The state that binds the next one. What a member took back ends when it publishes again, ours when we decide."""
    if row is None:
        return None
    member_id, now = member_of(row.authority), current()
    if member_id is None or now is None or now.incoming is None:
        return row.state
    if row.state != WITHDRAWN:
        return None
    entry = ledger.by_iri(member_id, row.iri)
    return WITHDRAWN if entry and entry.state == WITHDRAWN and entry.decided else None


def _decide(package: model.Package, state: str) -> str | None:
    row = records.locked(package.id)
    if row is None:
        raise tk.ValidationError({"id": [tk._("A draft has nothing to withdraw or restore.")]})
    package.metadata_modified = datetime.now(timezone.utc).replace(tzinfo=None)
    operation = _write(package, row, state)
    _settle(package, package.state)
    return operation


def _settle(package: model.Package, package_state: str) -> None:
    dirty.clear(package.id)
    model.Session.flush()
    rendered.note(package, package_state)


def _write(package: model.Package, row: sa.Row[Any] | None, state: str) -> str | None:
    described_now = _description(package, row, state)
    after = RecordState(
        iri=described_now.iri,
        authority=_authority(row),
        audience=described_now.audience,
        state=state,
        fingerprint=described_now.fingerprint,
        mapping_version=described_now.mapping_version,
        modified=package.metadata_modified.replace(tzinfo=timezone.utc),
        public_since=row.public_since if row else None,
    )
    package.private = not is_public(after)
    statements = {"fragment": described_now.fragment, "residue": described_now.residue}
    return _store(package.id, row, after, statements)


def _store(package_id: str, row: sa.Row[Any] | None, after: RecordState, statements: dict[str, str]) -> str | None:
    """Write what differs from the row, and the change row where there is an operation to tell."""
    now = datetime.now(timezone.utc)
    before = state_of_row(row) if row else None
    after = replace(after, public_since=public_since(before, after, now))
    operation = operation_between(before, after)
    kind = tombstone(after)
    values = {name: getattr(after, name) for name in _STATE_COLUMNS} | statements | {"tombstone": kind}
    if row is None:
        values["issued"] = now
    if kind != (row.tombstone if row else None):
        values["tombstoned"] = now if kind else None
    if row is None or any(getattr(row, name) != value for name, value in values.items()):
        records.write({"package_id": package_id, **values})
    if operation:
        change.append(package_id, operation, after)
    if feed_retiring.is_less_open(before, after):
        feed_retiring.note([package_id])
    # Whoever publishes a harvest asks when all of it is done.
    if operation and current() is None:
        feed_jobs.note_change()
    return operation


def _authority(row: sa.Row[Any] | None) -> str:
    if row is not None:
        return row.authority
    now = current()
    return MEMBER + now.member_id if now else LOCAL


def _description(package: model.Package, row: sa.Row[Any] | None, state: str) -> Description:
    """What the record says now: as received for a member's, mapped from the package for our own."""
    member_id = member_of(_authority(row))
    if member_id is not None:
        return _incoming(row, current(), members.by_id(member_id))
    if row is not None and state == state_after(model.State.DELETED, None):
        return Description(row.iri, row.fragment, row.residue, row.fingerprint, row.mapping_version, row.audience)
    iri = row.iri if row else f"{config.base_iri()}/dataset/{package.id}"
    return described(package.id, iri, row.residue, row.fragment) if row else described(package.id, iri)


def _incoming(row: sa.Row[Any] | None, now: Publishing | None, member: sa.Row[Any] | None) -> Description:
    limit = member.audience if member else None
    if now is not None and now.incoming is not None:
        new = now.incoming
        audience = audiences.lowest(audiences.readable(new.audience or limit), limit)
        return Description(new.iri, new.fragment, new.residue, new.fingerprint, new.mapping_version, audience)
    if row is None:
        message = "a member's record is published with what its feed said: publishing(member_id, Incoming(…))"
        raise ValueError(message)
    audience = audiences.lowest(row.audience, limit)
    return Description(row.iri, row.fragment, row.residue, row.fingerprint, row.mapping_version, audience)
