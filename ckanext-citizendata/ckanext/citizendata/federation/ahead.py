"""The next thing is being made while the one before is used."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

__all__ = ["ahead"]

Each = TypeVar("Each")


@contextmanager
def ahead(things: Iterator[Each]) -> Iterator[Iterator[Each]]:
    """The same things, the next of them made by a thread; whoever leaves early waits for the one that is being made.

    What making one raises is raised where it would have come.
    """
    with ThreadPoolExecutor(1) as pool:
        yield _made(things, pool)


def _made(things: Iterator[Each], pool: ThreadPoolExecutor) -> Iterator[Each]:
    end = object()
    coming = pool.submit(next, things, end)
    while (thing := coming.result()) is not end:
        coming = pool.submit(next, things, end)
        yield thing  # type: ignore[misc]
