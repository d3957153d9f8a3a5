"""What search engines read in the page of a dataset: schema.org by ckanext-dcat, from an open selection of fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.dcat.helpers import structured_data as stock

from ckanext.citizendata.core.record import LOCAL
from ckanext.citizendata.feeds.entry import Dataset
from ckanext.citizendata.logic import own_type, site_model
from ckanext.citizendata.logic.entries import entry_from_row
from ckanext.citizendata.model import place

__all__ = ["structured_data"]

# Nothing else of the package gets into schema.org: a new field stays out until somebody decides.
PACKAGE = ("id", "name", "type", "title", "notes", "uri", "tags", "owner_org")
ORGANIZATION = ("id", "name", "title")
RESOURCE = ("id", "package_id", "name", "description", "url", "format", "uri", "license")


def structured_data(package: Mapping[str, Any]) -> str | None:
    """The JSON-LD of a dataset that everyone may read, safe inside a script element; None for any other page."""
    if package.get("type") != own_type.dataset_type():
        return stock(package)
    row = place.of_package(package["id"])
    if row is None or not isinstance(entry_from_row(row), Dataset):
        return None
    # A registry's own dates would pass for those of the dataset.
    dates = (
        {"issued": row.public_since.isoformat(), "modified": row.modified.isoformat()} if row.authority == LOCAL else {}
    )
    return stock(_selected(package) | dates)


def _selected(package: Mapping[str, Any]) -> dict[str, Any]:
    publisher = next(iter(package.get("publisher") or ()), {})
    period = next(iter(package.get("temporal_coverage") or ()), {})
    derived = {
        "organization": _only(ORGANIZATION, package.get("organization") or {}),
        "resources": [_only(RESOURCE, resource) for resource in package.get("resources") or ()],
        "language": [code for code in package.get("language") or () if code != "unknown"],
        "publisher_name": publisher.get("name"),
        "publisher_uri": publisher.get("uri"),
        "temporal_start": period.get("start"),
        "temporal_end": period.get("end"),
        "spatial_text": _places(package.get("country") or ()),
    }
    return _only(PACKAGE, package) | {name: value for name, value in derived.items() if value}


def _only(names: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in names if values.get(name) is not None}


def _places(codes: Any) -> str:
    countries = site_model.vocabulary("country")
    language = str(tk.config.get("ckan.locale_default") or "en")
    return ", ".join(countries.label(code, language) for code in codes)
