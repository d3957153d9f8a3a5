"""Lists and objects that come as texts of JSON."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["said_in_json"]


def said_in_json(value: Any) -> Any:
    """The list or object that a text says in JSON; any other value as it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
