"""The form for an organisation's profile: CKAN's own pages, reading the answers as the form for data does.

CKAN reads a posted form by its own rules, which know neither rows nor names of long lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.views.group import CreateGroupView, EditGroupView  # the pages; the only reach into CKAN's views
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.forms.dataset_form import package_from_form
from ckanext.citizendata.logic.forms.form_layout import form_shape, is_ours

__all__ = ["organisation_form"]

organisation_form = Blueprint(
    "citizendata_organisation_form",
    __name__,
    url_prefix="/organization",
    url_defaults={"group_type": "organization", "is_organization": True},
)

# What CKAN asks besides the profile: the address and the picture.
CKANS_OWN = ("name", "image_url", "clear_upload")


class NewOrganisation(CreateGroupView):
    """`/organization/new`."""

    def post(self, group_type: str, is_organization: bool) -> Any:
        schema = _schema(group_type)
        if schema is None:
            return super().post(group_type, is_organization)
        context = self._prepare(is_organization)
        posted = _posted(schema) | {"type": group_type, "users": [{"name": tk.current_user.name, "capacity": "admin"}]}
        try:
            saved = tk.get_action("organization_create")(context, posted)
        except tk.ValidationError as error:
            return self.get(group_type, is_organization, posted, error.error_dict, error.error_summary)
        return _saved(saved)


class EditOrganisation(EditGroupView):
    """`/organization/edit/<id>`."""

    def post(self, group_type: str, is_organization: bool, id: str | None = None) -> Any:
        schema = _schema(group_type)
        if schema is None:
            return super().post(group_type, is_organization, id)
        context = self._prepare(is_organization, id)
        posted = _posted(schema) | {"id": id}
        try:
            saved = tk.get_action("organization_update")(context, posted)
        except tk.ValidationError as error:
            return self.get(str(id), group_type, is_organization, posted, error.error_dict, error.error_summary)
        return _saved(saved)


def _schema(group_type: str) -> Mapping[str, Any] | None:
    schema = tk.h.scheming_get_organization_schema(group_type)
    return schema if is_ours(schema) else None


def _posted(schema: Mapping[str, Any]) -> dict[str, Any]:
    asked = package_from_form(request.form, form_shape(schema, site_model.model().vocabularies))
    own = {name: request.form[name].strip() for name in CKANS_OWN if name in request.form}
    return asked | own | {name: file for name, file in request.files.items() if file.filename}


def _saved(organisation: Mapping[str, Any]) -> ResponseReturnValue:
    return tk.redirect_to(f"{organisation['type']}.read", id=organisation["name"])


organisation_form.add_url_rule("/new", view_func=NewOrganisation.as_view("new"))
organisation_form.add_url_rule("/edit/<id>", view_func=EditOrganisation.as_view("edit"))
