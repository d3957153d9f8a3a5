"""The numbers of `/coverage` for programs and spreadsheets: CSV and JSON, in one language."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.core.conformance.wording import N_
from ckanext.citizendata.core.coverage import (
    ALL,
    AXES,
    COUNTRY,
    GOAL,
    GROUP,
    NOT_SAID,
    Cell,
    Coverage,
    Tally,
    groups_in_order,
    offered,
)
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["COLUMNS", "STATEMENT", "Table"]

BYTE_ORDER_MARK = "\ufeff"
COLUMNS = (
    "country_code", "country", "population_group_code", "population_group", "sdg_goal_code", "sdg_goal",
    "records", "by_sex", "by_gender", "known",
)  # fmt: skip
# In the order of the columns.
ORDER = (COUNTRY, GROUP, GOAL)
TOTALS = {COUNTRY: N_("All countries"), GROUP: N_("All records"), GOAL: N_("All Goals")}
LEFT_OPEN = N_("Not said")
KNOWN, NONE_KNOWN = N_("known"), N_("none known")
# What no number says. The page shows the same sentences.
STATEMENT = (
    N_(
        "Counted is only what everyone may read. Drafts, records for fewer readers and withdrawn records aren't"
        " counted, whoever looks."
    ),
    N_(
        "A small number, or none known, says nothing about how many people there are or what they need. Perhaps nobody"
        " asked them, or nobody described the data here, or they keep the data to themselves, as is their right."
    ),
    N_(
        "A record that is about several groups, Goals or countries counts in each of them, and once in each total:"
        " numbers don't add up. A group counts with all groups that belong to it."
    ),
    N_("The same data may be described here twice."),
)


@dataclass(frozen=True)
class Table:
    """What was counted, of all countries or of one, in the words of a language."""

    coverage: Coverage
    lists: Mapping[str, Vocabulary]
    wording: Wording
    country: str = ALL

    def csv(self) -> str:
        """A line for each cell with records; with none known, for each of the whole, or for a country without any."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for group, goal, country in self._cells():
            codes = {COUNTRY: country, GROUP: group, GOAL: goal}
            tally = self.coverage.of(group, goal, country)
            words = (each for axis in ORDER for each in (codes[axis], self.label(axis, codes[axis])))
            known = self.wording.translate(KNOWN if tally.records else NONE_KNOWN)
            writer.writerow([*words, *tally, known])
        return BYTE_ORDER_MARK + text.getvalue()

    def json(self) -> str:
        """The same as one object: the lists, the countries with how much is known, and the cells with records."""
        return json.dumps(self.object(), ensure_ascii=False, separators=(",", ":"))

    def object(self) -> dict[str, Any]:
        """What `json` says."""
        return {
            "language": self.wording.language,
            "country": None if self.country == ALL else self.country,
            "statement": [self.wording.translate(sentence) for sentence in STATEMENT],
            "totals": {"code": ALL, "not_said": NOT_SAID},
            **self._tally(self.coverage.of(country=self.country)),
            "population_groups": [self._concept(GROUP, code) for code in self._groups()],
            "sdg_goals": [self._concept(GOAL, code) for code in offered(self.lists[GOAL])],
            "countries": [
                {**self._concept(COUNTRY, code), "records": self.coverage.of(country=code).records}
                for code in self._countries()
            ],
            "cells": [self._cell(cell) for cell in self._cells() if self.coverage.of(*cell).records],
        }

    def label(self, axis: str, code: str) -> str:
        """What people call a code, a total, or what isn't said."""
        return self._names[axis][code]

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, str]]:
        """All labels by axis and code."""
        language, say = self.wording.language, self.wording.translate
        return {
            axis: {code: self.lists[axis].label(code, language) for code in self.lists[axis].codes}
            | {ALL: say(TOTALS[axis]), NOT_SAID: say(LEFT_OPEN)}
            for axis in AXES
        }

    def _cells(self) -> Iterator[Cell]:
        """The whole with all its cells, then each country with those that have records, or with its total alone."""
        whole = [(group, goal) for group in self._all(GROUP, self._groups()) for goal in self._all(GOAL)]
        yield from ((group, goal, self.country) for group, goal in whole)
        for country in (*self._countries(), NOT_SAID) if self.country == ALL else ():
            for group, goal in whole if self.coverage.of(country=country).records else [(ALL, ALL)]:
                if (group, goal) == (ALL, ALL) or self.coverage.of(group, goal, country).records:
                    yield (group, goal, country)

    def _all(self, axis: str, codes: Sequence[str] = ()) -> Sequence[str]:
        return (ALL, *(codes or offered(self.lists[axis])), NOT_SAID)

    def _groups(self) -> Sequence[str]:
        """The groups as the page has them, and behind them what is about nobody."""
        shown = [group for group, _ in groups_in_order(self.lists[GROUP])]
        return (*shown, *(code for code in offered(self.lists[GROUP]) if code not in shown))

    def _countries(self) -> Sequence[str]:
        return offered(self.lists[COUNTRY]) if self.country == ALL else (self.country,)

    def _concept(self, axis: str, code: str) -> dict[str, Any]:
        return {"code": code, "label": self.label(axis, code), "broader": list(self.lists[axis].ancestors(code))}

    def _cell(self, cell: Cell) -> dict[str, Any]:
        return {**dict(zip(AXES, cell, strict=True)), **self._tally(self.coverage.of(*cell))}

    def _tally(self, tally: Tally) -> dict[str, int]:
        return tally._asdict()
