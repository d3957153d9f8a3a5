"""Where CKAN's writing routes meet records: the hooks inside the transaction, and the net below them.

Every route that the hooks see writes the record at once. What they miss is noticed before the commit, refused where the
record comes from a member, and otherwise marked dirty in the same transaction.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from ckan import model
from ckan.types import Context
from sqlalchemy import orm

from ckanext.citizendata.logic import records, rendered
from ckanext.citizendata.logic.closed import with_short_terms, without_closed_in_index
from ckanext.citizendata.logic.dirty import mark_edited, mark_organization
from ckanext.citizendata.logic.finding.search_index import with_facets
from ckanext.citizendata.logic.finding.search_period import with_period
from ckanext.citizendata.logic.marks import refuse_edit
from ckanext.citizendata.logic.official import with_decisions
from ckanext.citizendata.logic.own_type import dataset_type, own_package
from ckanext.citizendata.model import record as record_table


class RecordHooks:
    """The part of the plugin that keeps records, in the hooks of packages, organisations and domain objects."""

    def after_dataset_create(self, _context: Context, data_dict: dict[str, Any]) -> None:
        _render(data_dict["id"])

    def after_dataset_update(self, _context: Context, data_dict: dict[str, Any]) -> None:
        _render(data_dict["id"])

    def after_dataset_delete(self, _context: Context, data_dict: dict[str, Any]) -> None:
        # CKAN calls this before the package gets its new state.
        package = own_package(data_dict["id"])
        if package is not None:
            package.metadata_modified = _now()
            records.render(package, model.State.DELETED)

    def after_dataset_show(self, _context: Context, data_dict: dict[str, Any]) -> None:
        if data_dict.get("type") != dataset_type():
            return
        row = record_table.by_package(data_dict["id"])
        if row is not None:
            data_dict.update(uri=row.iri, record_status=row.state)
            with_decisions(data_dict)

    def before_dataset_index(self, data_dict: dict[str, Any]) -> dict[str, Any]:
        if data_dict.get("type") != dataset_type():
            return data_dict
        document = with_facets(without_closed_in_index(data_dict))
        return with_short_terms(with_period(document, json.loads(document["validated_data_dict"])))

    def edit(self, entity: Any) -> None:
        # The hooks of packages, groups and organisations share this name.
        if isinstance(entity, model.Group) and entity.is_organization:
            mark_organization(entity.id)

    def notify(self, entity: Any, operation: str) -> None:
        if isinstance(entity, model.Package) and entity.type == dataset_type() and _is_edited(entity):
            refuse_edit(entity.id)
            _follow(entity, operation)


def _render(package_id: str) -> None:
    package = own_package(package_id)
    if package is not None:
        # A source's date here would break the cache key of package_show, and hide late changes from `modified_since`.
        package.metadata_modified = _now()
        records.render(package)


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(tzinfo=None)


def _follow(package: model.Package, operation: str) -> None:
    if operation == model.DomainObjectOperation.deleted:
        records.purge(package.id)
    elif package in model.Session() and not rendered.is_noted(package):
        # A purged package is told once more as changed, by way of its resources; it is in the session no more.
        mark_edited(package.id)


def _is_edited(package: model.Package) -> bool:
    """Whether the package itself changed, its resources or tags; its groups are no part of the record."""
    session = orm.object_session(package) or model.Session()
    changed = [entity for entities in getattr(session, "_object_cache", {}).values() for entity in entities]
    return any(
        entity is package
        or (isinstance(entity, (model.Resource, model.PackageTag)) and entity.package_id == package.id)
        for entity in changed
    )
