"""The documents of a batch for the search index: what CKAN's own index would send, with the hooks of all plugins.

Follows `PackageSearchIndex.index_package` of CKAN 2.12; `fits` says whether that is what runs here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import md5
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import helpers as h
from ckan.lib.dictization import table_dictize
from ckan.lib.search.index import escape_xml_illegal_chars

from ckanext.citizendata.core.projecting import StoredPackage, dictized, search_words, shown, with_clean_formats
from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.closed import open_document, openness, with_short_terms, without_closed
from ckanext.citizendata.logic.contexts import the_site
from ckanext.citizendata.logic.finding.search_index import with_codes
from ckanext.citizendata.logic.finding.search_period import with_period
from ckanext.citizendata.logic.labels import PermissionLabels, _labels
from ckanext.citizendata.logic.publishing.rows import Draft
from ckanext.citizendata.logic.record_hooks import RecordHooks
from ckanext.citizendata.model.dirty import Dirty
from ckanext.citizendata.model.record import Record

__all__ = ["Document", "Documents", "labels_of"]

Document = dict[str, Any]
Labels = Mapping[str, Sequence[str]]

RESOURCE_FIELDS = {
    "name": "res_name",
    "description": "res_description",
    "format": "res_format",
    "url": "res_url",
    "resource_type": "res_type",
}
# What the index doesn't have as it is.
APART = ("resources", "extras", "tags", "groups", "relationships_as_subject", "relationships_as_object")
CLEANED = ("title", "notes", "title_string")


class Documents:
    """Makes the documents of one batch; organisations and plugins are looked up once."""

    def __init__(self) -> None:
        self._organizations: dict[str | None, dict[str, Any] | None] = {}
        self._site_id = tk.config["ckan.site_id"]
        self._model, self._openness = site_model.model(), openness()
        self._hooks = list(p.PluginImplementations(p.IPackageController))
        self._resource_hooks = list(p.PluginImplementations(p.IResourceController))
        self._context = the_site(use_cache=False, validate=False)
        fields = {each: f"res_extras_{each}" for each in model.Resource.get_extra_columns()}
        self._resource_fields = {**RESOURCE_FIELDS, **fields}

    def of(self, draft: Draft, labels: Sequence[str]) -> Document:
        """The document of one record."""
        default, told = self._shown(draft.iri, draft.package)
        document = self._flattened(default)
        for hook in self._hooks:
            is_ours = isinstance(hook, RecordHooks)
            document = self._open(document, default, told) if is_ours else hook.before_dataset_index(document)
        return {**document, "permission_labels": [*labels]}

    def _open(self, document: Document, default: Mapping[str, Any], told: Mapping[str, Any]) -> Document:
        """`before_dataset_index` of ours, on values instead of on their JSON."""
        opened = without_closed(told, self._openness.closed)
        document = open_document(document, default, opened, self._openness)
        document = with_codes(document, opened, search_words(self._model))
        return with_short_terms(with_period(document, opened))

    def _shown(self, iri: str, package: StoredPackage) -> tuple[dict[str, Any], dict[str, Any]]:
        """The package by CKAN's own schema and by ours, as `package_show_default_and_custom_schemas` gives them."""
        read = dictized(package, self._organization(package.columns["owner_org"]))
        for hook in self._resource_hooks:
            for file in read["resources"]:
                hook.before_resource_show(file)
        told = shown(self._model, package, read)
        for hook in self._hooks:
            if isinstance(hook, RecordHooks):
                told.update(uri=iri, record_status=LIVE)
            else:
                hook.after_dataset_show(self._context, told)
        return with_clean_formats(read, h.unified_resource_format), told

    def _organization(self, organization_id: str | None) -> dict[str, Any] | None:
        if organization_id not in self._organizations:
            self._organizations[organization_id] = _organization(organization_id)
        return self._organizations[organization_id]

    def _flattened(self, default: Mapping[str, Any]) -> Document:
        title, files = default["title"], default["resources"]
        document = {name: value for name, value in default.items() if name not in APART}
        document |= {
            **({"title_string": title} if title else {}),
            "tags": [],
            "capacity": "private" if default["private"] else "public",
            "groups": [],
            "organization": default["organization"]["name"] if default["organization"] else None,
            **(
                {solr: [each.get(name, "") for each in files] for name, solr in self._resource_fields.items()}
                if files
                else {}
            ),
            "entity_type": "package",
            "dataset_type": default["type"],
            "metadata_created": default["metadata_created"] + "Z",
            "metadata_modified": default["metadata_modified"] + "Z",
            "site_id": self._site_id,
            "index_id": md5(f"{default['id']}{self._site_id}".encode(), usedforsecurity=False).hexdigest(),
        }
        document |= {name: escape_xml_illegal_chars(document[name]) for name in CLEANED if document.get(name)}
        return {**document, "title": (document["title"] or "").lstrip()}


def _organization(organization_id: str | None) -> dict[str, Any] | None:
    row = model.Session.get(model.Group, organization_id, populate_existing=True) if organization_id else None
    if row is None or row.state != model.State.ACTIVE:
        return None
    found = table_dictize(row, tk.fresh_context({}))
    del found["extras"]
    return found


def labels_of(connection: sa.Connection, ids: Sequence[str]) -> Labels:
    """Who may read each of the packages, from rows read fresh; what another plugin says of that is heard."""
    plugin = lib_plugins.get_permission_labels()
    if type(plugin).get_dataset_labels is PermissionLabels.get_dataset_labels:
        return {row.id: _labels(row) for row in connection.execute(_standing(), {"ids": [*ids]})}
    options = {"populate_existing": True}
    packages = model.Session.scalars(
        sa.select(model.Package).where(model.Package.id.in_(ids)), execution_options=options
    )
    return {package.id: plugin.get_dataset_labels(package) for package in packages}


def _standing() -> sa.Select[Any]:
    package, record, dirty = model.package_table.c, Record.__table__.c, Dirty.__table__.c
    columns = (package.id, package.state, package.private, package.owner_org, package.creator_user_id)
    return (
        sa.select(*columns, record.audience, record.state.label("record_state"), dirty.reason)
        .select_from(
            model.package_table.outerjoin(Record.__table__, record.package_id == package.id).outerjoin(
                Dirty.__table__, dirty.package_id == package.id
            )
        )
        .where(package.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.UnicodeText))))
    )
