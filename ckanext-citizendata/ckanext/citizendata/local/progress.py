"""What a person sees while something works: one line that changes on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["Progress"]


class Progress:
    """Tells steps as they begin, with the seconds since the start."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self.stream = stream
        self.terminal = stream.isatty()
        self.started = time.monotonic()
        self.last = ""

    def step(self, text: str) -> None:
        """A step begins: on a terminal it takes the line of the one before."""
        if text != self.last:
            self.last = text
            self._write(f"\r\033[K{self._clock()} {text} …" if self.terminal else f"{self._clock()} {text}\n")

    def count(self, text: str, done: int, total: int) -> None:
        """So much of a step is done; told at every fifth part where there is no terminal."""
        if self.terminal:
            self._write(f"\r\033[K{self._clock()} {text}: {done} of {total}")
        elif done == total or done % max(1, total // 5) == 0:
            self._write(f"{self._clock()} {text}: {done} of {total}\n")

    def done(self, text: str) -> None:
        """A line that stays."""
        self._write(f"\r\033[K{self._clock()} {text}\n" if self.terminal else f"{self._clock()} {text}\n")

    def clear(self) -> None:
        """Take the changing line away, before something else is printed."""
        if self.terminal:
            self._write("\r\033[K")

    def _clock(self) -> str:
        return f"[{time.monotonic() - self.started:5.1f} s]"

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
