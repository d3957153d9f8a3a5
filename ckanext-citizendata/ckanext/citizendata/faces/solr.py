"""Where search finds each field: what the site puts into the fields of Solr."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.search_fields import (
    CODES,
    REGION,
    TITLE,
    TITLES,
    WORDS,
    facets,
    language_field,
    searched_codes,
    word_fields,
)

__all__ = ["solr_json"]

# What an entry of the list says under `holds`.
AS_WRITTEN = "the words as they were written"
BY_LANGUAGE = "the words by the rules of their language, where Solr has our schema: ar, es, fr, ru, zh"
PLAIN = "the words in all languages without accents, for slips of the finger, where Solr has our schema"
ABOUT = "list/code of the codes and of all wider ones, which a search finds by their names in every language"
# The kinds of field that are asked in several languages.
TRANSLATED = ("text", "keywords")
CHOICES = "the codes and all wider ones"


def solr_json(model: Model) -> str:
    """A JSON list, one entry for what a field of the schema gives to a field of Solr, in the order of the schema.

    The regions, which follow from the countries, are no field of the schema and come last.
    """
    entries = [*(entry for field in model.schema.fields for entry in _entries(model, field.name))]
    entries += _entries(model, REGION)
    return "[\n" + ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in entries) + "\n]\n"


def _entries(model: Model, name: str) -> Iterator[dict[str, Any]]:
    for field in word_fields(model.schema):
        if field.name == name:
            yield _entry(WORDS, name, "text", AS_WRITTEN)
            if field.kind in TRANSLATED:
                yield _entry(language_field("*"), name, "text", BY_LANGUAGE)
    if name in TITLES:
        yield _entry(TITLE, name, "text", PLAIN)
    if name == REGION or name in (field.name for field in searched_codes(model.schema)):
        yield _entry(CODES, name, "string", ABOUT)
    for facet in facets(model):
        if facet.name == name:
            yield _entry(facet.solr_field, name, "string", CHOICES)


def _entry(name: str, field: str, type_name: str, holds: str) -> dict[str, Any]:
    return {"name": name, "field": field, "type": type_name, "multi_valued": True, "holds": holds}
