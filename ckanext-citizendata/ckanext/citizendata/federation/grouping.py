"""All that is wrong in a harvest, each kind once with how often and a few examples, whatever its size."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ckanext.citizendata.federation.report import Example, Group, Item

__all__ = ["FEED", "ORDER", "VALUE", "Grouping", "counted", "field_of"]

# What a group is about beside the outcomes of whole records: a value of a record, and the feed as a whole.
VALUE = "value"
FEED = "feed"
TOLD = ("held", "rejected", "removed", "hidden", "missing")
ORDER = (FEED, *TOLD, VALUE)

# Said of each record already.
AGAIN = (FEED, "removals_wait")
EXAMPLES = 3
# A feed may be wrong in ways without number; beyond so many the fields are no longer told apart.
MOST = 200
LENGTH = 400
PLACE = re.compile(r"\[[^\]]*\]")
FIELD = re.compile(r"[a-z][a-z0-9_]*(?:\.[A-Za-z0-9_-]+)*")


@dataclass(slots=True)
class Grouping:
    """Problems put together as they come, in memory that doesn't grow with their number."""

    _counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _examples: dict[tuple[str, str, str], list[Example]] = field(default_factory=dict)

    def add(self, items: Iterable[Item]) -> None:
        """Take up what became of records, and what is said of the feed (without `iri`)."""
        for item in items:
            kind = item.outcome if item.iri or item.outcome in TOLD else FEED
            if kind in ORDER and (kind, item.code) != AGAIN:
                self._put((kind, item.code, ""), Example(item.iri, item.reason[:LENGTH]))
            for problem in item.problems:
                example = Example(item.iri, problem.message[:LENGTH], problem.advice[:LENGTH])
                self._put((VALUE, problem.code, field_of(problem.path)), example)

    def groups(self) -> list[Group]:
        """The groups: first the feed, then whole records, then values; the largest first."""
        found = [
            Group(*key, count=count, examples=tuple(self._examples[key])) for key, count in self._counts.most_common()
        ]
        return sorted(found, key=lambda group: ORDER.index(group.kind))

    def _put(self, key: tuple[str, str, str], example: Example) -> None:
        if key not in self._counts and len(self._counts) >= MOST:
            key = (key[0], "", "")
        self._counts[key] += 1
        examples = self._examples.setdefault(key, [])
        if len(examples) < EXAMPLES and example not in examples:
            examples.append(example)


def counted(groups: Iterable[Group]) -> Mapping[str, Mapping[str, int]]:
    """How often there was each code of each kind, without a word about which record: what everybody may know."""
    counts: dict[str, Counter[str]] = {}
    for group in groups:
        counts.setdefault(group.kind, Counter())[group.code] += group.count
    return {kind: dict(codes) for kind, codes in counts.items()}


def field_of(path: str) -> str:
    """The field that a problem names, without its place; "" where the path is none of a field.

    contact[0].email -> contact.email; https://data.example.org/1 -> ""
    """
    name = PLACE.sub("", path)
    return name if FIELD.fullmatch(name) else ""
