"""What a fetch brings."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Answer"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a page with the address where it was finally found."""

    url: str
    content_type: str
    body: bytes
