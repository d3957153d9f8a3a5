"""The package dict that a posted form describes: what a person typed, in the shape that the API takes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

# A row that only says which step it is about has no answer in it.
QUESTIONS = frozenset({"stage"})
_ROW_KEY = re.compile(r"^(?P<field>\w+)-(?P<row>\d{1,4})-(?P<part>\w+)$")
_TEXT_KEY = re.compile(r"^(?P<field>\w+)-(?P<language>[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)$")


class PostedForm(Protocol):
    """What is read of a form: names, and all values of one name."""

    def __iter__(self) -> Any: ...

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class FormShape:
    """Which fields hold text by language, one answer, several codes, or rows (with the parts that hold several)."""

    texts: frozenset[str]
    singles: frozenset[str]
    lists: frozenset[str]
    rows: Mapping[str, frozenset[str]]


def package_from_form(form: PostedForm, shape: FormShape) -> dict[str, Any]:
    """The package as answered, without blank rows; texts, lists and rows are there if empty too, for clearing counts.

    `title_translated-fr=A` -> {"title_translated": {"fr": "A"}}; `country=KEN&country=` -> {"country": ["KEN"]};
    `contact-4-name=B&contact-0-name=` -> {"contact": [{"name": "B"}]}
    """
    package: dict[str, Any] = {name: form.getlist(name)[0].strip() for name in form if name in shape.singles}
    package |= {name: _answers(form.getlist(name)) for name in shape.lists}
    package |= {name: {} for name in shape.texts}
    for key in form:
        match = _TEXT_KEY.match(key)
        if match and match["field"] in shape.texts and (text := form.getlist(key)[0].strip()):
            package[match["field"]][match["language"]] = text
    return package | {name: _rows(form, name, several) for name, several in shape.rows.items()}


def _rows(form: PostedForm, field: str, several: frozenset[str]) -> list[dict[str, Any]]:
    rows: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for key in form:
        match = _ROW_KEY.match(key)
        if match and match["field"] == field:
            part, values = match["part"], _answers(form.getlist(key))
            rows[int(match["row"])][part] = values if part in several else next(iter(values), "")
    found = ({part: value for part, value in rows[number].items() if value} for number in sorted(rows))
    return [row for row in found if row.keys() - QUESTIONS]


def _answers(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(stripped for value in values if (stripped := value.strip())))
