"""What one harvest did, as a value and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ckanext.citizendata.core.problem import Problem

__all__ = ["FAILED", "FINISHED", "OUTCOMES", "RUNNING", "Example", "Group", "Item", "Report"]

OUTCOMES = (
    "added",
    "changed",
    "unchanged",
    "missing",
    "hidden",
    "removed",
    "held",
    "rejected",
    "also_listed",
    "looped",
)
RUNNING = "running"
FINISHED = "finished"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one record, and why; `problems` name values that were left out or look wrong.

    `code` names the reason for programs, where there is one.
    """

    iri: str
    outcome: str
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One record that a group is about, what is wrong with it, and what would be right ("" for nothing known)."""

    iri: str
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """All problems of one kind: of `count` records or values; `field` is "" where none is to blame."""

    kind: str
    code: str
    field: str
    count: int
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True)
class Report:
    """One run: `reason` says why it failed, `code` the same for programs; `counts` how many records had each of
    `OUTCOMES`; `notes` are problems of the feed as a whole, `groups` all problems by their kinds.
    """

    run_id: int
    member_id: str
    state: str
    reason: str | None
    counts: Mapping[str, int]
    notes: tuple[Problem, ...] = ()
    code: str = ""
    groups: tuple[Group, ...] = ()
