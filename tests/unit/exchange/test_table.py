"""Records as a table."""

from __future__ import annotations

import csv
import io

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.exchange.table import Table, safe_cell

IRI = "https://data.example.org/dataset/1"
DCT = "http://purl.org/dc/terms"
FRAGMENT = f"""\
<{IRI}> <{DCT}/description> "=HYPERLINK(\\"https://evil.example.org/\\")"@en .
<{IRI}> <{DCT}/spatial> <http://publications.europa.eu/resource/authority/country/KEN> .
<{IRI}> <{DCT}/title> "Maji, maji"@sw .
<{IRI}> <{DCT}/title> "Water\\npoints"@en .
<{IRI}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .
<{IRI}> <http://www.w3.org/ns/dcat#contactPoint> _:c0 .
<{IRI}> <http://www.w3.org/ns/dcat#distribution> <{IRI}/resource/1> .
<{IRI}/resource/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Distribution> .
<{IRI}/resource/1> <http://www.w3.org/ns/dcat#accessURL> <https://data.example.org/water.csv> .
_:c0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2006/vcard/ns#Organization> .
_:c0 <http://www.w3.org/2006/vcard/ns#fn> "Water desk" .
_:c0 <http://www.w3.org/2006/vcard/ns#hasEmail> <mailto:water@example.org> .
"""


@pytest.fixture(scope="module")
def row():
    """The cells of the record by their names."""
    table = Table(catalogue_model.load())
    (head, cells) = csv.reader(io.StringIO(table.head() + table.row(IRI, FRAGMENT), newline=""))
    assert len(head) == len(cells) == len({*head})
    return dict(zip(head, cells, strict=True))


class TestTable:
    def test_texts(self, row):
        """A text has a column for each language of the site's forms, and one for all others."""
        assert row["title_translated:en"] == "Water\npoints"
        assert row["title_translated:fr"] == ""
        assert row["title_translated:other"] == "sw: Maji, maji"

    def test_other_columns(self, row):
        """Lists in words, rows in one cell, files by their addresses."""
        assert row["uri"] == IRI
        assert row["country"] == "Kenya"
        assert "Water desk" in row["contact"]
        assert "water@example.org" in row["contact"]
        assert row["resources"] == "https://data.example.org/water.csv"

    def test_no_formula(self, row):
        """What a spreadsheet program would run is a text."""
        assert row["notes_translated:en"].startswith("'=HYPERLINK(")

    def test_nothing_closed(self, row):
        """No field about safety or consent has a column."""
        assert not {"sensitivity", "personal_data", "scope_hint"} & {*row}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1"])
def test_formulas(text):
    """Whatever may begin a formula is marked as text."""
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Water", "1 = 1", "", -1.5, 0])
def test_no_formulas(cell):
    """All else stays, numbers too."""
    assert safe_cell(cell) == cell
