"""The next page is read while the one before is used."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ckanext.citizendata.federation.ahead import ahead


def numbers(made: list[int], end: int) -> Iterator[int]:
    for number in range(end):
        made.append(number)
        yield number


class TestAhead:
    def test_gives_the_same_in_order(self) -> None:
        """Also nothing at all."""
        with ahead(iter("abc")) as found:
            assert [*found] == ["a", "b", "c"]
        with ahead(iter("")) as found:
            assert [*found] == []

    def test_makes_one_while_another_is_used(self) -> None:
        """One, and no more: memory is that of two."""
        ready = threading.Event()

        def slow() -> Iterator[int]:
            yield 1
            ready.set()
            yield 2
            pytest.fail("nobody asked for a third yet")

        with ahead(slow()) as found:
            assert next(found) == 1
            assert ready.wait(10)

    def test_raises_where_it_would_have_come(self) -> None:
        """What came before is there."""

        def broken() -> Iterator[int]:
            yield 1
            raise LookupError("two")

        with ahead(broken()) as found:
            assert next(found) == 1
            with pytest.raises(LookupError, match="two"):
                next(found)

    def test_ends_with_whoever_leaves_early(self) -> None:
        """No more is made afterwards, and no thread stays."""
        made: list[int] = []
        before = threading.active_count()
        with ahead(numbers(made, 1000)) as found:
            next(found)
        assert made in ([0], [0, 1])
        assert threading.active_count() == before
