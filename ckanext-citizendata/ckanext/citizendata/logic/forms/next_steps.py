"""What would help a record most: the questions to answer next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.citizendata.logic.forms.form_layout import Field, Schema, fields_of, is_answered

__all__ = ["next_steps"]

# Those that publish, then what a reader needs because of another answer, then what every catalogue asks.
RANKS: Mapping[str, int] = {"quick": 0, "safety": 0, "audience": 0, "mandatory": 2, "recommended": 3}
NEEDED_NOW = 1


def next_steps(schema: Schema, data: Mapping[str, Any], number: int = 3) -> tuple[Field, ...]:
    """The open questions, most useful first: what people filter and search by before the rest."""
    return tuple(sorted(_open(schema, data), key=lambda field: _worth(field, data))[:number])


def _open(schema: Schema, data: Mapping[str, Any]) -> Iterator[Field]:
    for field in fields_of(schema):
        if field.get("obligation") in RANKS and not is_answered(field, data.get(field["field_name"])):
            yield field


def _worth(field: Field, data: Mapping[str, Any]) -> tuple[int, bool, int]:
    rank = RANKS[field["obligation"]]
    needed = rank > NEEDED_NOW and _is_asked_for(field, data)
    return NEEDED_NOW if needed else rank, not field.get("facet"), -int(field.get("search_weight") or 0)


def _is_asked_for(field: Field, data: Mapping[str, Any]) -> bool:
    """Whether another answer makes this one needed, as conditions are where access is restricted."""
    return any(
        data.get(name) in codes if isinstance(data.get(name), str) else bool(set(data.get(name) or ()) & set(codes))
        for name, codes in (field.get("required_when") or {}).items()
        if "." not in name
    )
