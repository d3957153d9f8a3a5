"""Filled-in spreadsheets: read, written, and read again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from openpyxl import Workbook

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.exchange.spreadsheet import packages_from_spreadsheet, spreadsheet_from_packages
from tests.generation.records import full_record

Edited = Callable[..., bytes]
Filled = Callable[..., bytes]


def cell(book: Any, sheet: str, key: str, row: int = 5) -> Any:
    """The cell of a column in a row of the people's."""
    column = next(each.column for each in book[sheet][4] if each.value == key)
    return book[sheet].cell(row, column)


def written(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


class TestRoundTrip:
    def test_of_the_samples(self, model: Model, sample_packages: tuple[Mapping[str, Any], ...]) -> None:
        """Each comes back as it was, also texts in languages beyond the usual four."""
        content, problems = spreadsheet_from_packages(model, sample_packages)
        read, found = packages_from_spreadsheet(model, content)
        assert [each.package for each in read] == [*sample_packages]
        assert not problems
        assert not found

    def test_of_every_field(self, model: Model, filled: Filled) -> None:
        """All but what is derived."""
        derived = {known.name for known in model.schema.fields if known.obligation == "derived"}
        package = {key: value for key, value in full_record(model, 3).items() if key not in derived}
        package["resources"] = [{key: value for key, value in package["resources"][0].items() if key != "uri"}]
        read, problems = packages_from_spreadsheet(model, filled(package))
        assert read[0].package == package
        assert not problems

    def test_keeps_text_that_looks_like_a_formula(self, model: Model, filled: Filled, package: dict[str, Any]) -> None:
        """No spreadsheet program calculates what somebody wrote into a record."""
        package["version"] = '=HYPERLINK("https://evil.example")'
        read, _ = packages_from_spreadsheet(model, filled(package))
        assert read[0].package["version"] == package["version"]


class TestSpreadsheetFromPackages:
    def test_tells_what_no_cell_can_hold(self, model: Model, package: dict[str, Any]) -> None:
        """It is left out whole."""
        package["spatial_coverage"] = [{"name": "Coast", "geom": "x" * 40_000}]
        _, problems = spreadsheet_from_packages(model, [package])
        assert [problem.code for problem in problems] == ["too_long_for_a_cell"]

    def test_tells_of_datasets_without_a_short_name(self, model: Model) -> None:
        """Where rows of other sheets would lose their dataset."""
        _, problems = spreadsheet_from_packages(model, [{"country": ["KEN"]}, {"country": ["UGA"]}])
        assert [problem.code for problem in problems] == ["no_name"]

    def test_ignores_values_of_another_shape(self, model: Model) -> None:
        """A file of others may hold anything."""
        read, _ = packages_from_spreadsheet(
            model, spreadsheet_from_packages(model, [{"name": "a", "title_translated": "x", "contact": "y"}])[0]
        )
        assert read[0].package == {"name": "a"}


class TestPlaces:
    def test_name_sheet_and_cell(self, model: Model, filled: Filled, package: dict[str, Any]) -> None:
        """Of a value, of what it is part of, or of the dataset where nothing was written."""
        read, _ = packages_from_spreadsheet(model, filled(package))
        assert read[0].place("contact[0].email") == "sheet “Contact”, cell C5"
        assert read[0].place("engagement[1].who[0]") == "sheet “How people took part”, cell D6"
        assert read[0].place("title_translated.fr") == "sheet “Datasets”, cell C5"
        assert read[0].place("un_gem") == "sheet “Datasets”, cell A5"


class TestBadInput:
    @pytest.fixture
    def read(self, model: Model, edited: Edited, package: dict[str, Any]) -> Callable[[Callable[[Any], None]], Any]:
        """The packages, and code and path of the problems, after a change."""

        def changed(edit: Callable[[Any], None]) -> Any:
            packages, problems = packages_from_spreadsheet(model, edited(edit, package, {**package, "name": "second"}))
            return packages, [(problem.code, problem.path) for problem in problems]

        return changed

    def test_a_bad_cell_costs_nothing_else(self, read: Any, package: dict[str, Any]) -> None:
        """What can't be understood is in the package as it was typed."""

        def edit(book: Any) -> None:
            cell(book, "Datasets", "country").value = "Ghana; Atlantis"
            cell(book, "Datasets", "sample_size").value = "many"
            cell(book, "Period", "temporal_coverage.start").value = "long ago"

        packages, problems = read(edit)
        changes = {"country": ["GHA", "Atlantis"], "sample_size": "many"}
        period = [{**package["temporal_coverage"][0], "start": "long ago"}]
        assert packages[0].package == {**package, **changes, "temporal_coverage": period}
        assert not problems

    def test_a_broken_formula_is_named(self, read: Any, package: dict[str, Any]) -> None:
        """By its cell; a formula that was never calculated too."""

        def edit(book: Any) -> None:
            cell(book, "Datasets", "version").value = "=A1"
            cell(book, "Datasets", "url").value = "#REF!"

        packages, problems = read(edit)
        assert packages[0].package == {key: value for key, value in package.items() if key not in ("version", "url")}
        assert [code for code, _ in problems] == ["unreadable_cell"] * 2

    def test_an_unknown_column_is_named(self, read: Any) -> None:
        """The others are read."""

        def edit(book: Any) -> None:
            cell(book, "Datasets", "version").value = "1"
            book["Datasets"].cell(4, 2).value = "titel"
            book["Datasets"].cell(4, 4).value = "title_translated:fr"
            book["Datasets"].cell(4, 5).value = "title_translated:not a tag"

        packages, problems = read(edit)
        assert packages[0].package["version"] == "1"
        assert problems == [("unknown_column", f"sheet “Datasets”, column {letter}") for letter in "BDE"]

    def test_two_datasets_of_one_name_are_named(self, read: Any) -> None:
        """Rows of other sheets go to the first."""
        packages, problems = read(lambda book: setattr(book["Datasets"].cell(6, 1), "value", "beach-litter-counts"))
        assert problems[0] == ("duplicate_name", "sheet “Datasets”, cell A6")
        assert {code for code, _ in problems[1:]} == {"orphan_row"}
        assert len(packages) == 2

    def test_a_row_of_no_dataset_is_named(self, read: Any) -> None:
        """With its sheet, its row and what it says."""

        def edit(book: Any) -> None:
            book["Contact"].cell(5, 1).value = None
            book["Contact"].cell(6, 1).value = "third"

        packages, problems = read(edit)
        assert problems == [("orphan_row", "sheet “Contact”, row 5"), ("orphan_row", "sheet “Contact”, row 6")]
        assert "contact" not in packages[0].package

    def test_a_strange_sheet_is_named(self, read: Any) -> None:
        """A note of somebody's is a warning, a sheet with other columns an error."""

        def edit(book: Any) -> None:
            book.create_sheet("Notes")["A1"] = "Ask Ama"
            book.create_sheet("Other").append(["dataset", "colour"])
            book.create_sheet("Blank")

        _, problems = read(edit)
        assert problems == [("unknown_sheet", "sheet “Notes”"), ("unknown_sheet", "sheet “Other”")]

    def test_empty_rows_and_notes_across_cells_are_ignored(self, read: Any, package: dict[str, Any]) -> None:
        """As are blanks behind the last row."""

        def edit(book: Any) -> None:
            sheet = book["Datasets"]
            sheet.cell(9, 1).value = "This is a note"
            sheet.merge_cells("A9:F9")
            sheet.cell(12, 3).value = "   "

        packages, problems = read(edit)
        assert [each.package["name"] for each in packages] == [package["name"], "second"]
        assert not problems

    def test_a_stray_cell_in_the_last_corner_costs_no_time(self, read: Any, package: dict[str, Any]) -> None:
        """A sheet has seventeen billion places for one."""
        packages, problems = read(lambda book: setattr(book["Datasets"]["XFD1048576"], "value", "x"))
        assert packages[0].package == package
        assert problems == [("unknown_column", "sheet “Datasets”, column XFD")]

    def test_the_only_dataset_needs_no_name(self, model: Model, edited: Edited, package: dict[str, Any]) -> None:
        """Its rows in the other sheets belong to it."""
        del package["name"]
        read, problems = packages_from_spreadsheet(model, edited(lambda _: None, package))
        assert read[0].package == package
        assert not problems

    def test_sheets_may_be_renamed_and_rows_inserted(self, read: Any, package: dict[str, Any]) -> None:
        """The grey row says what a sheet is."""

        def edit(book: Any) -> None:
            book["Contact"].title = "People"
            book["Datasets"].insert_rows(1, 3)

        packages, problems = read(edit)
        assert packages[0].package == package
        assert not problems


class TestUnusable:
    @pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken"])
    def test_is_what_is_no_workbook(self, model: Model, content: bytes) -> None:
        """One sentence."""
        with pytest.raises(Unusable, match="no spreadsheet that can be read"):
            packages_from_spreadsheet(model, content)

    def test_is_a_workbook_of_something_else(self, model: Model) -> None:
        """It follows no template."""
        book = Workbook()
        book.active["A1"] = "Shopping"  # pyright: ignore[reportOptionalSubscript]
        with pytest.raises(Unusable, match="follows the template"):
            packages_from_spreadsheet(model, written(book))

    def test_is_a_workbook_that_merges_whole_sheets(self, model: Model) -> None:
        """Each merged cell would be made."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("xl/worksheets/sheet1.xml", '<a><mergeCell ref="A1:XFD1048576"/></a>')
        with pytest.raises(Unusable, match="merges 17179869184 cells"):
            packages_from_spreadsheet(model, content.getvalue())

    def test_is_a_workbook_with_a_doctype(self, model: Model) -> None:
        """It could make a reader open files."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("xl/workbook.xml", "<?xml version='1.0'?><!DOCTYPE a><a/>")
        with pytest.raises(Unusable, match="DOCTYPE"):
            packages_from_spreadsheet(model, content.getvalue())
