"""Which packages are ours, and which of their fields never reach the open web."""

from __future__ import annotations

from ckan import model

from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.search_fields import word_fields
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.values.storable import sought


def dataset_type() -> str:
    """The package type of our schema; packages of other types go on as CKAN made them."""
    return site_model.model().schema.type_name


def own_package(name_or_id: object) -> model.Package | None:
    """The package of our type by that name or id; None also for what can be no name."""
    name = sought(name_or_id)
    package = model.Package.get(name) if name else None
    return package if package is not None and package.type == dataset_type() else None


def closed_fields() -> frozenset[str]:
    """The fields that never reach the open web: for those who may edit the record, and nobody else."""
    return frozenset(field.name for field in _fields() if field.closed)


def searched_fields() -> tuple[str, ...]:
    """The open fields whose words the search looks through."""
    return tuple(field.name for field in word_fields(site_model.model().schema))


def _fields() -> tuple[Field, ...]:
    return site_model.model().schema.fields
