"""What a fetch brings."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Answer"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a page with the address where it was finally found.

    `framed` says that the server told where the body ends; else the end of the connection looks like the end of it.
    """

    url: str
    content_type: str
    body: bytes
    framed: bool = True
