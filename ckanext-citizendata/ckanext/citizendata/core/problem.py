"""Bad data as a value that rides with its record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Problem", "Severity"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value.

    `path` says where (`contact[0].email`, an IRI, a line), `code` is a stable word for programs (`unknown_code`),
    `message` is for people and names field and value, `advice` says what would be right ("" where nothing can be said).
    """

    path: str
    code: str
    message: str
    severity: Severity = "error"
    advice: str = ""
