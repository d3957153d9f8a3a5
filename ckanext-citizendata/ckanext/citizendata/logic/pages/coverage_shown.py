"""The grid of `/coverage` in the reader's words: each cell with its number, its shade and where it leads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.coverage import (
    ALL,
    COUNTRY,
    GOAL,
    GROUP,
    NOT_PEOPLE,
    NOT_SAID,
    Coverage,
    groups_in_order,
    offered,
)
from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.search_fields import PREFIX
from ckanext.citizendata.logic import own_type
from ckanext.citizendata.logic.pages.coverage import counted_now, lists
from ckanext.citizendata.logic.reading import Text, labelled, number_text, reader_language

__all__ = ["Picture", "picture", "shade"]

# From how many records on a cell is darker; none is the lightest.
STEPS = (1, 2, 5, 20)


@dataclass(frozen=True, slots=True)
class Square:
    """One cell: its number, empty where no record is known; how dark it is; where it leads, and what that says."""

    number: str
    shade: int
    address: str
    told: str


@dataclass(frozen=True, slots=True)
class Row:
    """A group of people with its cells, and in how many of its records results can be split."""

    label: Text
    below: bool
    squares: tuple[Square, ...]
    by_sex: str
    by_gender: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country, where its own picture is, and how much is known of it."""

    code: str
    label: Text
    address: str
    number: str = ""
    groups: str = ""
    goals: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the page shows.

    `goals` are the numbers and names of the columns, `legend` says what each shade stands for, and `countries` are all
    of the list; those without a number have no record.
    """

    country: Country | None
    records: int
    number: str
    goals: tuple[tuple[str, Text], ...]
    rows: tuple[Row, ...]
    countries: tuple[Country, ...]
    legend: tuple[str, ...]
    not_said: tuple[str, ...]


def shade(records: int) -> int:
    """How dark a cell is, from 0 for none."""
    return bisect_right(STEPS, records)


def picture(country: str = ALL) -> Picture:
    """The grid of all countries, or of one, for the reader of this request."""
    return _Drawing(counted_now().coverage, country).picture()


class _Drawing:
    """Puts numbers and codes into the reader's words."""

    def __init__(self, counted: Coverage, country: str) -> None:
        self._counted, self._country, self._language = counted, country, reader_language()
        self._lists = lists()
        self._search = tk.url_for(f"{own_type.dataset_type()}.search")
        self._page = tk.url_for("citizendata_coverage.page")
        self._form = tk.url_for("citizendata_quick.new")
        self._found, self._none = tk._("{what}: {number}"), tk._("{what}: none known – be the first")
        self._both, self._all = tk._("{group}, {goal}"), tk._("All records")

    def picture(self) -> Picture:
        """All of the page."""
        records = self._counted.of(country=self._country).records
        known = sorted(self._countries(), key=lambda each: folded(each.label.text))
        return Picture(
            country=None if self._country == ALL else self._plain_country(self._country),
            records=records,
            number=self._number(records),
            goals=tuple((goal, self._label(GOAL, goal)) for goal in self._goals()),
            rows=tuple(self._rows()),
            countries=tuple(known),
            legend=tuple(self._legend()),
            not_said=tuple(self._not_said()),
        )

    def _rows(self) -> Iterator[Row]:
        everyone = Text(self._all, "", "auto", foreign=False)
        yield self._row(everyone, ALL, below=False)
        for group, below in groups_in_order(self._lists[GROUP]):
            yield self._row(self._label(GROUP, group), group, below)

    def _row(self, label: Text, group: str, below: bool) -> Row:
        whole = self._counted.of(group, country=self._country)
        chosen = {} if group == ALL else {GROUP: group}
        squares = [self._square(chosen), *(self._square({**chosen, GOAL: goal}) for goal in self._goals())]
        split = tk._("{number} of {all}")
        by_sex, by_gender = (
            split.format(number=self._number(number), all=self._number(whole.records)) if whole.records else ""
            for number in (whole.by_sex, whole.by_gender)
        )
        return Row(label, below, tuple(squares), by_sex, by_gender)

    def _square(self, chosen: Mapping[str, str]) -> Square:
        """The cell of a group and a Goal, of either, or of neither."""
        records = self._counted.of(chosen.get(GROUP, ALL), chosen.get(GOAL, ALL), self._country).records
        names = [self._name(axis, code) for axis, code in chosen.items()]
        what = self._both.format(group=names[0], goal=names[1]) if len(names) == 2 else "".join(names) or self._all
        answers = dict(chosen) if self._country == ALL else {**chosen, COUNTRY: self._country}
        if not records:
            return Square("", 0, f"{self._form}?{urlencode(answers)}", self._none.format(what=what))
        facets = urlencode({PREFIX + axis: code for axis, code in answers.items()})
        number = self._number(records)
        return Square(number, shade(records), f"{self._search}?{facets}", self._found.format(what=what, number=number))

    def _countries(self) -> Iterator[Country]:
        groups = [group for group, _ in groups_in_order(self._lists[GROUP])]
        for code in offered(self._lists[COUNTRY]):
            records = self._counted.of(country=code).records
            if not records:
                yield self._plain_country(code)
                continue
            known = (
                sum(bool(self._counted.of(group=group, country=code).records) for group in groups),
                sum(bool(self._counted.of(goal=goal, country=code).records) for goal in self._goals()),
            )
            yield Country(code, self._label(COUNTRY, code), self._of(code), *map(self._number, (records, *known)))

    def _plain_country(self, code: str) -> Country:
        return Country(code, self._label(COUNTRY, code), self._of(code))

    def _of(self, country: str) -> str:
        return f"{self._page}?{urlencode({COUNTRY: country})}"

    def _not_said(self) -> Iterator[str]:
        """What these records leave open, a sentence each."""
        country = self._country
        sentences: Sequence[tuple[str, int]] = (
            (
                tk._("Records that say no group of people: {number}."),
                self._counted.of(NOT_SAID, country=country).records,
            ),
            (
                tk._("Records that aren't about people: {number}."),
                self._counted.of(NOT_PEOPLE, country=country).records,
            ),
            (tk._("Records that say no Goal: {number}."), self._counted.of(goal=NOT_SAID, country=country).records),
            (
                tk._("Records that say no country: {number}."),
                self._counted.of(country=NOT_SAID).records if country == ALL else 0,
            ),
        )
        return (sentence.format(number=self._number(number)) for sentence, number in sentences if number)

    def _legend(self) -> Iterator[str]:
        yield tk._("none known")
        for first, last in pairwise(STEPS):
            yield self._number(first) if last == first + 1 else f"{self._number(first)}–{self._number(last - 1)}"
        yield tk._("{number} or more").format(number=self._number(STEPS[-1]))

    def _goals(self) -> Sequence[str]:
        return offered(self._lists[GOAL])

    def _label(self, axis: str, code: str) -> Text:
        text, language = self._lists[axis].label_and_language(code, self._language)
        return labelled(text, language, self._language)

    def _name(self, axis: str, code: str) -> str:
        label = self._lists[axis].label(code, self._language)
        return f"{code} {label}" if axis == GOAL else label

    def _number(self, number: int) -> str:
        return number_text(number, "", self._language)
