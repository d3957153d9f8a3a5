"""The spreadsheet that people fill in, with drop-downs and help: the same bytes for the same schema."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.etree.ElementTree import canonicalize

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.exchange.layout import ASKED, LANGUAGES, NAME, Column, Sheet, layout
from ckanext.citizendata.exchange.lists import choices_of
from ckanext.citizendata.exchange.start_page import add_start_page
from ckanext.citizendata.exchange.wording import NAME_HELP, OBLIGATIONS

__all__ = ["FIRST_ROW", "KEY_ROW", "LISTS", "packed", "stored", "template", "workbook_with"]

# Rows of a sheet: what its columns are about, labels, help, keys; then come the people's rows.
ABOUT_ROW, LABEL_ROW, HELP_ROW, KEY_ROW, FIRST_ROW = 1, 2, 3, 4, 5
# The rows that have drop-downs.
LAST_ROW = 1004
LISTS = "Lists"
REQUIRED = PatternFill("solid", fgColor="FFE2B8")
USUAL = PatternFill("solid", fgColor="DCE9F2")
FONT = "Calibri"
GREY = Font(FONT, 8, color="8A8A8A")
SECTION, BOLD, SMALL = Font(FONT, 13, b=True), Font(FONT, 11, b=True), Font(FONT, 9)
TOP = Alignment(wrap_text=True, vertical="top")
TO_THE_LEFT = Alignment(horizontal="right", readingOrder=2)
TEXT_FORMAT = "@"
PROMPT_TITLE, PROMPT_LENGTH = 32, 255
# Nobody's clock: equal schemas give equal files.
MADE = datetime(2024, 1, 1)
ZIP_TIME = (2024, 1, 1, 0, 0, 0)


def template(model: Model) -> bytes:
    """The empty spreadsheet of a model, as XLSX."""
    return packed(workbook_with(model, layout(model)))


def workbook_with(model: Model, sheets: Sequence[Sheet]) -> Workbook:
    """The spreadsheet with these sheets, its drop-downs and its first page; no row is filled in."""
    book = Workbook()
    start = book.active
    assert isinstance(start, Worksheet)
    used = {str(column.field.vocabulary) for sheet in sheets for column in sheet.columns if column.field}
    lists = _add_lists(model, sorted(used & model.vocabularies.keys()), book)
    for sheet in sheets:
        _add_sheet(book, sheet, lists)
    book.move_sheet(LISTS, len(sheets))
    add_start_page(start, sheets)
    return book


def packed(book: Workbook) -> bytes:
    """The file of a workbook, without the time at which it was made."""
    book.properties.creator = "ckanext-citizendata"
    book.properties.created = MADE
    written = io.BytesIO()
    book.save(written)
    timeless = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(timeless, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, _timeless(name, source.read(name)))
    return timeless.getvalue()


def stored(content: bytes) -> bytes:
    """The same file to keep in a tree: its bytes depend neither on zlib nor on which library wrote its XML."""
    plain = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(plain, "w") as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, ZIP_TIME), canonicalize(source.read(name).decode()))
    return plain.getvalue()


def _timeless(name: str, content: bytes) -> bytes:
    if name != "docProps/core.xml":
        return content
    # openpyxl writes the present there, whatever the workbook says.
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + MADE.isoformat().encode() + b"Z", content)


def _add_lists(model: Model, names: Sequence[str], book: Workbook) -> Mapping[str, str]:
    """The hidden sheet with the entries of each code list; where each stands, as a formula."""
    page = book.create_sheet(LISTS)
    page.sheet_state = "hidden"
    choices = choices_of({name: model.vocabularies[name] for name in names})
    places: dict[str, str] = {}
    for number, name in enumerate(names, 1):
        shown = choices[name].shown
        for row, text in enumerate((name, *shown), 1):
            page.cell(row, number, text).data_type = "s"
        letter = get_column_letter(number)
        places[name] = f"{LISTS}!${letter}$2:${letter}${len(shown) + 1}"
    return places


def _add_sheet(book: Workbook, sheet: Sheet, lists: Mapping[str, str]) -> None:
    page = book.create_sheet(sheet.title)
    page.sheet_properties.tabColor = "E8A33D" if sheet.required else "7FA6C0"
    page.freeze_panes = page.cell(FIRST_ROW, 2)
    page.row_dimensions[HELP_ROW].height = 90
    page.row_dimensions[KEY_ROW].height = 11
    if sheet.field:
        _put(page, ABOUT_ROW, 1, _about(sheet.field)).font = BOLD
    section = ""
    for number, column in enumerate(sheet.columns, 1):
        if column.section != section:
            section = column.section
            _put(page, ABOUT_ROW, number, section).font = SECTION
        _add_head(page, number, column, sheet)
        _add_body(page, number, column, lists)


def _put(page: Worksheet, row: int, number: int, text: str) -> Cell:
    """The cell with a text, which is none of the program's formulas whatever it begins with."""
    cell = page.cell(row, number, text)
    cell.data_type = "s"
    return cell


def _about(known: Field) -> str:
    word = OBLIGATIONS["required" if known.obligation in ASKED else known.obligation]
    return f"{known.label.get('en', known.name)}. {word} {known.help_text.get('en', '')}".strip()


def _add_head(page: Worksheet, number: int, column: Column, sheet: Sheet) -> None:
    label = _put(page, LABEL_ROW, number, _label(column))
    label.font = BOLD
    label.fill = REQUIRED if column.required else USUAL
    label.alignment = TOP
    if column.field and _elsewhere(column.field):
        label.comment = Comment(_elsewhere(column.field), "ckanext-citizendata", height=220, width=360)
    help_cell = _put(page, HELP_ROW, number, _help(column, sheet))
    help_cell.font = SMALL
    help_cell.alignment = TOP
    _put(page, KEY_ROW, number, column.key).font = GREY


def _label(column: Column) -> str:
    if column.field is None:
        return "Dataset"
    if column.key == NAME:
        return "Short name (web address)"
    label = column.field.label.get("en", column.field.name)
    return f"{label} ({LANGUAGES.get(column.language, column.language)})" if column.language else label


def _help(column: Column, sheet: Sheet) -> str:
    if column.field is None:
        return f"{OBLIGATIONS['each_row']} The short name of the dataset, as in the sheet “Datasets”."
    if column.key == NAME:
        return f"{OBLIGATIONS['required']} {NAME_HELP}"
    word = OBLIGATIONS[_obligation(column, column.field, sheet)]
    several = " Several answers: put a semicolon between them." if column.field.many else ""
    return f"{word} {column.field.help_text.get('en', '')}".strip() + several


def _obligation(column: Column, known: Field, sheet: Sheet) -> str:
    if not column.required:
        return "optional" if sheet.rows_of else known.obligation
    if sheet.rows_of:
        return "each_row"
    return "one_language" if column.language else "required"


def _elsewhere(known: Field) -> str:
    """Label and help in the other languages."""
    languages = [tag for tag in LANGUAGES if tag != "en" and tag in known.label]
    return "\n\n".join(f"{known.label[tag]}\n{known.help_text.get(tag, '')}".strip() for tag in languages)


def _add_body(page: Worksheet, number: int, column: Column, lists: Mapping[str, str]) -> None:
    letter = get_column_letter(number)
    below = page.column_dimensions[letter]
    is_number = column.field is not None and column.field.is_number
    below.width = 16 if is_number or (column.field and column.field.kind == "date") else 30
    if not is_number:
        # Else Excel takes 2023-04 for the first of April, and 16.10 for 16.1.
        below.number_format = TEXT_FORMAT
    if column.language == "ar":
        below.alignment = TO_THE_LEFT
    choice = _validation(column, str(page.cell(HELP_ROW, number).value), lists)
    choice.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
    page.add_data_validation(choice)


def _validation(column: Column, hint: str, lists: Mapping[str, str]) -> DataValidation:
    """The drop-down and the hint of a column; nothing typed is refused: reading understands more than the list."""
    formula = lists.get(column.field.vocabulary or "") if column.field else f"Datasets!$A${FIRST_ROW}:$A${LAST_ROW}"
    choice = DataValidation(type="list" if formula else None, formula1=formula, allow_blank=True)
    choice.showErrorMessage = False
    choice.showInputMessage = True
    choice.promptTitle = _label(column)[:PROMPT_TITLE]
    choice.prompt = hint[:PROMPT_LENGTH]
    return choice
