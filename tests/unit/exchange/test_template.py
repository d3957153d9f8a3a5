"""The empty spreadsheet."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from openpyxl import load_workbook

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.exchange.layout import layout
from ckanext.citizendata.exchange.template import FIRST_ROW, HELP_ROW, KEY_ROW, LABEL_ROW, stored, template


@pytest.fixture(scope="module")
def book(empty: bytes) -> Any:
    return load_workbook(io.BytesIO(empty))


def column(sheet: Any, key: str) -> Any:
    return next(cell for cell in sheet[KEY_ROW] if cell.value == key)


class TestTemplate:
    def test_is_the_same_for_the_same_schema(self, model: Model, empty: bytes) -> None:
        """Whenever it is made: no file of it carries the time (that of a zip has two seconds)."""
        time.sleep(2.1)
        assert template(model) == empty

    def test_has_a_column_for_each_question_and_language(self, book: Any) -> None:
        """Texts have four; what is derived has none, and the Local Contexts labels neither."""
        keys = {cell.value for sheet in book.worksheets[1:-1] for cell in sheet[KEY_ROW]}
        assert {"title_translated:en", "title_translated:ar", "country", "contact.email", "resources.url"} <= keys
        assert not {"metadata_language", "scope_hint", "record_status", "lc_label.label", "resources.uri"} & keys

    def test_has_a_sheet_for_each_group(self, book: Any) -> None:
        """Named as people know it, within what Excel allows."""
        assert book.sheetnames[:3] == ["Start here", "Datasets", "Places"]
        assert book.sheetnames[-2:] == ["Files", "Lists"]
        assert all(len(name) <= 31 for name in book.sheetnames)

    def test_says_what_is_required_in_words_and_colour(self, book: Any) -> None:
        """Nobody has to tell colours apart."""
        sheet = book["Datasets"]
        wanted, other = column(sheet, "country"), column(sheet, "version")
        assert sheet.cell(HELP_ROW, wanted.column).value.startswith("Required.")
        assert sheet.cell(HELP_ROW, other.column).value.startswith("Optional.")
        fills = {sheet.cell(LABEL_ROW, cell.column).fill.fgColor.rgb for cell in (wanted, other)}
        assert len(fills) == 2

    def test_offers_labels_from_a_hidden_list(self, book: Any, model: Model) -> None:
        """The list of its vocabulary, in its order; other words may still be typed."""
        sheet = book["Datasets"]
        letter = column(sheet, "sensitivity").column_letter
        choice = next(each for each in sheet.data_validations.dataValidation if f"{letter}{FIRST_ROW}" in each.sqref)
        page, _, area = choice.formula1.partition("!")
        assert book[page].sheet_state == "hidden"
        offered = [cell.value for (cell,) in book[page][area.replace("$", "")]]
        assert offered == [
            model.vocabularies["sensitivity"].label(c, "en") for c in model.vocabularies["sensitivity"].codes
        ]
        assert not choice.showErrorMessage

    def test_offers_the_datasets_in_the_other_sheets(self, book: Any) -> None:
        """By their short names."""
        choices = book["Contact"].data_validations.dataValidation
        assert any(choice.formula1.startswith("Datasets!$A$") for choice in choices if choice.formula1)

    def test_explains_itself_in_four_languages(self, book: Any) -> None:
        """On its first page, and in a comment at each label."""
        page = " ".join(str(cell.value) for row in book["Start here"].iter_rows() for cell in row if cell.value)
        for title in ("Describe your data", "Décrivez vos données", "Describa sus datos", "صِف بياناتك"):
            assert title in page
        comment = book["Datasets"].cell(LABEL_ROW, column(book["Datasets"], "country").column).comment
        assert {"Pays", "País", "البلد"} <= set(comment.text.split("\n"))


class TestStored:
    def test_holds_the_same_workbook(self, empty: bytes, book: Any) -> None:
        """In bytes that need no unpacking."""
        kept = stored(empty)
        assert len(kept) > len(empty)
        assert load_workbook(io.BytesIO(kept)).sheetnames == book.sheetnames


class TestLayout:
    def test_has_further_languages_where_asked(self, model: Model) -> None:
        """Behind the usual four."""
        keys = [each.key for each in layout(model, {"title_translated": ["pt"]})[0].columns]
        assert keys[1:6] == [f"title_translated:{tag}" for tag in ("en", "fr", "es", "ar", "pt")]
