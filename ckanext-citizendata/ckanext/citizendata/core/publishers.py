"""Who publishes a dataset, as one key: the address that its source gives to the publisher, else the name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["LONGEST", "publisher_key", "publisher_name"]

# In bytes; more can't be looked up in an index of PostgreSQL beside the name of a member.
LONGEST = 1000


def publisher_key(rows: Iterable[Mapping[str, Any]] | None) -> str | None:
    """The key of the first publisher that has one.

    [{"name": " Water  desk "}, …] -> "Water desk"; [{"name": "Water desk", "uri": "https://w.example"}] -> that address
    """
    keys = (" ".join(str(row.get("uri") or row.get("name") or "").split()) for row in rows or ())
    return next((key for key in keys if key and len(key.encode()) <= LONGEST), None)


def publisher_name(rows: Iterable[Mapping[str, Any]] | None) -> str:
    """What people call the first publisher that has a name, "" where none has."""
    names = (" ".join(str(row.get("name") or "").split()) for row in rows or ())
    return next(filter(None, names), "")
