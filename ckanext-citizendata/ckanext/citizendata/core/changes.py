"""What everyone may be told of the steps in the life of a record."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CREATED", "ENDS", "MOVED", "OPENS", "UPDATED", "Step", "Told", "told"]

# After these, a record for everyone can be read by everyone.
OPENS = ("create", "update", "rerender", "raise", "restore", "move")
# What takes a record away for good, or until somebody decides; anything else that closes it changes its readers.
ENDS = {"withdraw": "withdrawn", "delete": "deleted", "duplicate": "duplicate"}
CREATED, UPDATED, MOVED, ACCESS_CHANGED = "created", "updated", "moved", "access_changed"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the change table, with what the rows around it and the record itself say.

    :param readable: everyone could read the record after this step; `was_readable`: before it.
    :param known_as: the address under which everyone could read it last before this step, None where nobody could.
    :param followed: a later step opened the record to everyone, or took it away.
    :param is_readable: everyone may read it today.
    """

    operation: str
    iri: str
    readable: bool
    was_readable: bool
    known_as: str | None
    followed: bool
    is_readable: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An address, and what happened to it; None where nothing more is said of a record that isn't for everyone."""

    iri: str
    operation: str | None


def told(step: Step) -> Told | None:
    """What everyone is told of a step, None of what was never for everyone.

    A record that isn't for everyone today has one telling entry, its last one; the others keep the address alone.
    """
    operation = _operation(step)
    if operation is None:
        return None
    iri = step.iri if operation in (CREATED, UPDATED) else step.known_as or step.iri
    gone = not step.is_readable and (step.readable or step.followed)
    return Told(iri, None if gone else operation)


def _operation(step: Step) -> str | None:
    if step.readable:
        return _operation_while_readable(step)
    if step.was_readable:
        return ENDS.get(step.operation, ACCESS_CHANGED)
    return ENDS.get(step.operation) if step.known_as else None


def _operation_while_readable(step: Step) -> str:
    if not step.was_readable:
        return CREATED
    return MOVED if step.operation == "move" else UPDATED
