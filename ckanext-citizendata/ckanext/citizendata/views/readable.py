"""The record that an address names, as this reader may read it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.logic.contexts import reader
from ckanext.citizendata.logic.own_type import dataset_type

__all__ = ["readable_package"]


def readable_package(id: str) -> dict[str, Any]:
    """The package; the same 404 for what isn't there, isn't ours, and isn't for this reader."""
    try:
        package = tk.get_action("package_show")(reader(), {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        package = {}
    if package.get("type") != dataset_type():
        tk.abort(404, tk._("Dataset not found or you have no permission to view it"))
    return package
