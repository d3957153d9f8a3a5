"""Work in the background that leaves room for those who wait for an answer."""

from __future__ import annotations

import time

__all__ = ["Pace"]


class Pace:
    """Rests after each piece of work for a share of the time that it took; the first few come without rest."""

    def __init__(self, share: float, at_once: int) -> None:
        self._share, self._at_once = share, at_once
        self._since = time.monotonic()

    def rest(self) -> None:
        """Called after each piece of work."""
        self._at_once -= 1
        if self._at_once < 0:
            time.sleep(self._share * (time.monotonic() - self._since))
        self._since = time.monotonic()
