"""Puts into a dataset what follows from its answers, while CKAN validates it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.projecting import following
from ckanext.citizendata.core.rules import derived, safe_defaults
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.values.raw_values import Flat, is_projection, package_of, store

__all__ = ["derive_values", "fill_in_safely"]


def fill_in_safely(data: Flat) -> None:
    """Chooses narrow readers and access where the answers ask for care and the person left these open."""
    for name, value in safe_defaults(package_of(site_model.model().schema, data)).items():
        _put(name, value, data)


def derive_values(data: Flat, context: Mapping[str, Any]) -> None:
    """Stores the derived values; a harvested record keeps those that its own catalogue gives, and its own goals."""
    ours = site_model.model()
    package = package_of(ours.schema, data)
    found = following(ours, package) if is_projection(context) else derived(ours, package)
    for name, value in found.items():
        if value is not None:
            _put(name, value, data)


def _put(name: str, value: Any, data: Flat) -> None:
    """Stores a value in the place of the one that is there."""
    before = [key for key in data if len(key) == 3 and key[0] == "extras" and key[2] == "key" and data[key] == name]
    for key in before:
        del data[key], data[(*key[:2], "value")]
    store(name, value, data)
