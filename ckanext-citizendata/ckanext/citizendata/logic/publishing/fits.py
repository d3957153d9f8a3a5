"""Whether this site is one on which batches are known to leave what CKAN's actions leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.datapreview import get_view_plugin
from ckan.lib.plugins import lookup_package_plugin

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.projecting.shown import COLUMNS
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.record_hooks import RecordHooks

__all__ = ["misfit", "removal_misfit"]

# What the parity test was run with.
TESTED = {"ckan": ("2.12.0",), "ckanext-scheming": ("3.1.0",), "ckanext-dcat": ("2.4.4",)}
# Plugins whose hooks the parity test has seen.
SEEN = frozenset(
    {
        "citizendata", "citizendata_guard", "citizendata_registry", "dcat", "structured_data", "croissant",
        "scheming_datasets", "scheming_organizations",
    }
)  # fmt: skip
# Hooks that a batch doesn't run, by the interface that has them.
NOT_RUN: dict[type[p.Interface], tuple[str, ...]] = {
    p.IPackageController: ("read", "create", "edit", "after_dataset_create", "after_dataset_update"),
    p.IResourceController: (
        "before_resource_create", "after_resource_create", "before_resource_update", "after_resource_update",
        "before_resource_delete", "after_resource_delete",
    ),
    p.IDomainObjectModification: ("notify", "notify_after_commit"),
    p.IResourceUrlChange: ("notify",),
    p.ISignal: ("get_signal_subscriptions",),
    p.IUploader: ("get_resource_uploader",),
}  # fmt: skip
# The same, where many records are taken away.
NOT_RUN_AT_REMOVAL: dict[type[p.Interface], tuple[str, ...]] = {
    p.IPackageController: ("delete", "after_dataset_delete"),
    p.IDomainObjectModification: NOT_RUN[p.IDomainObjectModification],
    p.ISignal: NOT_RUN[p.ISignal],
}
# Actions that a batch goes past.
PASSED = ("package_create", "package_update", "package_show", "package_owner_org_update", "resource_create")
PASSED_AT_REMOVAL = ("package_delete",)
# Keys of a field by which a site has CKAN check or show it in a way of its own.
OWN_WAYS = ("validators", "output_validators", "create_validators")


def misfit() -> str | None:
    """In one sentence why batches aren't used here, None where they are; then actions publish one by one."""
    return next((reason for reasons in (_versions(), _settings(), _hooks(), _fields()) for reason in reasons), None)


def removal_misfit() -> str | None:
    """In one sentence why records aren't taken away many at once here, None where they are."""
    reasons = (*_versions(), *_not_run(NOT_RUN_AT_REMOVAL), *_actions(PASSED_AT_REMOVAL))
    if not tk.config.get("ckan.search.remove_deleted_packages"):
        return "ckan.search.remove_deleted_packages keeps deleted datasets in the search index."
    return next(iter(reasons), None)


def _versions() -> Iterator[str]:
    for package, tested in TESTED.items():
        try:
            found = version(package)
        except PackageNotFoundError:
            found = "no version"
        if found not in tested:
            yield f"Batches were never tested with {package} {found}, but with {', '.join(tested)}."


def _settings() -> Iterator[str]:
    # CKAN names some by itself, and passes over those whose plugin isn't there.
    views = [each for each in tk.config.get("ckan.views.default_views") or () if get_view_plugin(each)]
    if views:
        yield f"ckan.views.default_views asks for views of new files ({' '.join(views)}), which a batch doesn't make."


def _not_run(hooks: Mapping[type[p.Interface], tuple[str, ...]]) -> Iterator[str]:
    for interface, names in hooks.items():
        for plugin in p.PluginImplementations(interface):
            hook = next((name for name in names if _has(plugin, interface, name)), None)
            if hook and plugin.name not in SEEN:
                yield f"The plugin {plugin.name} has the hook {hook}, which a batch doesn't run."


def _hooks() -> Iterator[str]:
    yield from _not_run(NOT_RUN)
    yield from _before_ours()
    yield from _actions(PASSED)
    form = lookup_package_plugin(dataset_type())
    if getattr(form, "name", None) not in SEEN:
        yield f"The plugin {getattr(form, 'name', form)} has a form of its own for datasets, which a batch doesn't ask."


def _has(plugin: Any, interface: type[p.Interface], name: str) -> bool:
    """Whether the plugin does more than the interface itself, which does nothing."""
    own = getattr(type(plugin), name, None)
    return own is not None and own is not getattr(interface, name, None)


def _before_ours() -> Iterator[str]:
    """Plugins that look at a search document before ours takes out of it what nobody may find."""
    for plugin in p.PluginImplementations(p.IPackageController):
        if isinstance(plugin, RecordHooks):
            return
        if _has(plugin, p.IPackageController, "before_dataset_index"):
            yield (
                f"The plugin {plugin.name} changes search documents before citizendata does, unlike in a batch: put"
                f" citizendata before {plugin.name} in ckan.plugins."
            )


def _actions(passed: Iterable[str]) -> Iterator[str]:
    for plugin in p.PluginImplementations(p.IActions):
        changed = sorted(set(passed).intersection(plugin.get_actions()))
        if changed and plugin.name not in SEEN:
            yield f"The plugin {plugin.name} has an action {changed[0]} of its own, which a batch doesn't call."


def _fields() -> Iterator[str]:
    """Fields that this site added, and that CKAN alone would handle."""
    known = set(_names(catalogue_model.schema_dict()))
    for key, field in _entries(site_model.schema_dict()):
        name = field["field_name"]
        if (key, name) in known:
            continue
        own = next((way for way in OWN_WAYS if way in field), None)
        if own:
            yield f"The field {name} has {own} of its own, which a batch doesn't run."
        if key == "dataset_fields" and name in CKAN_COLUMNS:
            yield f"The field {name} is also a column of CKAN's, which a batch doesn't fill."


CKAN_COLUMNS = frozenset(map(str, model.package_table.c.keys())) - frozenset(COLUMNS)
FIELDS = ("dataset_fields", "resource_fields")


def _entries(schema: Any) -> Iterable[tuple[str, Any]]:
    return [(key, field) for key in FIELDS for field in schema[key]]


def _names(schema: Any) -> Iterator[tuple[str, str]]:
    return ((key, field["field_name"]) for key, field in _entries(schema))
