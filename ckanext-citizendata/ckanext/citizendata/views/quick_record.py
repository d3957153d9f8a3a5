"""`/dataset/quick`: nine answers, three on safety and who may see it; then what others will see, and one button."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask.views import MethodView

from ckanext.citizendata.logic.contexts import reader
from ckanext.citizendata.logic.forms.form_edits import seen_of
from ckanext.citizendata.logic.forms.quick_record import outcome, public_fields
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.views.form_guard import guard_forms
from ckanext.citizendata.views.form_page import DRAFT, FULL, QUICK, Form, Said, shown
from ckanext.citizendata.views.form_saving import begun, proposed, saved, stored_package, why_not

__all__ = ["quick_record"]

quick_record = Blueprint("citizendata_quick", __name__)
guard_forms(quick_record, QUICK)


def _form() -> Form:
    return QUICK.of_type(dataset_type())


class NewQuick(MethodView):
    """`/dataset/quick`, for visitors too: they may begin, and sign in when they save."""

    def get(self) -> ResponseReturnValue:
        if not tk.current_user.is_authenticated:
            return shown(_form(), begun(_form()), Said("visitor"))
        if advice := why_not("package_create", {}):
            return shown(_form(), {}, Said("not_allowed", advice))
        return shown(_form(), proposed(request.args.get("group", "")) | begun(_form()))

    def post(self) -> ResponseReturnValue:
        return saved(_form(), None)


class EditQuick(MethodView):
    """`/dataset/quick/<id>`: a draft; what is published is changed in the whole form."""

    def get(self, id: str) -> ResponseReturnValue:
        package = _own(id)
        if package["state"] != DRAFT:
            return tk.redirect_to(FULL.edit, id=package["name"])
        return shown(_form(), package)

    def post(self, id: str) -> ResponseReturnValue:
        return saved(_form(), id)


class Publish(MethodView):
    """`/dataset/quick/<id>/publish`: who will see a draft, and exactly what of it."""

    def get(self, id: str) -> ResponseReturnValue:
        package = _own(id)
        return _preview(package) if package["state"] == DRAFT else _read(package)

    def post(self, id: str) -> ResponseReturnValue:
        package = _own(id)
        if package["state"] != DRAFT:
            return _read(package)
        if request.form.get("seen") != _whole(package):
            tk.h.flash_notice(tk._("This draft was changed meanwhile. Please look at it once more."))
            return _preview(package)
        return _published(package)


def _published(package: dict[str, Any]) -> ResponseReturnValue:
    possible = outcome(package).choices
    wish = request.form.get("audience", "")
    change = {"id": package["id"], "state": "active", "audience": wish if wish in possible else possible[0]}
    try:
        tk.get_action("package_patch")(reader(), change)
    except tk.ValidationError as error:
        return shown(_form(), package, Said(errors=error.error_dict)), 422
    tk.h.flash_success(tk._("Published. You can change it, or take it back, at any time."))
    return _read(package)


def _preview(package: dict[str, Any]) -> str:
    result = outcome(package)
    schema = tk.h.scheming_get_dataset_schema(package["type"])
    widest = result.choices[-1] if not result.capped else result.seen_by
    variables = {
        "pkg_dict": package,
        "outcome": result,
        "fields": public_fields(schema, package, widest),
        "widest": widest,
        "seen": _whole(package),
        "dataset_type": package["type"],
    }
    return tk.render("citizendata/quick/publish.html", extra_vars=variables)


def _read(package: dict[str, Any]) -> Any:
    return tk.redirect_to(f"{package['type']}.read", id=package["name"])


def _whole(package: dict[str, Any]) -> str:
    return seen_of(package, FULL.of_type(package["type"]).names)


def _own(id: str) -> dict[str, Any]:
    """The package of our type, for who may change it: 404 and 403 as in the whole form; who is signed out signs in."""
    if not tk.current_user.is_authenticated:
        abort(tk.redirect_to("user.login", came_from=tk.h.url_for(request.endpoint, id=id)))
    package = stored_package(id)
    if package is None or package["type"] != dataset_type():
        tk.abort(404, tk._("Dataset not found or you have no permission to view it"))
        raise AssertionError  # for the type checker: `abort` never returns
    if advice := why_not("package_update", {"id": id}):
        tk.abort(403, advice)
    return package


quick_record.add_url_rule("/dataset/quick", view_func=NewQuick.as_view("new"))
quick_record.add_url_rule("/dataset/quick/<id>", view_func=EditQuick.as_view("edit"))
quick_record.add_url_rule("/dataset/quick/<id>/publish", view_func=Publish.as_view("publish"))
