"""The memory of a process and its children: what is theirs alone, and their part of what they share with others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

__all__ = ["Peak", "pss", "watched"]

SECONDS = 0.2


@dataclass
class Peak:
    """The most megabytes that were seen at once, and of how many processes."""

    megabytes: float = 0
    processes: int = 0

    def see(self, kilobytes: list[int]) -> None:
        """One look at all processes."""
        if sum(kilobytes) / 1024 > self.megabytes:
            self.megabytes, self.processes = sum(kilobytes) / 1024, len(kilobytes)


@contextmanager
def watched(pid: int) -> Iterator[Peak]:
    """The peak of a process with its children, looked at five times a second until the end of the block."""
    peak, ending = Peak(), threading.Event()

    def look() -> None:
        while not ending.wait(SECONDS):
            peak.see(pss(pid))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        ending.set()
        thread.join()


def pss(pid: int) -> list[int]:
    """The proportional set sizes in kilobytes of a process and all below it that live just now."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
    sizes = (_pss_of(Path(f"/proc/{each.pid}/smaps_rollup")) for each in family)
    return [size for size in sizes if size is not None]


def _pss_of(file: Path) -> int | None:
    """None for a process that has just ended."""
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), None)
