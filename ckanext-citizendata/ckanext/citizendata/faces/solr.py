"""Where search finds each field: what the site puts into the fields of Solr."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.search_fields import REGION, WORDS, coded_fields, facets, word_fields

__all__ = ["solr_json"]

# What an entry of the list says under `holds`.
AS_WRITTEN = "the words as they were written"
NAMES = "the names of the codes and of all wider ones, in every language"
CODES = "the codes and all wider ones"


def solr_json(model: Model) -> str:
    """A JSON list, one entry for what a field of the schema gives to a field of Solr, in the order of the schema.

    The regions, which follow from the countries, are no field of the schema and come last.
    """
    entries = [*(entry for field in model.schema.fields for entry in _entries(model, field.name))]
    entries += _entries(model, REGION)
    return "[\n" + ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in entries) + "\n]\n"


def _entries(model: Model, name: str) -> Iterator[dict[str, Any]]:
    if name in (field.name for field in word_fields(model.schema)):
        yield _entry(WORDS, name, "text", AS_WRITTEN)
    if name == REGION or name in (field.name for field in coded_fields(model.schema)):
        yield _entry(WORDS, name, "text", NAMES)
    for facet in facets(model):
        if facet.name == name:
            yield _entry(facet.solr_field, name, "string", CODES)


def _entry(name: str, field: str, type_name: str, holds: str) -> dict[str, Any]:
    return {"name": name, "field": field, "type": type_name, "multi_valued": True, "holds": holds}
