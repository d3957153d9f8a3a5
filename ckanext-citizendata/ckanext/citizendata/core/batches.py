"""Many things a few at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

__all__ = ["batches", "one_ahead"]

Each = TypeVar("Each")


def batches(things: Iterable[Each], size: int) -> Iterator[list[Each]]:
    """The things in their order, so many at a time; the last batch may be shorter, and none is empty.

    batches("abcde", 2) -> ["a", "b"], ["c", "d"], ["e"]
    """
    left = iter(things)
    while batch := list(islice(left, size)):
        yield batch


def one_ahead(things: Iterable[Each]) -> Iterator[Each]:
    """The things in their order; when one is handed over, the next has been made."""
    left = iter(things)
    coming = list(islice(left, 1))
    for each in left:
        yield coming.pop()
        coming.append(each)
    yield from coming
