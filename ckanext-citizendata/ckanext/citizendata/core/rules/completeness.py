"""How much of what is asked has been answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.rules.answers import UNKNOWN, Package
from ckanext.citizendata.core.schema import Field, Schema

__all__ = ["completeness", "is_answered"]

UNCOUNTED = ("optional", "derived")
KEPT_AS = "_asked"


def completeness(package: Package, schema: Schema) -> int:
    """The share of the asked fields that are answered, in whole per cent, rounded down.

    Only open fields count: a number that everyone reads must not tell how the closed ones were answered.
    """
    asked = _asked(schema)
    answered = sum(is_answered(asked[name], value) for name, value in package.items() if name in asked)
    return 100 * answered // len(asked) if asked else 0


def _asked(schema: Schema) -> Mapping[str, Field]:
    # Kept in the schema as its cached properties are; to look a schema up by value takes longer than to count.
    kept = vars(schema)
    if KEPT_AS not in kept:
        fields = (field for field in schema.fields if field.obligation not in UNCOUNTED and not field.closed)
        kept[KEPT_AS] = {field.name: field for field in fields}
    return kept[KEPT_AS]


def is_answered(field: Field, value: Any) -> bool:
    """Whether the value says something; `unknown`, or what stands for no answer in the field, doesn't."""
    if isinstance(value, str):
        return bool(value.strip()) and not (field.vocabulary and value in (UNKNOWN, field.default_code))
    if isinstance(value, Mapping):
        return any(is_answered(field, each) for each in value.values())
    if not isinstance(value, (list, tuple)):
        return value is not None
    if field.subfields:
        return any(_is_answered_row(field, row) for row in value if isinstance(row, Mapping))
    return any(is_answered(field, each) for each in value)


def _is_answered_row(field: Field, row: Package) -> bool:
    """Whether a row tells a text or number, or codes of which none is unknown: a stage alone tells nothing."""
    parts = [(part, row.get(part.name)) for part in field.subfields]
    if any(is_answered(part, value) for part, value in parts if not part.vocabulary):
        return True
    coded = [(part, value) for part, value in parts if part.vocabulary and value]
    return bool(coded) and all(is_answered(part, value) for part, value in coded)
