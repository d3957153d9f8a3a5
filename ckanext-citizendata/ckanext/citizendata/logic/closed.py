"""Fields about how sensitive a dataset is, and exact places: for those who may edit, in no other answer or index."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.rules import asks_for_care, coarse
from ckanext.citizendata.core.rules.safety import PLACES
from ckanext.citizendata.core.search_fields import LANGUAGES, TITLE, language_field
from ckanext.citizendata.logic.own_type import closed_fields, searched_fields

# Characters of a raw term: four bytes each at most, so far below Lucene's 32,766 bytes.
TERM_LENGTH = 1000
# What the stock Solr schema splits into words, or stores without indexing it.
WHOLE = frozenset(
    {
        *("title", "notes", "text", "res_name", "res_description", "data_dict", "validated_data_dict"),
        *(TITLE, *map(language_field, LANGUAGES)),
    }
)


@dataclass(frozen=True)
class Openness:
    """Which fields are closed, and which open ones are searched by their words."""

    closed: frozenset[str]
    searched: tuple[str, ...]


def openness() -> Openness:
    """That of this site; whoever makes many documents asks once."""
    return Openness(closed_fields(), searched_fields())


def without_closed(package: Mapping[str, Any], closed: frozenset[str] | None = None) -> dict[str, Any]:
    """The package as others read it: without closed fields and exact places that could harm, also among the extras."""
    closed = closed_fields() if closed is None else closed
    shown = {name: value for name, value in coarse(package).items() if name not in closed}
    if "extras" in shown:
        answers = {extra["key"]: extra["value"] for extra in shown["extras"]}
        hidden = closed | ({PLACES} if asks_for_care(answers) else set())
        shown["extras"] = [extra for extra in shown["extras"] if extra["key"] not in hidden]
    return shown


def without_closed_in_index(document: Mapping[str, Any]) -> dict[str, Any]:
    """The search document with declared, open fields alone.

    CKAN indexes each extra twice, once as one raw term: Lucene refuses such a term above 32,766 bytes and with it the
    whole batch. So extras leave the document, and the words of searched fields enter `text`.
    """
    site = openness()
    package = json.loads(document["data_dict"])
    shown = without_closed(json.loads(document["validated_data_dict"]), site.closed)
    extras = {extra["key"] for extra in package.get("extras", ())} - package.keys()
    kept = {name: value for name, value in document.items() if name not in extras and not name.startswith("extras_")}
    return open_document(kept, package, shown, site)


def open_document(
    document: Mapping[str, Any], package: Mapping[str, Any], shown: Mapping[str, Any], site: Openness
) -> dict[str, Any]:
    """The search document without closed fields, with the words of searched fields, and with copies of the package.

    :param package: the package by CKAN's own schema.
    :param shown: the package by ours, already `without_closed`.
    """
    kept = {name: value for name, value in document.items() if name not in site.closed}
    kept["data_dict"] = json.dumps(without_closed(package, site.closed))
    kept["validated_data_dict"] = json.dumps(shown)
    searched = [text for name in site.searched for text in _texts(shown.get(name))]
    kept["text"] = [*_as_list(kept.get("text")), *searched]
    return kept


def with_short_terms(document: Mapping[str, Any]) -> dict[str, Any]:
    """The search document with each value cut that Solr would keep as one term; words and stored copies stay whole."""
    return {
        name: value if name in WHOLE or name.startswith("res_extras_") else _short(value)
        for name, value in document.items()
    }


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value[:TERM_LENGTH]
    return [_short(each) for each in value] if isinstance(value, list) else value


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
