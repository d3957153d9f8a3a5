"""Single answers of a CKAN package, whatever a site's own schema or a stranger made of them; none of these raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.conformance.rule import is_empty
from ckanext.citizendata.core.json_text import said_in_json
from ckanext.citizendata.core.lexical import is_date
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["answers_of", "code_of", "day_of", "rows_of", "text_in", "text_of", "texts_of", "words_of"]

# Where the lists name the entries of others, by the codes that sites of CKAN write.
KNOWN_AS = ("http://spdx.org/licenses/", "http://id.loc.gov/vocabulary/iso639-1/")


def answers_of(stock: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a package or file by key, those of its extras among them; its own come first, empty ones don't.

    {"url": "", "extras": [{"key": "url", "value": "https://…"}]} -> {"url": "https://…", "extras": […]}
    """
    extras = stock.get("extras")
    pairs = [
        (each["key"], each.get("value"))
        for each in (extras if isinstance(extras, list) else ())
        if isinstance(each, Mapping) and isinstance(each.get("key"), str)
    ]
    # Long ago they were one object.
    pairs += extras.items() if isinstance(extras, Mapping) else ()
    return {key: value for key, value in (*pairs, *stock.items()) if not is_empty(value)}


def text_of(value: Any) -> str | None:
    """A text without blanks around it, also of a number; None for anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return (value.strip() or None) if isinstance(value, str) else None


def text_in(value: Any, language: str) -> str | None:
    """The text, or of several the one in this language, else the first."""
    texts = texts_of(value, language)
    return texts.get(language) or next(iter(texts.values()), None)


def texts_of(value: Any, language: str) -> dict[str, str]:
    """Texts by language; one that stands alone is in `language`.

    "Water" -> {"en": "Water"}; {"fr": "Eau"} and '{"fr": "Eau"}' -> {"fr": "Eau"}
    """
    found = said_in_json(value)
    if isinstance(found, Mapping):
        return {tag: text for tag, each in found.items() if isinstance(tag, str) and (text := text_of(each))}
    text = text_of(value)
    return {language: text} if text else {}


def words_of(value: Any) -> list[str]:
    """Each text of a list, which may be written as JSON; a tag of CKAN gives its name."""
    found = said_in_json(value)
    listed = found if isinstance(found, list) else [value]
    texts = (
        text_of(each.get("display_name") or each.get("name") if isinstance(each, Mapping) else each) for each in listed
    )
    return list(dict.fromkeys(filter(None, texts)))


def rows_of(value: Any) -> list[dict[str, Any]]:
    """Each object of a list, which may be written as JSON; an object alone is a list of one."""
    found = said_in_json(value)
    listed = found if isinstance(found, list) else [found]
    return [dict(each) for each in listed if isinstance(each, Mapping)]


def day_of(value: Any) -> str | None:
    """2024-03 of 2024-03, 2024-03-15 of 2024-03-15T10:12:00.123456; None for what is no date."""
    text = text_of(value) or ""
    return next((part for part in (text, text[:10]) if is_date(part)), None)


def code_of(vocabulary: Vocabulary, text: str) -> str | None:
    """The code that a text stands for: itself in any case, its address, what others call it, or what people do."""
    found = vocabulary.by_code(text) or vocabulary.by_code(text.upper()) or vocabulary.by_iri(text)
    found = found or next((known for start in KNOWN_AS if (known := vocabulary.by_iri(start + text))), None)
    found = found or vocabulary.by_label(text)
    return found.code if found else None
