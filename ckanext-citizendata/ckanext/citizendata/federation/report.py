"""What one harvest did, as a value and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.citizendata.core.problem import Problem

__all__ = ["FAILED", "FINISHED", "OUTCOMES", "RUNNING", "Item", "Report"]

OUTCOMES = ("added", "changed", "unchanged", "missing", "hidden", "removed", "held", "rejected")
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
class Report:
    """One run: `reason` says why it failed; `counts` how many records had each of `OUTCOMES`; `notes` are problems of
    the feed as a whole.
    """

    run_id: int
    member_id: str
    state: str
    reason: str | None
    counts: Mapping[str, int]
    notes: tuple[Problem, ...] = ()
