"""An XLSX file of a stranger as plain cells: opened within limits, formulas by their last result."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from ckanext.citizendata.exchange.errors import Unusable

__all__ = ["Found", "Page", "is_workbook", "pages_of"]

# Of the parts together when unpacked: some ten thousand datasets.
MAX_UNPACKED = 100 * 1024 * 1024
# Merged cells are made one by one, even where a range covers a whole sheet of seventeen billion.
MAX_MERGED = 100_000
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*[\"']([^\"']{1,40})")
SHEETS = "xl/worksheets/"
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
# All that openpyxl was seen to raise on broken files; it promises nothing.
FAILS = (
    InvalidFileException,
    zipfile.BadZipFile,
    ParseError,
    SyntaxError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    NotImplementedError,
)
BROKEN = "This is no spreadsheet that can be read; save it again as an Excel workbook (.xlsx)"


@dataclass(frozen=True, slots=True)
class Found:
    """One cell that says something: `fault` names what kept its value from being read."""

    letter: str
    value: Any
    number_format: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its rows by number, each with its cells from left to right; empty ones are left out."""

    title: str
    rows: Mapping[int, tuple[Found, ...]]


def is_workbook(content: bytes) -> bool:
    """Whether it is an XLSX file by what it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    # NotImplementedError is what zipfile says of archives in parts or of a later version.
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False


def pages_of(content: bytes) -> tuple[Page, ...]:
    """The sheets in their order, without rows that are a note across merged cells.

    Raises `Unusable` for what is no workbook or would unpack too far.
    """
    _refuse_traps(content)
    written = _opened(content, results=False)
    results = _opened(content, results=True) if _has_formula(written) else written
    return tuple(Page(sheet.title, dict(_rows(sheet, results[sheet.title]))) for sheet in _sheets(written))


def _refuse_traps(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise Unusable(f"This spreadsheet unpacks to more than {MAX_UNPACKED // 1024**2} megabytes; divide it")
            names = [entry.filename for entry in entries if entry.filename.endswith((".xml", ".rels"))]
            trap = next((name for name in names if b"<!DOCTYPE" in archive.open(name).read(2048)), None)
            merged = sum(_merged(archive.read(name)) for name in names if name.startswith(SHEETS))
    except FAILS as error:
        raise Unusable(BROKEN) from error
    if trap:
        raise Unusable(f"The part {trap} of this spreadsheet has a DOCTYPE, which no spreadsheet program writes")
    if merged > MAX_MERGED:
        raise Unusable(f"This spreadsheet merges {merged} cells; undo that, since only notes may be merged")


def _merged(sheet: bytes) -> int:
    """How many cells of a sheet are merged."""
    return sum(_area(found.decode("ascii", "replace")) for found in MERGED.findall(sheet))


def _area(reference: str) -> int:
    """The cells of A1:C3; of whole columns or rows, all that a sheet has."""
    left, top, right, bottom = range_boundaries(reference)
    return ((right or LAST_COLUMN) - (left or 1) + 1) * ((bottom or LAST_ROW) - (top or 1) + 1)


def _opened(content: bytes, results: bool) -> Workbook:
    try:
        return load_workbook(io.BytesIO(content), data_only=results)
    except FAILS as error:
        raise Unusable(BROKEN) from error


def _sheets(book: Workbook) -> list[Worksheet]:
    return [sheet for sheet in book.worksheets if isinstance(sheet, Worksheet)]


def _has_formula(book: Workbook) -> bool:
    return any(cell.data_type == "f" for sheet in _sheets(book) for cell in _cells(sheet))


def _cells(sheet: Worksheet) -> list[Any]:
    """The cells that are there, row by row; `iter_rows` would visit all up to a stray one in the last corner."""
    return [sheet._cells[place] for place in sorted(sheet._cells)]


def _rows(sheet: Worksheet, results: Any) -> Iterator[tuple[int, tuple[Found, ...]]]:
    notes = {area.min_row for area in sheet.merged_cells.ranges if area.max_col > area.min_col}
    for number, cells in groupby(_cells(sheet), key=lambda cell: cell.row):
        found = tuple(_found(cell, results) for cell in cells if _says_something(cell.value))
        if found and number not in notes:
            yield number, found


def _says_something(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _found(cell: Any, results: Any) -> Found:
    letter = get_column_letter(cell.column)
    if cell.data_type == "e":
        return Found(letter, None, "", f"holds the error {cell.value}")
    if cell.data_type != "f":
        return Found(letter, cell.value, cell.number_format)
    result = results[cell.coordinate]
    if result.value is None or result.data_type == "e":
        return Found(letter, None, "", "holds a formula without a result; write the result itself")
    return Found(letter, result.value, cell.number_format)
