"""The state of one record, and what a change from one state to the next is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ckanext.citizendata.core import audience as audiences

LOCAL = "local"
MEMBER = "member:"

LIVE = "live"
DRAFT = "draft"
WITHDRAWN = "withdrawn"
DELETED = "deleted"
# What the source of a member's record doesn't want public any more.
CLOSED = "closed"
# What the source of a member's record doesn't list any more, without having said that it took it back.
ABSENT = "absent"

NO_LONGER_PUBLIC = "no_longer_public"

_STATE_OF_PACKAGE = {"active": LIVE, "draft": DRAFT, "deleted": DELETED}
_ON_ENTRY = {
    LIVE: "restore",
    DRAFT: "lower",
    CLOSED: "lower",
    WITHDRAWN: "withdraw",
    DELETED: "delete",
    ABSENT: "delete",
}
# Removed, and nobody said that it must stay away.
TAKEN_AWAY = frozenset({DELETED, ABSENT})
# No state of the package ends these: an approval does, or what its source says anew.
_DECIDED = (WITHDRAWN, CLOSED, ABSENT)


@dataclass(frozen=True)
class RecordState:
    """What the record table says of one dataset; `modified` is the local time of the last edit by a person."""

    iri: str
    authority: str
    audience: str | None
    state: str
    fingerprint: str
    mapping_version: str
    modified: datetime
    public_since: datetime | None = None


def member_of(authority: str) -> str | None:
    """The member that a record comes from, None for a record of this site."""
    return authority.removeprefix(MEMBER) if authority.startswith(MEMBER) else None


def is_public(record: RecordState) -> bool:
    """Whether everyone may read it in full now."""
    return record.state == LIVE and audiences.is_open(record.audience)


def state_after(package_state: str, before: str | None) -> str:
    """The record's state under a package's state; what was decided stays, whatever happens to the package."""
    return before if before in _DECIDED else _STATE_OF_PACKAGE.get(package_state, DRAFT)


def operation_between(before: RecordState | None, after: RecordState) -> str | None:
    """The operation that the change table names, None where a reader elsewhere sees no difference.

    A record that is not live changes in silence. One row carries all: lower and raise go before update.
    """
    if before is None:
        return _first_operation(after)
    if before.state != after.state:
        return _operation_of_state(before.state, after.state)
    return _operation_while_live(before, after) if after.state == LIVE else None


def _first_operation(after: RecordState) -> str | None:
    return {LIVE: "create", WITHDRAWN: "withdraw"}.get(after.state)


def _operation_of_state(before: str, after: str) -> str | None:
    if after in (DRAFT, CLOSED) and before != LIVE:
        return None
    return _ON_ENTRY[after]


def _operation_while_live(before: RecordState, after: RecordState) -> str | None:
    if before.iri != after.iri:
        return "move"
    if audiences.readers(before.audience) != audiences.readers(after.audience):
        return "lower" if audiences.is_lower(after.audience, before.audience) else "raise"
    if before.fingerprint != after.fingerprint:
        return "update" if before.modified != after.modified else "rerender"
    return None


def public_since(before: RecordState | None, after: RecordState, now: datetime) -> datetime | None:
    """When everyone could read it for the first time; once set it stays, for copies stay."""
    if before is not None and before.public_since is not None:
        return before.public_since
    return now if is_public(after) else None


def tombstone(record: RecordState) -> str | None:
    """The class under which the open feed says that it is gone, None for what is public or never was."""
    if record.public_since is None or is_public(record):
        return None
    return record.state if record.state in (WITHDRAWN, DELETED, ABSENT) else NO_LONGER_PUBLIC
