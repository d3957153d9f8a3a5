"""Many things a few at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

__all__ = ["batches"]

Each = TypeVar("Each")


def batches(things: Iterable[Each], size: int) -> Iterator[list[Each]]:
    """The things in their order, so many at a time; the last batch may be shorter, and none is empty.

    batches("abcde", 2) -> ["a", "b"], ["c", "d"], ["e"]
    """
    left = iter(things)
    while batch := list(islice(left, size)):
        yield batch
