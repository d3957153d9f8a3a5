"""A catalogue cut into pages: each has the records of a range of ids, so that one edit renders one page anew."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ckanext.citizendata.core.manifest import ManifestPage
from ckanext.citizendata.feeds.snapshot_page import RecordText

__all__ = ["WHOLE", "Range", "cut", "holds_any", "touched", "without_empty"]

# A page with more places than this is cut into pages of about so many.
MOST_PLACES, ABOUT = 128, 100
# A page of very large records ends early, so that nobody needs much memory to make or to read it.
MOST_BYTES = 8 * 1024 * 1024

# Keeps a page; its hash.
Put = Callable[[bytes], str]
# A place by the id of its package, and what is said there, if anything.
Place = tuple[str, RecordText | None]


@dataclass(frozen=True, slots=True)
class Range:
    """The ids from `start` up to, but without, `stop`; all that follow where that is None. Compared as UTF-8 is."""

    start: str
    stop: str | None


WHOLE = Range("", None)


def cut(start: str, places: Iterable[Place], count: int, put: Put) -> Iterator[ManifestPage]:
    """The pages of a range that begins at `start`, made one after the other; `places` are in order, `count` of them."""
    most = _places_a_page(count)
    sheet = _Sheet(start)
    for package_id, text in places:
        if sheet.places >= most or sheet.size >= MOST_BYTES:
            yield sheet.page(put)
            sheet = _Sheet(package_id)
        sheet.add(text)
    yield sheet.page(put)


def without_empty(pages: Iterable[ManifestPage]) -> tuple[ManifestPage, ...]:
    """The pages that say something; the range of an empty one belongs to the page before it, that of the first to the
    next."""
    kept = [page for page in pages if page.size]
    return (replace(kept[0], start=""), *kept[1:]) if kept else ()


def touched(starts: Sequence[str], ids: Iterable[str]) -> set[int]:
    """The numbers of those of the ranges, which begin with these ids in their order, that hold one of the ids."""
    return {bisect_right(starts, each) - 1 for each in ids}


def holds_any(here: Range, ids: Sequence[str]) -> bool:
    """Whether one of the ids, which are in order, is in the range."""
    place = bisect_left(ids, here.start)
    return place < len(ids) and (here.stop is None or ids[place] < here.stop)


def _places_a_page(count: int) -> int:
    if count <= MOST_PLACES:
        return MOST_PLACES
    return -(-count // max(2, round(count / ABOUT)))


@dataclass(slots=True)
class _Sheet:
    """One page while it is filled."""

    start: str
    places: int = 0
    size: int = 0
    texts: list[RecordText] = field(default_factory=list)

    def add(self, text: RecordText | None) -> None:
        self.places += 1
        if text is not None:
            self.texts.append(text)
            self.size += len(text.text)

    def page(self, put: Put) -> ManifestPage:
        graves = sum(each.is_grave for each in self.texts)
        name = put(b"".join(each.text for each in self.texts)) if self.texts else ""
        return ManifestPage(self.start, name, self.size, len(self.texts) - graves, graves)
