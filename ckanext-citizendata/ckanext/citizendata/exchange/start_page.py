"""The first page of the spreadsheet: what this is and how to fill it in, in four languages."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from ckanext.citizendata.exchange.layout import Sheet
from ckanext.citizendata.exchange.wording import SHEETS_HEADING, WELCOMES, Welcome

__all__ = ["TITLE", "add_start_page"]

TITLE = "Start here"
WIDTHS = (34, 34, 34, 34, 12)
LAST_COLUMN = len(WIDTHS)
FONT = "Calibri"
HEADING = PatternFill("solid", fgColor="DCE9F2")
# About as many characters as a line of the page has, and the height of a line.
LINE, LINE_HEIGHT = 140, 15


def add_start_page(page: Worksheet, sheets: Sequence[Sheet]) -> None:
    """Writes the page."""
    page.title = TITLE
    page.sheet_view.showGridLines = False
    page.sheet_properties.tabColor = "4C8C5B"
    for letter, width in zip("ABCDE", WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    row = 1
    for welcome in WELCOMES:
        row = _add_welcome(page, row, welcome)
    _add_table(page, row, sheets)


def _add_welcome(page: Worksheet, row: int, welcome: Welcome) -> int:
    """Writes one language; the next free row."""
    right = welcome.code == "ar"
    _add_line(page, row, welcome.title, Font(FONT, 16, b=True), right)
    _add_line(page, row + 1, welcome.about, Font(FONT, 11), right)
    steps = [f"{number}. {step}" for number, step in enumerate(welcome.steps, 1)]
    for place, step in enumerate(steps, row + 2):
        _add_line(page, place, step, Font(FONT, 11), right)
    return row + len(steps) + 3


def _add_line(page: Worksheet, row: int, text: str, font: Font, right: bool) -> None:
    page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=LAST_COLUMN)
    cell = page.cell(row, 1, text)
    cell.font = font
    cell.alignment = Alignment(
        wrap_text=True, vertical="top", horizontal="right" if right else None, readingOrder=2 if right else 0
    )
    page.row_dimensions[row].height = max(LINE_HEIGHT * (1 + len(text) // LINE), font.size * 1.4)


def _add_table(page: Worksheet, row: int, sheets: Sequence[Sheet]) -> None:
    for number, text in enumerate(SHEETS_HEADING, 1):
        head = page.cell(row, number, text)
        head.font = Font(FONT, 11, b=True)
        head.fill = HEADING
    for place, sheet in enumerate(sheets, row + 1):
        link = page.cell(place, 1, sheet.title)
        link.hyperlink = f"#'{sheet.title}'!A1"
        link.font = Font(FONT, 11, color="1F5F8B", u="single")
        for number, language in enumerate(("fr", "es", "ar"), 2):
            page.cell(place, number, sheet.field.label.get(language, "") if sheet.field else "")
        page.cell(place, LAST_COLUMN, "yes" if sheet.required else "")
