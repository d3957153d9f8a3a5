"""Hands ckanext-scheming our schemas as they are on this site: shared parts in their places, own fields added."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import MutableMapping
from typing import Any

import ckan.plugins as p

from ckanext.citizendata.logic import site_model

__all__ = ["use_site_schemas"]

PACKAGE = "ckanext.citizendata.schemas"
# By plugin of ckanext-scheming: its option, and the schema of ours that may be named there.
SCHEMAS = {
    "scheming_datasets": ("scheming.dataset_schemas", "dataset"),
    "scheming_organizations": ("scheming.organization_schemas", "organization"),
}


def use_site_schemas(config: MutableMapping[str, Any]) -> None:
    """Replaces the names of our files in ckanext-scheming's options by the schemas themselves.

    ckanext-scheming reads files and addresses alone and knows nothing of shared parts: it gets a `data:` address. CKAN
    configures plugins from the last to the first, so that it has read its options by then: it reads them again.
    """
    for name, (option, schema) in SCHEMAS.items():
        listed = str(config[option]).split() if option in config else []
        ours = f"{PACKAGE}:{schema}.yaml"
        if ours in listed and p.plugin_loaded(name):
            config[option] = " ".join(_address(schema) if entry == ours else entry for entry in listed)
            p.get_plugin(name).update_config(config)  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]


def _address(name: str) -> str:
    schema = json.dumps(site_model.schema_dict(name), ensure_ascii=False)
    return f"data:application/json;base64,{b64encode(schema.encode()).decode()}"
