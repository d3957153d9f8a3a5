"""What a rule is: a function made once from a field."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ckanext.citizendata.core.conformance.report import Report

__all__ = ["Rule", "is_empty"]

# Takes a value that isn't empty, the path to it, and where to put what is wrong with it.
Rule: TypeAlias = Callable[[Any, str, Report], None]


def is_empty(value: Any) -> bool:
    """Whether there is no answer in the value: nothing, a text of which nothing is seen, a list or object of these."""
    if value is None:
        return True
    if isinstance(value, str):
        return all(map(_is_unseen, value))
    if isinstance(value, Mapping):
        return all(map(is_empty, value.values()))
    return isinstance(value, (list, tuple)) and all(map(is_empty, value))


def _is_unseen(character: str) -> bool:
    """Whether it is a blank, or one of those that only steer others, as marks of writing direction do."""
    return character.isspace() or unicodedata.category(character) == "Cf"
