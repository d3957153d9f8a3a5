"""Values without what is empty in them, as reading gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["filled", "is_empty"]


def is_empty(value: Any) -> bool:
    """Whether a value says nothing; a zero is an answer."""
    return not value and not isinstance(value, (int, float))


def filled(value: Any) -> Any:
    """The value without its empty parts, at every depth."""
    if isinstance(value, Mapping):
        return {key: filled(part) for key, part in value.items() if not is_empty(part)}
    return [filled(part) for part in value] if isinstance(value, (list, tuple)) else value
