"""The package dict that a posted form describes: what a person typed, in the shape that the API takes."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.logic.forms.typed_codes import codes_from_words

# A row that only says which step it is about has no answer in it.
QUESTIONS = frozenset({"stage"})
_ROW_KEY = re.compile(r"^(?P<field>\w+)-(?P<row>\d{1,4})-(?P<part>\w+)$")
_TEXT_KEY = re.compile(r"^(?P<field>\w+)-(?P<language>[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)$")
# Words in quotation marks may hold a comma; the commas are those of Latin, Arabic and Chinese script.
_KEYWORD = re.compile(r'\s*"([^"\n]+)"\s*(?=[,،，、\n]|$)|([^,،，、\n]+)')


class Kind(Enum):
    """How the answer to a question arrives: one text, a number or date, several answers, lines, texts by language."""

    LINE = "line"
    FIGURE = "figure"
    SEVERAL = "several"
    LINES = "lines"
    TEXT = "text"
    KEYWORDS = "keywords"


BY_LANGUAGE = (Kind.TEXT, Kind.KEYWORDS)
LISTS = (Kind.SEVERAL, Kind.LINES)


class PostedForm(Protocol):
    """What is read of a form: names, and all values of one name."""

    def __iter__(self) -> Any: ...

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class Question:
    """How an answer arrives; `words` is the list whose names a person types instead of choosing among all."""

    kind: Kind
    words: Vocabulary | None = None


@dataclass(frozen=True)
class FormShape:
    """The questions by field, and for fields that hold rows those by part."""

    fields: Mapping[str, Question]
    rows: Mapping[str, Mapping[str, Question]]


def package_from_form(form: PostedForm, shape: FormShape) -> dict[str, Any]:
    """The package as answered, without blank rows; texts, lists and rows are there if empty too, for clearing counts.

    `title_translated-fr=A` -> {"title_translated": {"fr": "A"}}; `country=Kenya&country=` -> {"country": ["KEN"]};
    `keyword-en=tap, queue` -> {"keyword": {"en": ["tap", "queue"]}};
    `contact-4-name=B&contact-0-name=` -> {"contact": [{"name": "B"}]}
    """
    package = {
        name: _answer(question, form.getlist(name))
        for name, question in shape.fields.items()
        if question.kind not in BY_LANGUAGE and (question.kind in LISTS or name in form)
    }
    by_language = {name: question.kind for name, question in shape.fields.items() if question.kind in BY_LANGUAGE}
    package |= {name: _texts(form, name, kind) for name, kind in by_language.items()}
    return package | {name: _rows(form, name, parts) for name, parts in shape.rows.items()}


def keywords_as_typed(keywords: Sequence[str]) -> str:
    """The keywords as a person would type them into one box; `package_from_form` reads the same ones from it."""
    return ", ".join(f'"{word}"' if re.search("[,،，、]", word) else word for word in keywords)


def _answer(question: Question, values: Sequence[str]) -> Any:
    if question.kind is Kind.LINES:
        return _distinct(line for value in values for line in value.splitlines())
    answers = _distinct(values)
    if question.words:
        answers = codes_from_words(question.words, answers)
    if question.kind is Kind.SEVERAL:
        return answers
    first = next(iter(answers), "")
    return _figure(first) if question.kind is Kind.FIGURE else first


def _texts(form: PostedForm, field: str, kind: Kind) -> dict[str, Any]:
    read: Callable[[str], Any] = _keywords if kind is Kind.KEYWORDS else str.strip
    matches = ((key, _TEXT_KEY.match(key)) for key in form)
    own = ((key, found["language"]) for key, found in matches if found and found["field"] == field)
    typed = {language: read(form.getlist(key)[0]) for key, language in own}
    return {language: answer for language, answer in typed.items() if answer}


def _keywords(text: str) -> list[str]:
    return _distinct(quoted or plain for quoted, plain in _KEYWORD.findall(text))


def _figure(text: str) -> str:
    """A number or date in the digits of whatever script, written in those of ASCII."""
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text.replace("٫", "."))


def _rows(form: PostedForm, field: str, parts: Mapping[str, Question]) -> list[dict[str, Any]]:
    rows: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for key in form:
        match = _ROW_KEY.match(key)
        if match and match["field"] == field and match["part"] in parts:
            rows[int(match["row"])][match["part"]] = _answer(parts[match["part"]], form.getlist(key))
    found = ({part: value for part, value in rows[number].items() if value} for number in sorted(rows))
    return [row for row in found if row.keys() - QUESTIONS]


def _distinct(values: Any) -> list[str]:
    return list(dict.fromkeys(stripped for value in values if (stripped := value.strip())))
