"""The flat dict of CKAN's validation: what a caller wrote, and where validated values end up."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.depth import NESTED, may_be_deep, shallow
from ckanext.citizendata.core.schema import Field, Schema

__all__ = [
    "Errors",
    "Flat",
    "Key",
    "as_stored",
    "field_at",
    "form_texts",
    "is_empty",
    "is_projection",
    "key_of_path",
    "package_of",
    "store",
    "stored",
    "subfield_values",
    "value_of_json",
    "written_texts",
]

Key = tuple[Any, ...]
Flat = dict[Key, Any]
Errors = dict[Key, list[str]]

RESOURCES = "resources"
# What CKAN's table of extras, which holds texts alone, keeps as JSON.
IN_JSON = frozenset({"text", "keywords", "codes", "urls", "lines", "integer", "decimal"})
PATH = re.compile(r"(\w+)(?:\[(\d+)\](?:\.(\w+))?)?")


def is_empty(value: Any) -> bool:
    """Whether nothing was written: absent, None, or an empty text, list or object."""
    return value is tk.missing or value is None or value in ("", [], {}, ())


def is_projection(context: Mapping[str, Any]) -> bool:
    """Whether the package is the projection of a harvested record, which nobody typed and nothing refuses."""
    return bool(context.get("citizendata_projection"))


def field_at(schema: Schema, key: Key) -> Field | None:
    """The field that a key stands for: of the dataset, of a file, or a part of a row; None for one of CKAN's own."""
    if len(key) == 1:
        return schema.field(key[0])
    row = None if key[0] == RESOURCES else schema.field(key[0])
    parts = schema.resource_fields if key[0] == RESOURCES else row.subfields if row else ()
    return next((part for part in parts if part.name == key[-1]), None)


def key_of_path(schema: Schema, path: str) -> Key:
    """Where CKAN keeps the messages about `contact[0].email`, and about `contact[0]`: at its first part.

    What is said of an item or a language (`country[1]`, `title_translated.fr`) stands at the whole field.
    """
    found = PATH.match(path)
    if found is None:
        return (path,)
    name, number, part = found.groups()
    field = schema.field(name)
    if number is not None and part is None and field is not None and field.subfields:
        part = field.subfields[0].name
    return (name,) if number is None or part is None else (name, int(number), part)


def as_stored(field: Field, key: Key, value: Any) -> Any:
    """The value as CKAN keeps it: lists, texts by language and numbers as JSON, but in rows and files as they are."""
    if field.kind not in IN_JSON or (len(key) > 1 and (key[0] != RESOURCES or field.is_number)):
        return value
    return json.dumps(value, ensure_ascii=False)


def value_of_json(value: Any) -> Any:
    """The value that was stored as JSON; any other value as it is."""
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return value if may_be_deep(value) and shallow(found) is NESTED else found


def package_of(schema: Schema, data: Flat) -> dict[str, Any]:
    """The fields of the schema after validation, in the shape of the API; a refused value as it was written."""
    values = stored(data)
    package = {
        field.name: _rows(field.name, data)
        if field.kind == "rows"
        else _loaded(field, values.get(field.name, data.get((field.name,))))
        for field in schema.fields
    }
    files = {part.name: part for part in schema.resource_fields}
    package[RESOURCES] = [
        {name: _loaded(files[name], value) if name in files else value for name, value in item.items()}
        for item in _rows(RESOURCES, data)
    ]
    return {name: value for name, value in package.items() if not is_empty(value)}


def _loaded(field: Field, value: Any) -> Any:
    return value_of_json(value) if field.kind in IN_JSON else value


def _rows(field: str, data: Flat) -> list[dict[str, Any]]:
    items = subfield_values(field, data)
    return [items.get(number, {}) for number in range(max(items, default=-1) + 1)]


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
        value = value_of_json(value)
    texts = value if isinstance(value, Mapping) else {}
    return {tag: text for tag, text in texts.items() if isinstance(text, str)}


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
