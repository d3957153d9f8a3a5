"""What can't be read at all: the message is one sentence for the person who gave the file."""

from __future__ import annotations

__all__ = ["Unusable"]


class Unusable(Exception):  # noqa: N818 - named for the state of the file
    """A file, address or option from which nothing can be read."""
