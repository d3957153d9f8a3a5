"""Cells of Excel and values."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.exchange.cells import CELL_LENGTH, cell_from_value, value_from_cell


def field(kind: str) -> Field:
    return Field("field", {}, {}, kind, many=kind in ("urls", "lines"))


class TestValueFromCell:
    @pytest.mark.parametrize(
        ("cell", "shown_as", "value"),
        [
            (datetime(2023, 4, 15), "yyyy-mm-dd", "2023-04-15"),
            (date(2023, 4, 15), "[$-409]d\\.m\\.yy", "2023-04-15"),
            (datetime(2023, 4, 1), "mmm-yy", "2023-04"),
            (datetime(2023, 1, 1), "yyyy", "2023"),
            (datetime(2023, 4, 15, 12, 30), "General", "2023-04-15"),
            (2023, "General", "2023"),
            (2023.0, "General", "2023"),
            (" 2023-04 ", "@", "2023-04"),
            ("last year", "@", "last year"),
        ],
    )
    def test_of_a_date_is_as_exact_as_it_is_shown(self, cell: Any, shown_as: str, value: str) -> None:
        """A month that Excel keeps as its first day is a month; what is no date stays as it was typed."""
        assert value_from_cell(field("date"), cell, shown_as, {}) == value

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            (5, 5),
            (5.0, 5),
            (92.5, 92.5),
            ("1 200", 1200),
            ("12,5", "12,5"),
            ("many", "many"),
            ("NaN", "NaN"),
            (" ", None),
        ],
    )
    def test_of_a_number(self, cell: Any, value: Any) -> None:
        """Blanks between groups are ignored; what is no number stays as it was typed."""
        assert value_from_cell(field("decimal"), cell, "General", {}) == value

    @pytest.mark.parametrize(("cell", "value"), [(True, "true"), (time(12, 30), "12:30:00"), (None, None), (7, "7")])
    def test_of_a_line_is_text_whatever_the_cell_is(self, cell: Any, value: Any) -> None:
        """Times and truths too."""
        assert value_from_cell(field("line"), cell, "General", {}) == value

    def test_of_addresses(self) -> None:
        """One a line, or with semicolons and blanks between them."""
        cell = "https://a.example/x;y; https://b.example\nhttps://c.example"
        addresses = ["https://a.example/x;y", "https://b.example", "https://c.example"]
        assert value_from_cell(field("urls"), cell, "@", {}) == addresses

    def test_of_a_truth_in_a_number_is_text(self) -> None:
        """Which the checks then name."""
        assert value_from_cell(field("integer"), True, "General", {}) == "true"


class TestRoundTrip:
    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            ("text", " two\nlines "),
            ("keywords", ["queue", "tap"]),
            ("keywords", ["a; b"]),
            ("lines", ["a;b", "c"]),
            ("urls", ["https://a.example/x;y", "https://b.example/"]),
            ("integer", 0),
            ("line", "=1+1"),
        ],
    )
    def test_gives_the_value_back(self, kind: str, value: Any) -> None:
        """Separators inside a value part nothing."""
        assert value_from_cell(field(kind), cell_from_value(field(kind), value, {}), "@", {}) == value


class TestCellFromValue:
    @pytest.mark.parametrize("value", ["x" * (CELL_LENGTH + 1), "\x00", " "])
    def test_is_none_for_what_no_cell_can_hold(self, value: str) -> None:
        """Rather than half of it."""
        assert cell_from_value(field("text"), value, {}) is None
