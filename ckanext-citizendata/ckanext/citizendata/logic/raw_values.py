"""The flat dict of CKAN's validation: what a caller wrote, and where validated values end up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

__all__ = [
    "Errors",
    "Flat",
    "Key",
    "form_texts",
    "is_empty",
    "is_projection",
    "stored",
    "store",
    "subfield_values",
    "written_texts",
]

Key = tuple[Any, ...]
Flat = dict[Key, Any]
Errors = dict[Key, list[str]]


def is_empty(value: Any) -> bool:
    """Whether nothing was written: absent, None, or an empty text, list or object."""
    return value is tk.missing or value is None or value in ("", [], {}, ())


def is_projection(context: Mapping[str, Any]) -> bool:
    """Whether the package is the projection of a harvested record, which nobody typed and nothing refuses."""
    return bool(context.get("citizendata_projection"))


def form_texts(key: Key, data: Flat) -> dict[str, Any]:
    """The texts that a form sent beside the field, by language: `title_translated-en` and so on."""
    prefix = f"{key[-1]}-"
    extras = data.get((*key[:-1], "__extras"), {})
    return {name.removeprefix(prefix): text for name, text in extras.items() if str(name).startswith(prefix)}


def written_texts(field: str, data: Flat) -> Mapping[str, Any]:
    """The texts of a field before validation, by language; empty for anything else than texts."""
    value = data.get((field,), tk.missing)
    if is_empty(value):
        return form_texts((field,), data)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, Mapping) else {}


def stored(data: Flat) -> dict[str, Any]:
    """The fields that validation has put among the extras, each as stored."""
    return {
        value: data.get(("extras", key[1], "value"))
        for key, value in list(data.items())
        if len(key) == 3 and key[0] == "extras" and key[2] == "key"
    }


def store(field: str, value: Any, data: Flat) -> None:
    """Puts a value among the extras, as CKAN's `convert_to_extras` does for a field of its own."""
    numbers = [key[1] for key in data if len(key) > 1 and key[0] == "extras"]
    number = max(numbers, default=-1) + 1
    data[("extras", number, "key")] = field
    data[("extras", number, "value")] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def subfield_values(field: str, data: Flat) -> dict[int, dict[str, Any]]:
    """The items of a field with subfields, by their number; empty subfields are left out."""
    items: dict[int, dict[str, Any]] = {}
    for key, value in data.items():
        if len(key) == 3 and key[0] == field and not str(key[2]).startswith("__"):
            item = items.setdefault(key[1], {})
            if not is_empty(value):
                item[key[2]] = value
    return items
