"""Fields that follow from other things: what a caller writes there isn't taken, and what stands there stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.conformance.across import is_communitys, refuse_label
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.schema import Schema
from ckanext.citizendata.logic.values.raw_values import Errors, Flat, Key, is_empty, value_of_json
from ckanext.citizendata.logic.wording import reader_wording

__all__ = ["is_derived", "keep_derived_rows", "refuse_new_label"]

Context = Mapping[str, Any]


def is_derived(schema: Schema, key: Key) -> bool:
    """Whether the key is, or is inside, a field that nobody fills in."""
    field = schema.field(key[0])
    return field is not None and field.obligation == "derived"


def refuse_new_label(schema: Schema, key: Key, value: Any, errors: Errors, context: Context) -> None:
    """Refuses a label of a community that isn't there already; what came back as it was read is fine."""
    field = schema.field(key[0])
    if field is None or is_empty(value) or not is_communitys(field) or value == _stored_part(key, context):
        return
    report = Report(reader_wording())
    refuse_label(field, value, report)
    errors.setdefault(key, []).extend(f"{problem.message} {problem.advice}" for problem in report.problems)


def keep_derived_rows(schema: Schema, data: Flat, context: Context) -> None:
    """Puts the rows back that the dataset has in its derived fields: an editor neither adds to them nor loses them."""
    for field in schema.fields:
        rows = stored_rows(field.name, context) if field.subfields and field.obligation == "derived" else ()
        for number, row in enumerate(rows):
            for part, value in row.items():
                data.setdefault((field.name, number, part), value)


def stored_rows(name: str, context: Context) -> list[dict[str, Any]]:
    """The rows that a field of the dataset has now; none for a new dataset."""
    package = context.get("package")
    rows = value_of_json(package.extras.get(name)) if package is not None else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _stored_part(key: Key, context: Context) -> Any:
    rows = stored_rows(key[0], context)
    is_part = len(key) == 3 and key[1] < len(rows)
    return rows[key[1]].get(key[2]) if is_part else None
