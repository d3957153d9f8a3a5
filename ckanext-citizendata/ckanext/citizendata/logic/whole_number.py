"""Numbers in addresses."""

from __future__ import annotations

__all__ = ["whole_number"]


def whole_number(text: object, most: int) -> int | None:
    """The number that plain digits write, None for anything else and above `most`."""
    digits = str(text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(most)):
        return None
    return int(digits) if int(digits) <= most else None
