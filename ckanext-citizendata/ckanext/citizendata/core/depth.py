"""How deep lists and objects may lie in one another: what goes on for ever is stopped before anything walks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["NESTED", "may_be_deep", "shallow"]

# A collection of geometries within others comes to 45; Python itself gives up at about 900.
DEEPEST = 60
# What stands for a value that is too deep: no field takes a list of lists, so that every rule refuses it.
NESTED = [["…"]]


def shallow(value: Any) -> Any:
    """The value, or `NESTED` for one of more than 60 levels."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level if isinstance(each, (list, tuple, Mapping)) for inner in _parts(each)]
        if not level:
            return value
    return NESTED


def may_be_deep(text: str) -> bool:
    """Whether a text of JSON has brackets enough to be deeper than that."""
    return text.count("[") + text.count("{") > DEEPEST


def _parts(value: Any) -> Any:
    return value.values() if isinstance(value, Mapping) else value
