"""What one harvest did, as a value and in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from ckanext.citizendata.core.problem import Problem

__all__ = ["FAILED", "FINISHED", "OUTCOMES", "RUNNING", "Item", "Report"]

OUTCOMES = ("added", "changed", "unchanged", "missing", "hidden", "removed", "held", "rejected")
RUNNING = "running"
FINISHED = "finished"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one record, and why; `problems` name values that were left out or look wrong."""

    iri: str
    outcome: str
    reason: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One run: `reason` says why it failed; `notes` are problems of the feed as a whole."""

    run_id: int
    member_id: str
    state: str
    reason: str | None
    items: tuple[Item, ...]
    notes: tuple[Problem, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many records had each outcome, in the order of `OUTCOMES`."""
        found = Counter(item.outcome for item in self.items)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def told(self) -> list[dict[str, Any]]:
        """The items that say more than "unchanged", for storing; a feed's own problems come first, without an IRI."""
        notes = [{"iri": "", "outcome": "note", "reason": each.message, "problems": []} for each in self.notes]
        return notes + [
            asdict(item) for item in self.items if item.outcome != "unchanged" or item.reason or item.problems
        ]
