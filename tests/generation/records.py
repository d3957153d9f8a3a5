"""Records to measure with, made from the schema: one with every field filled, one as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field

__all__ = ["full_record", "usual_record"]

# What an officer fills in who answers the quick questions and some more.
USUAL = (
    "title_translated", "notes_translated", "country", "temporal_coverage", "language", "theme", "keyword", "frequency",
    "contact", "population_group", "sdg_goal", "citizen_data_form", "initiator_kind", "producer_kind", "engagement",
    "data_ownership", "collection_mode", "limitations", "access_rights", "indigenous_data", "integration_status",
    "publisher", "resources",
)  # fmt: skip
TEXTS = {"en": "How long people wait for water", "fr": "Le temps d'attente pour l'eau", "ar": "مدة انتظار الماء"}
GEOMETRY = '{"type":"Point","coordinates":[36.78,-1.31]}'


def full_record(model: Model, number: int) -> dict[str, Any]:
    """A package with every field of the model filled once, told from others by its number."""
    package = {field.name: _value(model, field, number) for field in model.schema.fields if field.shape}
    package["resources"] = [
        {part.name: _value(model, part, number, "resources/") for part in model.schema.resource_fields}
    ]
    return package


def usual_record(model: Model, number: int) -> dict[str, Any]:
    """A package of about a hundred statements, told from others by its number."""
    full = full_record(model, number)
    usual = {name: full[name] for name in USUAL}
    usual["country"] = ["KEN", "UGA"]
    usual["resources"] = [
        {"url": f"https://data.example.org/{number}/{place}.csv", "name": "Points", "format": "CSV", "license": "CC0"}
        for place in range(3)
    ]
    return usual


def _value(model: Model, field: Field, number: int, within: str = "") -> Any:
    if field.kind == "rows":
        return [{part.name: _value(model, part, number, f"{field.name}/") for part in field.subfields}]
    if field.kind in ("code", "codes"):
        code = _code(model, field, number)
        return [code] if field.kind == "codes" else code
    return _plain(field, number, within)


def _code(model: Model, field: Field, number: int) -> str:
    written = [concept.code for concept in model.vocabularies[str(field.vocabulary)] if concept.written]
    return written[number % len(written)]


def _plain(field: Field, number: int, within: str) -> Any:
    address = f"https://example.org/{within}{field.name}/{number}"
    values: Mapping[str, Any] = {
        "text": TEXTS,
        "keywords": {"en": ["queue", "water"], "fr": ["eau"]},
        "integer": 40 + number % 60,
        "decimal": 12.5,
        "date": "2024-03-01",
        "email": f"desk{number}@example.org",
        "phone": "+254700000000",
        "url": address,
        "urls": [address],
        "geometry": GEOMETRY,
        "format": "CSV",
        "media_type": "text/csv",
    }
    return address if field.name in ("uri", "url") else values.get(field.kind, f"Answer {number}")
