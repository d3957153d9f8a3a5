"""The rows in the profile of an organisation: ckanext-scheming checks them, but keeps only those of datasets."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ckanext.citizendata.logic.values.raw_values import Errors, Flat, Key, subfield_values, value_of_json

__all__ = ["citizendata_profile_rows"]

EXTRAS = "extras"
Rule = Callable[[Key, Flat, Errors, Any], None]


def citizendata_profile_rows(_field: Mapping[str, Any], schema: Mapping[str, Any]) -> Rule:
    """Writes rows into the extras of an organisation that is saved, and reads them from there for one that is shown."""
    names = [field["field_name"] for field in schema["fields"] if "repeating_subfields" in field]

    def rule(key: Key, data: Flat, errors: Errors, context: Any) -> None:  # noqa: ARG001
        written = {name: rows for name in names if (rows := _rows(name, data))}
        for name, value in _taken(names, data).items():
            if not written:
                data[(name,)] = value_of_json(value)
        for name, rows in written.items():
            _keep(name, rows, data)

    return rule


citizendata_profile_rows.is_a_scheming_validator = True  # type: ignore[attr-defined]


def _rows(name: str, data: Flat) -> list[dict[str, Any]]:
    return [row for _, row in sorted(subfield_values(name, data).items()) if row]


def _keep(name: str, rows: list[dict[str, Any]], data: Flat) -> None:
    number = max((key[1] for key in data if key[0] == EXTRAS and len(key) > 1), default=-1) + 1
    data[(EXTRAS, number, "key")] = name
    data[(EXTRAS, number, "value")] = json.dumps(rows, ensure_ascii=False)


def _taken(names: list[str], data: Flat) -> dict[str, Any]:
    """What the extras hold for these fields, taken out of them."""
    found = {key[1]: str(name) for key, name in data.items() if key[::2] == (EXTRAS, "key") and name in names}
    values = {name: data.get((EXTRAS, number, "value")) for number, name in found.items()}
    for key in [key for key in data if key[0] == EXTRAS and len(key) > 1 and key[1] in found]:
        del data[key]
    return values
