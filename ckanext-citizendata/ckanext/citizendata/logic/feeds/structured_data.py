"""What search engines and trainers of models read of a dataset: schema.org and Croissant by ckanext-dcat, from an open
selection of fields, where those whom the data are about allowed the training of artificial intelligence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.dcat.helpers import croissant as stock_croissant
from ckanext.dcat.helpers import structured_data as stock_structured_data
from ckanext.dcat.profiles.croissant import JSONLD_CONTEXT

from ckanext.citizendata.core.record import LOCAL
from ckanext.citizendata.feeds.entry import Dataset
from ckanext.citizendata.logic import own_type, site_model
from ckanext.citizendata.logic.feeds.entries import entry_from_row
from ckanext.citizendata.logic.feeds.iris import publisher_iri
from ckanext.citizendata.logic.feeds.signposts import licence_of_files
from ckanext.citizendata.logic.values.raw_values import value_of_json
from ckanext.citizendata.model import place

__all__ = ["croissant", "has_croissant", "structured_data"]

# Nothing else of the package gets into schema.org: a new field stays out until somebody decides.
PACKAGE = ("id", "name", "type", "title", "notes", "uri", "tags", "owner_org")
ORGANIZATION = ("id", "name", "title")
RESOURCE = ("id", "package_id", "name", "description", "url", "format", "mimetype", "uri", "license")
# What people agreed to: no stranger reads the answer, so that it is asked where the package is stored.
AGREED = "consent_scope"
# Under a language, each text without one becomes an object, which readers of Croissant don't expect.
CONTEXT = {name: value for name, value in JSONLD_CONTEXT.items() if name != "@language"}
ALLOWED, REFUSED = "ai_training_allowed", "ai_training_refused"


def structured_data(package: Mapping[str, Any]) -> str | None:
    """The JSON-LD of schema.org, safe inside a script element; None for a page that may have none."""
    return _by_stock(package, stock_structured_data, _selected)


def croissant(package: Mapping[str, Any]) -> str | None:
    """The JSON-LD of Croissant, safe inside a script element; None for a page that may have none."""
    return _by_stock(package, partial(stock_croissant, jsonld_context=CONTEXT), _selected_for_croissant)


def has_croissant() -> bool:
    """Whether this site has ckanext-dcat's Croissant."""
    return p.plugin_loaded("croissant")


def _by_stock(
    package: Mapping[str, Any],
    stock: Callable[[Any], str],
    select: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> str | None:
    """What ckanext-dcat writes; of our records only of those that everyone may read, and train models with."""
    if package.get("type") != own_type.dataset_type():
        return stock(package)
    row = place.of_package(package["id"]) if _may_train(package["id"]) else None
    if row is None or not isinstance(entry_from_row(row), Dataset):
        return None
    # A registry's own dates would pass for those of the dataset.
    dates = (
        {"issued": row.public_since.isoformat(), "modified": row.modified.isoformat()} if row.authority == LOCAL else {}
    )
    return stock(select(package) | dates)


def _may_train(package_id: str) -> bool:
    """Whether it was asked and nobody refused; both answers at once refuse."""
    package = model.Package.get(package_id)
    agreed = value_of_json(package.extras.get(AGREED)) if package is not None else None
    codes = agreed if isinstance(agreed, list) else [agreed]
    return ALLOWED in codes and REFUSED not in codes


def _selected(package: Mapping[str, Any]) -> dict[str, Any]:
    publisher = next(iter(package.get("publisher") or ()), {})
    period = next(iter(package.get("temporal_coverage") or ()), {})
    derived = {
        "organization": _only(ORGANIZATION, package.get("organization") or {}),
        "resources": [_only(RESOURCE, resource) for resource in package.get("resources") or ()],
        "language": [code for code in package.get("language") or () if code != "unknown"],
        "license_url": licence_of_files(package),
        "publisher_name": publisher.get("name"),
        "publisher_uri": publisher.get("uri"),
        "temporal_start": period.get("start"),
        "temporal_end": period.get("end"),
        "spatial_text": _places(package.get("country") or ()),
    }
    return _only(PACKAGE, package) | {name: value for name, value in derived.items() if value}


def _selected_for_croissant(package: Mapping[str, Any]) -> dict[str, Any]:
    """Its profile reads lists of agents, where that of schema.org reads single values."""
    selected = _selected(package)
    organization = selected.get("organization", {})
    name = selected.get("publisher_name") or organization.get("title") or organization.get("name")
    agents = [{"name": name, "id_given": publisher_iri(package)}] if name else []
    return selected | {"creator": [dict(each) for each in agents], "publisher": agents}


def _only(names: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in names if values.get(name) is not None}


def _places(codes: Any) -> str:
    countries = site_model.vocabulary("country")
    language = str(tk.config.get("ckan.locale_default") or "en")
    return ", ".join(countries.label(code, language) for code in codes)
