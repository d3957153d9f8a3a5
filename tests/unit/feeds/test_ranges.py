"""Which records stand on which page."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ckanext.citizendata.core.manifest import ManifestPage
from ckanext.citizendata.feeds import ranges
from ckanext.citizendata.feeds.ranges import Range, cut, holds_any, touched, without_empty
from ckanext.citizendata.feeds.snapshot_page import RecordText


def places(number: int) -> list[tuple[str, RecordText]]:
    """Records with ids in order: id-0000 and so on, each a line of ten bytes."""
    return [(f"id-{each:04}", RecordText(f"r{each}", b"%08d.\n" % each)) for each in range(number)]


def pages(number: int) -> list[ManifestPage]:
    return [*cut("", places(number), number, lambda content: content.decode())]


def counts(found: Sequence[ManifestPage]) -> list[int]:
    return [page.datasets for page in found]


class TestCut:
    @pytest.mark.parametrize(
        ("number", "on_each"),
        [(1, [1]), (128, [128]), (129, [65, 64]), (250, [125, 125]), (260, [87, 87, 86]), (1000, [100] * 10)],
    )
    def test_size(self, number: int, on_each: list[int]) -> None:
        """Up to 128 records stand on one page; more of them are cut into pages of about 100."""
        assert counts(pages(number)) == on_each

    def test_starts(self) -> None:
        """A page starts with its first record, the first page where its range does."""
        assert [page.start for page in pages(300)] == ["", "id-0100", "id-0200"]

    def test_content(self) -> None:
        """Each page is the text of its records, one after the other, and counts what they are."""
        gone = RecordText("r1", b"gone.\n", is_grave=True)
        found = [("b", places(1)[0][1]), ("c", None), ("d", gone)]
        page, *others = cut("a", found, 3, lambda content: content.decode())
        assert others == []
        assert page == ManifestPage("a", "00000000.\ngone.\n", 16, 1, 1)

    def test_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A page of large records ends early."""
        monkeypatch.setattr(ranges, "MOST_BYTES", 25)
        assert counts(pages(7)) == [3, 3, 1]

    def test_nothing(self) -> None:
        """What says nothing is never kept as a page."""
        kept: list[bytes] = []
        page, *_ = cut("", [("a", None)], 1, lambda content: kept.append(content) or "hash")
        assert (page.size, kept) == (0, [])


class TestWithoutEmpty:
    def test_merges(self) -> None:
        """The range of an empty page belongs to the page before it, that of the first to the next."""
        empty, full = ManifestPage("", "", 0, 0), [ManifestPage(start, "h", 5, 1) for start in "bd"]
        found = without_empty([empty, full[0], ManifestPage("c", "", 0, 0), full[1]])
        assert [page.start for page in found] == ["", "d"]

    def test_nothing(self) -> None:
        """An empty catalogue has no page."""
        assert without_empty([ManifestPage("", "", 0, 0)]) == ()


class TestTouched:
    def test_numbers(self) -> None:
        """An id is in the last range that starts at it or before it."""
        assert touched(["", "b", "d"], ["a", "b", "bz"]) == {0, 1}
        assert touched(["", "b", "d"], ["zz"]) == {2}
        assert touched(["", "b"], []) == set()

    def test_bytes(self) -> None:
        """Ids are compared as their bytes are: capitals before small letters, and é behind z."""
        assert touched(["", "a", "é"], ["Z"]) == {0}
        assert touched(["", "a", "é"], ["z", "\U0001f600"]) == {1, 2}

    @pytest.mark.parametrize(
        ("here", "expected"),
        [(Range("", "b"), False), (Range("b", "d"), True), (Range("c", "d"), True), (Range("d", None), False)],
    )
    def test_holds(self, here: Range, expected: bool) -> None:
        """A range has its start, and hasn't its end."""
        assert holds_any(here, ["b", "c"]) is expected
