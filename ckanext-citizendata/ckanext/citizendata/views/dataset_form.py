"""The form for a dataset: one page, one request, published or kept as a draft; nothing typed is lost on an error.

Takes the place of CKAN's own pages for new and edit, which write a draft first and then again, and demand a step for
files. Dataset types of other extensions are handed on to CKAN.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.views.dataset import CreateView, EditView  # the pages of other types; the only reach into CKAN's views
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask.views import MethodView

from ckanext.citizendata.logic.forms.form_layout import is_ours
from ckanext.citizendata.views.form_guard import guard_forms
from ckanext.citizendata.views.form_page import FULL, shown
from ckanext.citizendata.views.form_saving import begun, proposed, saved, stored_package, why_not

__all__ = ["dataset_form"]

dataset_form = Blueprint("citizendata_form", __name__, url_defaults={"package_type": "dataset"})
guard_forms(dataset_form, FULL)


class NewDataset(MethodView):
    """`/dataset/new`."""

    def get(self, package_type: str) -> ResponseReturnValue:
        if not _ours(package_type):
            return CreateView().get(package_type)
        _require("package_create", {})
        form = FULL.of_type(package_type)
        return shown(form, proposed(request.args.get("group", "")) | begun(form))

    def post(self, package_type: str) -> ResponseReturnValue:
        if not _ours(package_type):
            return CreateView().post(package_type)
        return saved(FULL.of_type(package_type), None)


class EditDataset(MethodView):
    """`/dataset/edit/<id>`."""

    def get(self, package_type: str, id: str) -> ResponseReturnValue:
        package = _package(id)
        if not _ours(package["type"]):
            return EditView().get(package_type, id)
        _require("package_update", {"id": id})
        return shown(FULL.of_type(package["type"]), package)

    def post(self, package_type: str, id: str) -> ResponseReturnValue:
        package = stored_package(id)
        if package and not _ours(package["type"]):
            return EditView().post(package_type, id)
        return saved(FULL.of_type(package["type"] if package else package_type), id)


def _ours(package_type: str) -> bool:
    return is_ours(tk.h.scheming_get_dataset_schema(package_type))


def _require(action: str, data: dict[str, Any]) -> None:
    if advice := why_not(action, data):
        tk.abort(403, advice)


def _package(id: str) -> dict[str, Any]:
    package = stored_package(id)
    if package is None:
        tk.abort(404, tk._("Dataset not found or you have no permission to view it"))
        raise AssertionError  # for the type checker: `abort` never returns
    return package


dataset_form.add_url_rule("/dataset/new", view_func=NewDataset.as_view("new"))
dataset_form.add_url_rule("/dataset/edit/<id>", view_func=EditDataset.as_view("edit"))
