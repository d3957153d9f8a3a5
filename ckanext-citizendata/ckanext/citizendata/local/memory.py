"""The memory of this process and all that it started, looked at every second while something else works."""

from __future__ import annotations

import threading
from pathlib import Path

import psutil

__all__ = ["MemoryPeak", "proportional_megabytes"]

PAUSE = 1.0


def proportional_megabytes(processes: list[psutil.Process]) -> float:
    """The memory of the processes in MB; what several of them share counts once (PSS, where the system tells it)."""
    return sum(_bytes(process) for process in processes) / 1e6


class MemoryPeak:
    """While it is entered, the highest memory of this process and its descendants so far."""

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryPeak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._ended.wait(PAUSE):
            self.megabytes = max(self.megabytes, proportional_megabytes([own, *own.children(recursive=True)]))


def _bytes(process: psutil.Process) -> int:
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
    except (OSError, ValueError):
        return _resident(process)


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0
