"""Addresses that name what a row is about: one that names something else would change what is said of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.wording import N_, shortened
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field

__all__ = ["check_addresses"]

Row = tuple[Field, int, Field, str, Mapping[str, Any]]

NAMES = ("name", "title")
TAKEN = N_("“{value}” already names something else; leave the address out, or give that of this one.")
TWO_NAMES = N_("{field}: “{value}” is called “{first}” and “{second}” here; give each its own address.")


def check_addresses(model: Model, package: Mapping[str, Any], taken: tuple[str, ...], report: Report) -> None:
    """Refuses addresses of the dataset itself, of an entry of a list, or beginning as one of `taken`; warns of one
    address under two names."""
    names: dict[str, str] = {}
    for field, number, part, iri, row in _rows(model, package):
        path = f"{field.name}[{number}].{part.name}"
        report.row = (field, number)
        if iri == package.get("uri") or iri.startswith(taken) or _is_of_list(model, iri):
            report.ask(path, "taken", part, TAKEN, value=shortened(iri))
        name = next((str(row[key]).strip() for key in NAMES if row.get(key)), "")
        first = names.setdefault(iri, name) if name else name
        if first != name:
            words = {"value": shortened(iri), "first": shortened(first), "second": shortened(name)}
            report.doubt(path, "two_names", part, TWO_NAMES, **words)
    report.row = None


def _rows(model: Model, package: Mapping[str, Any]) -> Iterator[Row]:
    """The rows that have an address of their own; a derived one is the site's to write."""
    for field in model.schema.fields:
        written = package.get(field.name) if field.kind == "rows" and field.obligation != "derived" else None
        part = next((part for part in field.subfields if part.shape and part.shape.is_node), None)
        if part is None or not isinstance(written, (list, tuple)):
            continue
        for number, row in enumerate(written):
            iri = row.get(part.name) if isinstance(row, Mapping) else None
            if isinstance(iri, str) and iri:
                yield field, number, part, iri, row


def _is_of_list(model: Model, iri: str) -> bool:
    return any(each.iri == iri or each.by_iri(iri) is not None for each in model.vocabularies.values())
