"""Other programs on the machine: how many cores they take meanwhile, which a figure is judged by."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

__all__ = ["Neighbours", "noticed"]


@dataclass
class Neighbours:
    """The cores that all processes took together that this one didn't start, on average."""

    cores: float = 0


@contextmanager
def noticed() -> Iterator[Neighbours]:
    """What others took until the end of the block."""
    found = Neighbours()
    busy, own, began = _busy(), _own(), time.monotonic()
    yield found
    found.cores = max(0, _busy() - busy - (_own() - own)) / max(0.001, time.monotonic() - began)


def _busy() -> float:
    """The seconds that all cores have worked since the machine's start; `guest` is in `user` already."""
    times = psutil.cpu_times()
    return times.user + times.system + sum(getattr(times, name, 0) for name in ("nice", "irq", "softirq"))


def _own() -> float:
    """The seconds that this process and all below it have worked, and those below that have ended."""
    process = psutil.Process()
    return sum(_worked(each) for each in (process, *process.children(recursive=True)))


def _worked(process: psutil.Process) -> float:
    try:
        return sum(process.cpu_times()[:4])
    except psutil.NoSuchProcess:
        return 0
