"""What a case measured, and what of it is not as promised."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Evidence", "Verdict"]

MOST_FAULTS = 6


@dataclass(frozen=True)
class Verdict:
    """One line of the result."""

    id: str
    passed: bool
    observed: str
    seconds: float

    def told(self) -> dict[str, Any]:
        """The line as JSON has it."""
        told = asdict(self)
        return {"id": told["id"], "pass": told["passed"], "observed": told["observed"], "seconds": told["seconds"]}


@dataclass
class Evidence:
    """Facts, and faults; a case passes that has facts and no fault."""

    facts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def notes(self, fact: str) -> None:
        """Something was measured."""
        self.facts.append(fact)

    def shows(self, fact: str) -> None:
        """Something follows from all that had to hold until now; it isn't said where that doesn't."""
        if not self.faults:
            self.notes(fact)

    def must(self, holds: bool, fault: str) -> bool:
        """Something is promised: where it doesn't hold, the fault says what was found instead."""
        if not holds:
            self.faults.append(fault)
        return holds

    def verdict(self, case: str, seconds: float) -> Verdict:
        """What comes of it."""
        passed = bool(self.facts) and not self.faults
        more = len(self.faults) - MOST_FAULTS
        faults = [*self.faults[:MOST_FAULTS], *([f"and {more} more"] if more > 0 else [])]
        return Verdict(case, passed, "; ".join([*faults, *self.facts]) or "nothing was measured", round(seconds, 1))
