"""Many things a few at a time."""

from __future__ import annotations

from ckanext.citizendata.core.batches import batches, one_ahead


class TestBatches:
    def test_are_in_order_and_the_last_may_be_shorter(self) -> None:
        """Nothing is left out, nothing comes twice."""
        assert [*batches("abcde", 2)] == [["a", "b"], ["c", "d"], ["e"]]
        assert [*batches("abcd", 2)] == [["a", "b"], ["c", "d"]]

    def test_of_nothing_are_none(self) -> None:
        """Not even an empty one."""
        assert [*batches((), 3)] == []

    def test_take_no_more_than_they_give(self) -> None:
        """So that what comes later may depend on what was done before."""
        things = iter(range(10))
        next(batches(things, 3))
        assert next(things) == 3


class TestOneAhead:
    def test_the_next_is_made_when_one_is_handed_over(self) -> None:
        made: list[int] = []
        things = one_ahead(made.append(each) or each for each in range(3))
        assert next(things) == 0
        assert made == [0, 1]
        assert [*things] == [1, 2]

    def test_few(self) -> None:
        assert [*one_ahead(())] == []
        assert [*one_ahead("a")] == ["a"]
