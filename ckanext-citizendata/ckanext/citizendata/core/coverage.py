"""How many records speak of each group of people, Goal and country.

A record counts once in every cell that it fits and once in each total: totals are no sums. Nothing else of a record is
known here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from operator import add
from typing import NamedTuple

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.search_fields import coded_fields
from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.core.widening import reached, widened

__all__ = [
    "ALL",
    "AXES",
    "COUNTRY",
    "FIRST",
    "GOAL",
    "GROUP",
    "NOT_PEOPLE",
    "NOT_SAID",
    "Alike",
    "Axes",
    "Cell",
    "Coverage",
    "Tally",
    "counted",
    "groups_in_order",
    "offered",
]

# The fields of a record that are counted by.
GROUP, GOAL, COUNTRY = "population_group", "sdg_goal", "country"
AXES = (GROUP, GOAL, COUNTRY)
# The codes that SDMX has for a total and for what isn't specified.
ALL, NOT_SAID = "_T", "_X"
# Choices that leave the question open.
NO_ANSWER = frozenset({"unknown", "none"})
# The choice of the list of groups that is no group.
NOT_PEOPLE = "not_about_people"
# Whom official statistics miss most often, and nobody should have to look for in a long list.
FIRST = ("persons_with_disabilities", "lgbtiq", "indigenous_peoples")

# A group, a Goal and a country.
Cell = tuple[str, str, str]
# The codes of one record by axis.
Codes = tuple[tuple[str, ...], ...]


class Tally(NamedTuple):
    """So many records, and of these so many whose results can be split by sex, and by gender identity."""

    records: int = 0
    by_sex: int = 0
    by_gender: int = 0


@dataclass(frozen=True, slots=True)
class Alike:
    """Records with the same answers to the questions of `Axes.fields`, in their order."""

    answers: Codes
    tally: Tally


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was counted, by cell; one that isn't there has no record."""

    records: Mapping[Cell, int]
    by_sex: Mapping[Cell, int]
    by_gender: Mapping[Cell, int]

    def of(self, group: str = ALL, goal: str = ALL, country: str = ALL) -> Tally:
        """The tally of one cell, or of a total."""
        cell = (group, goal, country)
        return Tally(self.records.get(cell, 0), self.by_sex.get(cell, 0), self.by_gender.get(cell, 0))


class Axes:
    """Finds groups, Goals and countries in the answers of records; what one code gives is found once.

    A group stands for the wider ones too, a target for its Goal: as in the filters of the search.
    """

    def __init__(self, model: Model) -> None:
        names = {field.name: str(field.vocabulary) for field in coded_fields(model.schema)}
        every = {name: model.vocabularies[name] for name in {*names.values()}}
        self._axes = {names[axis]: axis for axis in AXES}
        self._lists = {name: every[name] for name in sorted(_leading(every, self._axes))}
        self._names = {field: name for field, name in names.items() if field in AXES or self._leads(name)}
        self._found: dict[tuple[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        """The questions whose answers say a group, a Goal or a country, be it by way of another list."""
        return tuple(self._names)

    def of(self, answers: Codes) -> Codes:
        """By axis, `ALL` and the codes that the answers give; what isn't said is `NOT_SAID`."""
        found: dict[str, tuple[str, ...]] = {}
        for field, codes in zip(self._names, answers, strict=True):
            for axis, given in self._given(field, codes).items():
                found[axis] = (
                    (*found[axis], *(code for code in given if code not in found[axis])) if axis in found else given
                )
        return tuple((ALL, *found.get(axis, (NOT_SAID,))) for axis in AXES)

    def _leads(self, name: str) -> bool:
        return name in self._lists and name not in self._axes

    def _given(self, field: str, codes: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        """By axis, what one answer gives; found once for equal ones."""
        if (field, codes) not in self._found:
            reaches = [self._reached(field, code) for code in codes]
            wider = {axis: [code for reach in reaches for code in reach.get(axis, ())] for axis in AXES}
            kept = {axis: tuple(dict.fromkeys(each for each in wider[axis] if each not in NO_ANSWER)) for axis in AXES}
            self._found[field, codes] = {axis: each for axis, each in kept.items() if each}
        return self._found[field, codes]

    def _reached(self, field: str, code: str) -> Mapping[str, Sequence[str]]:
        """By axis, what follows from a code: in its own list if that is asked for here, and in others."""
        name = self._names[field]
        if code not in self._lists[name]:
            return {}
        own = {field: widened(self._lists[name], [code])} if field in AXES else {}
        beyond = reached(self._lists, {name: [code]})
        return own | {axis: beyond[other] for other, axis in self._axes.items() if other in beyond and other != name}


def counted(axes: Axes, alike: Iterable[Alike]) -> Coverage:
    """The tallies of all cells and totals in which there are records."""
    merged: dict[Codes, Tally] = {}
    for each in alike:
        codes = axes.of(each.answers)
        known = merged.get(codes)
        merged[codes] = Tally(*map(add, known, each.tally)) if known else each.tally
    return Coverage(*(_summed((codes, tally[place]) for codes, tally in merged.items()) for place in range(3)))


def _summed(numbers: Iterable[tuple[Codes, int]]) -> Mapping[Cell, int]:
    """The sum of each cell; equal numbers together, so that what is left to do is to count cells."""
    alike: dict[int, list[Codes]] = {}
    for codes, number in numbers:
        if number:
            alike.setdefault(number, []).append(codes)
    sums: dict[Cell, int] = {}
    for number, several in alike.items():
        times = Counter(chain.from_iterable(product(*each) for each in several))
        for (group, goal, country), time in times.items():
            sums[group, goal, country] = sums.get((group, goal, country), 0) + number * time
    return sums


def groups_in_order(groups: Vocabulary) -> tuple[tuple[str, bool], ...]:
    """The groups of people to show, `FIRST` before the others, each with whether it belongs to the one above."""
    shown = [code for code in offered(groups) if code != NOT_PEOPLE]
    above = {code: [each for each in groups.ancestors(code) if each in shown] for code in shown}
    tops = [code for code in shown if not above[code]]
    tops.sort(key=lambda code: FIRST.index(code) if code in FIRST else len(FIRST))
    places = {code: next((top for top in tops if top in above[code]), code) for code in shown}
    below = {top: [code for code in shown if places[code] == top and code != top] for top in tops}
    return tuple((code, code != top) for top in tops for code in (top, *below[top]))


def offered(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes of a list that are in use and answer something, in its order."""
    return tuple(each.code for each in vocabulary if each.replaced_by is None and each.code not in NO_ANSWER)


def _leading(lists: Mapping[str, Vocabulary], axes: Collection[str]) -> set[str]:
    """The lists of the axes, and those whose codes have wider ones in these, be it by way of others."""
    found: set[str] = set()
    more = set(axes)
    while more:
        found |= more
        more = {name for name in lists.keys() - found if any(_points(lists[name], lists[each]) for each in found)}
    return found


def _points(vocabulary: Vocabulary, other: Vocabulary) -> bool:
    return any(other.by_iri(iri) for concept in vocabulary for iri in concept.broad_matches)
