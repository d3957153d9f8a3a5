"""What the demo and the test services tell people when something is wrong."""

from __future__ import annotations

__all__ = ["LocalError"]


class LocalError(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do about it."""
