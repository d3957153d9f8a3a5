"""A filled-in spreadsheet -> packages; a bad cell costs that cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.citizendata.core.lexical import is_language_tag
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.exchange.cells import value_from_cell
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.exchange.filling import spreadsheet_from_packages
from ckanext.citizendata.exchange.layout import BY_LANGUAGE, DATASET, NAME, Column, Sheet, layout
from ckanext.citizendata.exchange.lists import Choices, choices_of
from ckanext.citizendata.exchange.start_page import TITLE
from ckanext.citizendata.exchange.template import KEY_ROW, LISTS
from ckanext.citizendata.exchange.workbook import Found, Page, pages_of

__all__ = ["PlacedPackage", "packages_from_spreadsheet", "spreadsheet_from_packages"]

# How far down the grey row may have slid.
LAST_KEY_ROW = KEY_ROW + 16
ADVICE = "Start from a new template, and leave its grey row as it is."


@dataclass(frozen=True, slots=True)
class PlacedPackage:
    """A package and where its values were written: `contact[0].email` -> sheet “Contact”, cell B5."""

    package: dict[str, Any]
    places: dict[str, str] = field(default_factory=dict)

    def place(self, path: str) -> str:
        """Where the value at a path is, or what it is part of; "" where nothing was written."""
        while path and path not in self.places:
            path = path[: max(path.rfind("."), path.rfind("["), path.rfind(":"), 0)]
        return self.places.get(path, "")


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet of the layout as it was found: its columns by letter, and the people's rows."""

    sheet: Sheet
    title: str
    columns: Mapping[str, Column]
    rows: Mapping[int, tuple[Found, ...]]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that somebody filled in."""

    table: _Table
    number: int
    cells: tuple[Found, ...]

    @property
    def answers(self) -> Iterator[tuple[Found, Column]]:
        """The cells of known columns, without the one that names the dataset."""
        for cell in self.cells:
            column = self.table.columns.get(cell.letter)
            if column and column.field:
                yield cell, column

    @property
    def dataset(self) -> str:
        """The short name of its dataset; "" where it says none."""
        naming = {letter for letter, column in self.table.columns.items() if column.field is None}
        found = (cell.value for cell in self.cells if cell.letter in naming and cell.value is not None)
        return str(next(found, "")).strip()


def packages_from_spreadsheet(model: Model, content: bytes) -> tuple[tuple[PlacedPackage, ...], tuple[Problem, ...]]:
    """One package for each row of the datasets' sheet, with its rows of the others, and what couldn't be used.

    Text that is no entry of its list, no date or no number is in the package as it was typed, for the checks to name.
    Raises `Unusable` for a file that is no workbook, and for one without the datasets' sheet.
    """
    reader = _Reader(model)
    for page in pages_of(content):
        reader.take(page)
    if not reader.has_datasets:
        raise Unusable(f"This spreadsheet has no sheet with datasets that follows the template. {ADVICE}")
    reader.add_rows()
    return tuple(reader.found), tuple(reader.problems)


class _Reader:
    """What was read so far."""

    def __init__(self, model: Model) -> None:
        self.found: list[PlacedPackage] = []
        self.problems: list[Problem] = []
        self.has_datasets = False
        self._sheets = layout(model)
        self._choices: Mapping[str, Choices] = choices_of(model.vocabularies)
        self._by_name: dict[str, PlacedPackage] = {}
        self._tables: list[_Table] = []

    def take(self, page: Page) -> None:
        """Reads a sheet of datasets at once, and keeps another until all datasets are known."""
        head = next((number for number, cells in page.rows.items() if _is_head(number, cells)), None)
        if head is None:
            self._report_without_head(page)
            return
        table = self._table(page, head)
        if table is None:
            return
        if table.sheet.rows_of:
            self._tables.append(table)
        else:
            self.has_datasets = True
            for number, cells in table.rows.items():
                self._add_dataset(_Row(table, number, cells))

    def add_rows(self) -> None:
        """Gives the rows of the other sheets to their datasets."""
        for table in self._tables:
            for number, cells in table.rows.items():
                self._add_row(_Row(table, number, cells))

    def _report_without_head(self, page: Page) -> None:
        if page.rows and page.title not in (TITLE, LISTS):
            message = f"The sheet “{page.title}” was not read: it has no row with the names of the template's columns."
            self.problems.append(Problem(f"sheet “{page.title}”", "unknown_sheet", message, "warning", ADVICE))

    def _table(self, page: Page, head: int) -> _Table | None:
        keys = {cell.letter: str(cell.value).strip() for cell in page.rows[head]}
        sheet = self._sheet(keys.values())
        if sheet is None:
            message = f"The sheet “{page.title}” was not read: its columns aren't those of any sheet of the template."
            self.problems.append(Problem(f"sheet “{page.title}”", "unknown_sheet", message, "error", ADVICE))
            return None
        columns = self._columns(page.title, keys, sheet)
        rows = {number: cells for number, cells in page.rows.items() if number > head}
        self._report_without_key(page.title, {cell.letter for cells in rows.values() for cell in cells} - {*keys})
        return _Table(sheet, page.title, columns, rows)

    def _report_without_key(self, title: str, letters: Iterable[str]) -> None:
        for letter in sorted(letters, key=lambda each: (len(each), each)):
            message = f"Column {letter} of the sheet “{title}” was not read: its cell in the grey row is empty."
            place = f"sheet “{title}”, column {letter}"
            self.problems.append(Problem(place, "unknown_column", message, "warning"))

    def _sheet(self, keys: Iterable[str]) -> Sheet | None:
        """The sheet that most of the columns belong to."""
        bases = {key.partition(":")[0] for key in keys} - {DATASET}
        scores = [(sum(_base(column) in bases for column in sheet.columns), sheet) for sheet in self._sheets]
        best, sheet = max(scores, key=lambda score: score[0])
        return sheet if best else None

    def _columns(self, title: str, keys: Mapping[str, str], sheet: Sheet) -> Mapping[str, Column]:
        columns: dict[str, Column] = {}
        for letter, key in keys.items():
            column = _column(sheet, key)
            if column is None or column.key in [known.key for known in columns.values()]:
                which = "is no column of the template" if column is None else "is there twice"
                message = f"Column {letter} of the sheet “{title}” was not read: “{key}” {which}."
                self.problems.append(Problem(f"sheet “{title}”, column {letter}", "unknown_column", message, "error"))
            else:
                columns[letter] = column
        return columns

    def _add_dataset(self, row: _Row) -> None:
        placed = PlacedPackage({})
        self._fill(placed, "", placed.package, row)
        if not placed.package:
            return
        self.found.append(placed)
        name = placed.package.get(NAME)
        if name in self._by_name:
            message = f"The short name “{name}” is also that of another dataset, at {self._by_name[name].place(NAME)}."
            advice = "Give each dataset a short name of its own."
            self.problems.append(Problem(placed.place(NAME), "duplicate_name", message, "error", advice))
        elif name is not None:
            self._by_name[name] = placed

    def _add_row(self, row: _Row) -> None:
        owner = self._owner(row.dataset)
        if owner is None:
            self._report_orphan(row)
            return
        key = row.table.sheet.rows_of
        rows = owner.package.get(key, [])
        item: dict[str, Any] = {}
        self._fill(owner, f"{key}[{len(rows)}]", item, row)
        if item:
            owner.package[key] = [*rows, item]

    def _owner(self, name: str) -> PlacedPackage | None:
        """The dataset of that short name; where there is only one, a row needn't name it."""
        if not name and len(self.found) == 1:
            return self.found[0]
        return self._by_name.get(name)

    def _report_orphan(self, row: _Row) -> None:
        named = f"names the dataset “{row.dataset}”, which isn't in the sheet of the datasets"
        what = named if row.dataset else "names no dataset"
        message = f"Row {row.number} of the sheet “{row.table.title}” was not read: it {what}."
        advice = "Write the short name of its dataset into the first column."
        place = f"sheet “{row.table.title}”, row {row.number}"
        self.problems.append(Problem(place, "orphan_row", message, "error", advice))

    def _fill(self, placed: PlacedPackage, prefix: str, target: dict[str, Any], row: _Row) -> None:
        """Puts the values of a row into `target`, which is at `prefix` of the package."""
        for cell, column in row.answers:
            place = f"sheet “{row.table.title}”, cell {cell.letter}{row.number}"
            value = self._value(cell, column, place)
            if value is None or value == []:
                continue
            name = column.key.partition(":")[0].rpartition(".")[2]
            path = f"{prefix}.{name}" if prefix else name
            if column.language:
                target.setdefault(name, {})[column.language] = value
                placed.places[f"{path}.{column.language}"] = place
            else:
                target[name] = value
            placed.places.setdefault(path, place)
            placed.places.setdefault(prefix, place)

    def _value(self, cell: Found, column: Column, place: str) -> Any:
        if column.field is None:
            return None
        if cell.fault:
            label = column.field.label.get("en", column.field.name)
            self.problems.append(Problem(place, "unreadable_cell", f"{label}: the cell {cell.fault}.", "error"))
            return None
        return value_from_cell(column.field, cell.value, cell.number_format, self._choices)


def _is_head(number: int, cells: Sequence[Found]) -> bool:
    return number <= LAST_KEY_ROW and str(cells[0].value).strip() in (NAME, DATASET)


def _base(column: Column) -> str:
    return column.key.partition(":")[0]


def _column(sheet: Sheet, key: str) -> Column | None:
    """The column of a key; a text may be in a language that the template has no column for."""
    exact = next((column for column in sheet.columns if column.key == key), None)
    name, _, tag = key.partition(":")
    similar = next((column for column in sheet.columns if _base(column) == name and column.language), None)
    if exact or similar is None or not similar.field or similar.field.kind not in BY_LANGUAGE:
        return exact
    return Column(key, similar.field, tag) if is_language_tag(tag) else None
