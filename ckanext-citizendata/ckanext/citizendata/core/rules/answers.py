"""Answers out of a package that may hold anything: what isn't of the expected kind counts as no answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["UNKNOWN", "Package", "code", "codes", "rows", "text"]

Package = Mapping[str, Any]
UNKNOWN = "unknown"


def text(package: Package, name: str) -> str:
    """A line, code or date; "" where there is none."""
    value = package.get(name)
    return value if isinstance(value, str) else ""


def code(package: Package, name: str) -> str | None:
    """A code that says something; None where there is none or it is `unknown`."""
    value = text(package, name)
    return value if value and value != UNKNOWN else None


def codes(package: Package, name: str) -> tuple[str, ...]:
    """The codes of a list that say something."""
    value = package.get(name)
    given = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(each for each in given if isinstance(each, str) and each not in ("", UNKNOWN))


def rows(package: Package, name: str) -> tuple[Package, ...]:
    """The rows of a field that hold anything."""
    value = package.get(name)
    return tuple(row for row in value if isinstance(row, Mapping) and row) if isinstance(value, (list, tuple)) else ()
