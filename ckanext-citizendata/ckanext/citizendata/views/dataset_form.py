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

from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.dataset_form import package_from_form
from ckanext.citizendata.logic.form_layout import form_shape, is_ours
from ckanext.citizendata.logic.own_type import own_package
from ckanext.citizendata.logic.publishing import refusal

__all__ = ["dataset_form"]

dataset_form = Blueprint("citizendata_form", __name__, url_defaults={"package_type": "dataset"})

DRAFT = "draft"
# What the profile of an organisation and a record of it have in common.
PROPOSED = ("contact", "country", "producer_kind")
UNPROCESSABLE = 422


class NewDataset(MethodView):
    """`/dataset/new`."""

    def get(self, package_type: str) -> ResponseReturnValue:
        if not _ours(package_type):
            return CreateView().get(package_type)
        _require("package_create", {})
        return _page(package_type, _proposed(), {})

    def post(self, package_type: str) -> ResponseReturnValue:
        if not _ours(package_type):
            return CreateView().post(package_type)
        _require("package_create", {})
        return _saved("package_create", package_type, _posted(package_type) | {"type": package_type})


class EditDataset(MethodView):
    """`/dataset/edit/<id>`."""

    def get(self, package_type: str, id: str) -> ResponseReturnValue:
        package = _package(id)
        if not _ours(package["type"]):
            return EditView().get(package_type, id)
        _require("package_update", {"id": id})
        return _page(package["type"], package, {})

    def post(self, package_type: str, id: str) -> ResponseReturnValue:
        package = _package(id)
        if not _ours(package["type"]):
            return EditView().post(package_type, id)
        _require("package_update", {"id": id})
        posted = _posted(package["type"])
        kept = {"resources": [*package["resources"], *posted["resources"]]}
        return _saved("package_update", package["type"], package | posted | kept)


def _ours(package_type: str) -> bool:
    return is_ours(tk.h.scheming_get_dataset_schema(package_type))


def _context() -> dict[str, Any]:
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}


def _require(action: str, data: dict[str, Any]) -> None:
    try:
        tk.check_access(action, _context(), data)  # type: ignore
    except tk.NotAuthorized:
        advice = tk._(
            "You may not describe data here. Ask an administrator of your organisation to add you as an editor."
        )
        package = own_package(data.get("id"))
        tk.abort(403, (refusal(package.id) if package else None) or advice)


def _package(id: str) -> dict[str, Any]:
    """The package as stored; 404 also for one that the reader may not see, so that its existence isn't told."""
    try:
        return tk.get_action("package_show")(_context() | {"for_edit": True}, {"id": id})  # type: ignore
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Dataset not found or you have no permission to view it"))
        raise


def _proposed() -> dict[str, Any]:
    """What a new record begins with: its organisation if that is known, and what the profile of it says."""
    asked = request.args.get("group", "")
    offered = tk.h.organizations_available("create_dataset")
    own = [each for each in offered if asked in (each["id"], each["name"])] if asked else offered
    if len(own) != 1:
        return {"owner_org": asked}
    shown = {"id": own[0]["id"], "include_users": False, "include_extras": True}
    profile = tk.get_action("organization_show")(_context(), shown)  # type: ignore
    return {name: profile[name] for name in PROPOSED if profile.get(name)} | {"owner_org": own[0]["id"]}


def _posted(package_type: str) -> dict[str, Any]:
    shape = form_shape(tk.h.scheming_get_dataset_schema(package_type), site_model.model().vocabularies)
    return package_from_form(request.form, shape) | {"state": DRAFT if request.form.get("save") == DRAFT else "active"}


def _saved(action: str, package_type: str, package: dict[str, Any]) -> ResponseReturnValue:
    """A redirect to the record (to the form again for a draft), or the form with what was typed and what is wrong."""
    try:
        saved = tk.get_action(action)(_context() | {"allow_state_change": True}, package)  # type: ignore
    except tk.ValidationError as error:
        return _page(package_type, package, error.error_dict), UNPROCESSABLE
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not change this record."))
    if saved["state"] == DRAFT:
        tk.h.flash_success(tk._("Kept as a draft. Only you and your organisation can see it."))
        return tk.redirect_to(f"{saved['type']}.edit", id=saved["name"])
    return tk.redirect_to(f"{saved['type']}.read", id=saved["name"])


def _page(package_type: str, package: dict[str, Any], errors: dict[str, Any]) -> str:
    return tk.render(
        "citizendata/form/page.html",
        extra_vars={
            "data": package,
            "errors": errors,
            "dataset_type": package_type,
            "pkg_dict": package if package.get("id") else None,
        },
    )


dataset_form.add_url_rule("/dataset/new", view_func=NewDataset.as_view("new"))
dataset_form.add_url_rule("/dataset/edit/<id>", view_func=EditDataset.as_view("edit"))
