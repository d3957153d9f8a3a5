"""Whether there is something to tell that wasn't told before, so that people get few mails and read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["is_news", "left", "told_by"]


def told_by(groups: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """What these groups of problems say, as counts by kind, code and field."""
    return {f"{group['kind']} {group['code']} {group['field']}": group["count"] for group in groups}


def is_news(said: Mapping[str, int], now: Mapping[str, int]) -> bool:
    """Whether something is new or more than was said; what became less is none.

    {"value no_mail contact.email": 3}, {"value no_mail contact.email": 2} -> False
    """
    return any(count > said.get(key, 0) for key, count in now.items())


def left(said: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    """What is left of what was said, so that what comes back is news again."""
    return {key: min(count, now[key]) for key, count in said.items() if key in now}
