"""Records as rows of one table for spreadsheet programs: a row a dataset, a column a field."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.citizendata.core.mapping import Model, package_from_fragment
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.exchange.cells import CELL_LENGTH, cell_from_value
from ckanext.citizendata.exchange.layout import BY_LANGUAGE, LANGUAGES
from ckanext.citizendata.exchange.lists import choices_of

__all__ = ["Table", "safe_cell", "table_line"]

IRI = "uri"
FILES = "resources"
OTHER = "other"
# What makes a formula of a text, in the wide forms of East Asian keyboards too.
FORMULAS = tuple("=+-@\t\r\n＝＋－＠")
CUT = "…"


class Table:
    """The columns of a model, and the rows of its records; every field that may be public has one."""

    def __init__(self, model: Model) -> None:
        self._model = model.public
        self._choices = choices_of(model.vocabularies)
        self._fields = [known for known in self._model.schema.fields if known.name != IRI]

    def head(self) -> str:
        """The line of column names: keys of the schema, of texts one for each language."""
        names = [name for known in self._fields for name in _names(known)]
        return table_line([IRI, *names, FILES])

    def row(self, iri: str, fragment: str) -> str:
        """The line of a record."""
        package = package_from_fragment(self._model, iri, fragment).package
        cells = [cell for known in self._fields for cell in self._cells(known, package.get(known.name))]
        files = [file.get("url") for file in package.get(FILES) or () if isinstance(file, Mapping)]
        return table_line([iri, *cells, "\n".join(str(url) for url in files if url)])

    def _cells(self, known: Field, value: Any) -> Sequence[Any]:
        if known.kind == "rows":
            rows = value if isinstance(value, (list, tuple)) else ()
            return ["; ".join(self._row(known, row) for row in rows if isinstance(row, Mapping))]
        if known.kind not in BY_LANGUAGE:
            return [self._cell(known, value)]
        texts = value if isinstance(value, Mapping) else {}
        others = [f"{tag}: {self._cell(known, text)}" for tag, text in texts.items() if tag not in LANGUAGES]
        return [*(self._cell(known, texts.get(tag)) for tag in LANGUAGES), "; ".join(others)]

    def _row(self, known: Field, row: Mapping[str, Any]) -> str:
        """`Water desk, water@example.org`"""
        cells = (self._part(part, row.get(part.name)) for part in known.subfields)
        return ", ".join(str(cell) for cell in cells if cell not in (None, ""))

    def _part(self, part: Field, value: Any) -> Any:
        if part.kind in BY_LANGUAGE and isinstance(value, Mapping):
            return " / ".join(str(self._cell(part, text)) for text in value.values())
        return self._cell(part, value)

    def _cell(self, known: Field, value: Any) -> Any:
        if value is None or value == "" or value == []:
            return ""
        content = cell_from_value(known, value, self._choices)
        return f"{str(value)[: CELL_LENGTH - 1]}{CUT}" if content is None else content


def safe_cell(content: Any) -> Any:
    """A cell that no spreadsheet program takes for a formula: `=1+1` -> `'=1+1`; numbers stay numbers."""
    return f"'{content}" if isinstance(content, str) and content.startswith(FORMULAS) else content


def _names(known: Field) -> Sequence[str]:
    if known.kind in BY_LANGUAGE:
        return [f"{known.name}:{tag}" for tag in (*LANGUAGES, OTHER)]
    return [known.name]


def table_line(cells: Iterable[Any]) -> str:
    """The line of these cells, safe to open in a spreadsheet program."""
    text = io.StringIO()
    csv.writer(text).writerow([safe_cell(cell) for cell in cells])
    return text.getvalue()
