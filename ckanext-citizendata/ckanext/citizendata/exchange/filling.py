"""Packages -> a spreadsheet filled in with them, to be changed and read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.exchange.cells import cell_from_value
from ckanext.citizendata.exchange.layout import BY_LANGUAGE, NAME, Column, Sheet, layout
from ckanext.citizendata.exchange.lists import Choices, choices_of
from ckanext.citizendata.exchange.template import FIRST_ROW, packed, workbook_with

__all__ = ["spreadsheet_from_packages"]


def spreadsheet_from_packages(model: Model, packages: Sequence[Mapping[str, Any]]) -> tuple[bytes, tuple[Problem, ...]]:
    """The template with a row for each package, and a problem for each value that no cell can hold.

    Derived fields have no column. Reading the file again gives the other fields as they were.
    """
    sheets = layout(model, _tags(model, packages))
    book = workbook_with(model, sheets)
    writer = _Writer(book, choices_of(model.vocabularies))
    for sheet in sheets:
        writer.write(sheet, packages)
    if len(packages) > 1 and not all(package.get(NAME) for package in packages):
        message = "A dataset without a short name loses its rows of the other sheets, which refer to it by that name."
        writer.problems.append(Problem(NAME, "no_name", message, "warning", "Give it a short name."))
    return packed(book), tuple(writer.problems)


def _tags(model: Model, packages: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[str]]:
    """The languages that the packages use, by the key of the field."""
    texts = [known.name for known in model.schema.fields if known.kind in BY_LANGUAGE]
    values = {
        name: [value for package in packages if isinstance(value := package.get(name), Mapping)] for name in texts
    }
    return {name: sorted({tag for value in found for tag in value}) for name, found in values.items()}


class _Writer:
    """A workbook that is being filled in."""

    def __init__(self, book: Workbook, choices: Mapping[str, Choices]) -> None:
        self.problems: list[Problem] = []
        self._book = book
        self._choices = choices

    def write(self, sheet: Sheet, packages: Sequence[Mapping[str, Any]]) -> None:
        """Fills in one sheet."""
        for row, (name, values) in enumerate(_rows(sheet, packages), FIRST_ROW):
            for number, column in enumerate(sheet.columns, 1):
                self._write_cell(sheet, row, number, self._content(column, name, values))

    def _content(self, column: Column, name: str, values: Mapping[str, Any]) -> str | int | float | None:
        if column.field is None:
            return name
        value = values.get(column.field.name)
        if column.language:
            value = value.get(column.language) if isinstance(value, Mapping) else None
        if value is None or value == "" or value == []:
            return None
        content = cell_from_value(column.field, value, self._choices)
        if content is None:
            label = column.field.label.get("en", column.field.name)
            message = f"{label}: the value of “{name}” doesn't fit into a cell of a spreadsheet and was left out."
            self.problems.append(Problem(column.key, "too_long_for_a_cell", message, "warning"))
        return content

    def _write_cell(self, sheet: Sheet, row: int, number: int, content: str | int | float | None) -> None:
        if content is None:
            return
        page = self._book[sheet.title]
        cell = page.cell(row, number, content)
        if isinstance(content, str):
            # A text that begins with = is no formula, whoever wrote it.
            cell.data_type = "s"
            cell.number_format = "@"


def _rows(sheet: Sheet, packages: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for package in packages:
        name = str(package.get(NAME, ""))
        rows = package.get(sheet.rows_of) if sheet.rows_of else [package]
        for row in rows if isinstance(rows, (list, tuple)) else ():
            if isinstance(row, Mapping):
                yield name, row
