"""Where search finds each field: the list of Solr fields, as `logic/search_index.py` fills them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field

__all__ = ["FACET_PREFIX", "solr_json"]

# CKAN's stock Solr schema keeps `vocab_*` as several exact strings, and takes the words of all fields into `text`.
FACET_PREFIX = "vocab_"
WORDS = "text"


def solr_json(model: Model) -> str:
    """A JSON list, one entry a field of Solr and of the schema, in the order of the schema."""
    entries = [entry for field in model.schema.fields if not field.closed for entry in _entries(field)]
    return "[\n" + ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in entries) + "\n]\n"


def _entries(field: Field) -> Iterator[dict[str, Any]]:
    # A facet's labels in all languages are among the words too.
    searched = field.search_weight > 0 or field.facet
    if field.facet:
        yield _entry(field, f"{FACET_PREFIX}{field.name}", "string", searched)
    elif searched:
        yield _entry(field, WORDS, "text", searched)


def _entry(field: Field, name: str, type_name: str, searched: bool) -> dict[str, Any]:
    return {
        "name": name,
        "field": field.name,
        "type": type_name,
        "multi_valued": True,
        "searched": searched,
        "facet": field.facet,
    }
