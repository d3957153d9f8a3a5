"""Dates as feeds write them."""

from __future__ import annotations

from datetime import datetime, timezone

__all__ = ["moment"]


def moment(text: str | None) -> datetime | None:
    """The moment in UTC that an ISO 8601 date or time names, else None; a time without zone counts as UTC."""
    try:
        found = datetime.fromisoformat((text or "").strip().replace("Z", "+00:00").replace("z", "+00:00"))
        return found.replace(tzinfo=found.tzinfo or timezone.utc).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
