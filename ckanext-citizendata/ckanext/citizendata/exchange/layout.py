"""What the spreadsheet has for each field: sheets and columns as values, derived from the schema alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field

__all__ = ["ASKED", "BY_LANGUAGE", "DATASET", "LANGUAGES", "NAME", "Column", "Sheet", "layout"]

# The languages that each text has a column for; others appear where a package has texts in them.
LANGUAGES: Mapping[str, str] = {"en": "English", "fr": "French", "es": "Spanish", "ar": "Arabic"}
BY_LANGUAGE = ("text", "keywords")
DERIVED = ("derived", "derived_list")
# The key of the column by which the other sheets name a dataset, and of the dataset's own.
DATASET = "dataset"
NAME = "name"
ASKED = ("quick", "safety", "audience", "mandatory")
# What Excel refuses in the name of a sheet, and how long that may be.
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
TITLE_LENGTH = 31


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` is what its grey cell says, `language` "" for what has none.

    Without `field` it names the dataset. `section` is its heading in English in the sheet of the datasets.
    """

    key: str
    field: Field | None
    language: str = ""
    required: bool = False
    section: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the datasets themselves (`rows_of` ""), the items of a field, or the files ("resources")."""

    title: str
    rows_of: str
    columns: tuple[Column, ...]
    field: Field | None = None
    required: bool = False


def layout(model: Model, tags: Mapping[str, Sequence[str]] | None = None) -> tuple[Sheet, ...]:
    """The sheets in which people write, in the order of the schema; what is derived has no column.

    :param tags: further languages by the key of the field, as `{"title_translated": ["pt"]}`.
    """
    fields = [known for known in model.schema.fields if _is_asked(known)]
    headings = {section.name: section.label.get("en", section.name) for section in model.schema.sections}
    plain = sorted((known for known in fields if known.kind != "rows"), key=lambda known: known.name != NAME)
    columns = tuple(
        replace(column, section=headings.get(known.section, ""))
        for known in plain
        for column in _columns("", known, tags or {})
    )
    taken = ["Start here", "Lists", "Files"]
    sheets = [Sheet(_title("Datasets", taken), "", columns, required=True)]
    for known in fields:
        if known.kind == "rows":
            label = known.label.get("en", known.name)
            parts = _part_columns(known.name, known.subfields, tags or {})
            required = known.obligation in ASKED
            sheets.append(Sheet(_title(label, taken), known.name, parts, known, required))
    files = _part_columns("resources", model.schema.resource_fields, tags or {})
    return (*sheets, Sheet("Files", "resources", files))


def _is_asked(known: Field) -> bool:
    """Whether people answer it: the short name too, since it joins the sheets, though a site could derive it."""
    return known.name == NAME or (known.obligation != "derived" and known.kind not in DERIVED)


def _part_columns(name: str, parts: Sequence[Field], tags: Mapping[str, Sequence[str]]) -> tuple[Column, ...]:
    asked = [part for part in parts if part.kind not in DERIVED]
    columns = [column for part in asked for column in _columns(f"{name}.", part, tags)]
    return (Column(DATASET, None, required=True), *columns)


def _columns(prefix: str, known: Field, tags: Mapping[str, Sequence[str]]) -> Sequence[Column]:
    key = prefix + known.name
    required = known.needed or known.obligation in ASKED or key == NAME
    if known.kind not in BY_LANGUAGE:
        return (Column(key, known, required=required),)
    languages = dict.fromkeys((*LANGUAGES, *tags.get(key, ())))
    return [Column(f"{key}:{tag}", known, tag, required) for tag in languages]


def _title(label: str, taken: list[str]) -> str:
    """The label as the name of a sheet that no other has; `taken` learns it."""
    short = NOT_IN_TITLES.sub(" ", label).strip()
    if len(short) > TITLE_LENGTH:
        short = short[: TITLE_LENGTH + 1].rsplit(" ", 1)[0][:TITLE_LENGTH]
    number = 1
    title = short
    while title.casefold() in (other.casefold() for other in taken):
        number += 1
        title = f"{short[: TITLE_LENGTH - 3]} {number}"
    taken.append(title)
    return title
