"""Which packages are ours, and which of their fields never reach the open web."""

from __future__ import annotations

from ckan import model

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.schema import Field


def dataset_type() -> str:
    """The package type of our schema; packages of other types go on as CKAN made them."""
    return catalogue_model.load().schema.dataset_type


def own_package(name_or_id: str | None) -> model.Package | None:
    """The package of our type by that name or id."""
    package = model.Package.get(name_or_id) if name_or_id else None
    return package if package is not None and package.type == dataset_type() else None


def closed_fields() -> frozenset[str]:
    """The fields of safety class `closed`: for those who may edit the record, and nobody else."""
    return frozenset(field.name for field in _fields() if field.closed)


def searched_fields() -> tuple[str, ...]:
    """The open fields whose words the search looks through."""
    return tuple(field.name for field in _fields() if field.search_weight and not field.closed)


def _fields() -> tuple[Field, ...]:
    return catalogue_model.load().schema.fields
