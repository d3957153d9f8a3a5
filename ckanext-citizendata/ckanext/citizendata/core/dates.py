"""Dates as feeds write them."""

from __future__ import annotations

from datetime import datetime, timezone

__all__ = ["moment"]

YEARS = range(1900, 2200)


def moment(text: str | None) -> datetime | None:
    """The moment in UTC that an ISO 8601 date or time names, else None; a time without zone counts as UTC.

    None too outside of `YEARS`: nobody lists datasets then, and next to the first and the last year that Python knows a
    time can't be told in every zone.
    """
    try:
        found = datetime.fromisoformat((text or "").strip().replace("Z", "+00:00").replace("z", "+00:00"))
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=found.tzinfo or timezone.utc).astimezone(timezone.utc) if found.year in YEARS else None
