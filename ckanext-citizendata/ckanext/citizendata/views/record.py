"""Withdrawing a record and bringing it back: a page that says plainly what happens, then one button."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.citizendata.core.record import CLOSED
from ckanext.citizendata.federation.ports import HIDDEN
from ckanext.citizendata.logic.contexts import reader
from ckanext.citizendata.logic.pages.standing import before_withdrawal

__all__ = ["record"]

record = Blueprint("citizendata_record", __name__, url_prefix="/dataset")

WITHDRAW = "citizendata_record_withdraw"
RESTORE = "citizendata_record_restore"


@record.get("/withdraw/<id>")
def confirm_withdraw(id: str) -> ResponseReturnValue:
    """The page before withdrawing."""
    return tk.render("citizendata/withdraw.html", extra_vars={"pkg_dict": _package(id, WITHDRAW)})


@record.post("/withdraw/<id>")
def withdraw(id: str) -> ResponseReturnValue:
    """Withdraw, and show the record as its own people still see it."""
    package = _package(id, WITHDRAW)
    _act(WITHDRAW, package)
    tk.h.flash_success(tk._("Withdrawn. Nobody else can find or read this record here any more."))
    return tk.redirect_to(f"{package['type']}.read", id=package["name"])


@record.get("/restore/<id>")
def confirm_restore(id: str) -> ResponseReturnValue:
    """The page before bringing a record back."""
    package = _package(id, RESTORE)
    stays_hidden = before_withdrawal(package["id"]) == HIDDEN
    return tk.render("citizendata/restore.html", extra_vars={"pkg_dict": package, "stays_hidden": stays_hidden})


@record.post("/restore/<id>")
def restore(id: str) -> ResponseReturnValue:
    """Bring the record back to the readers whom it had."""
    package = _package(id, RESTORE)
    if _act(RESTORE, package) == CLOSED:
        waits = tk._("The record isn't withdrawn any more. It is shown when its own catalogue lists it again.")
        tk.h.flash_success(waits)
    else:
        tk.h.flash_success(tk._("The record is back."))
    return tk.redirect_to(f"{package['type']}.read", id=package["name"])


def _package(id: str, action: str) -> dict[str, Any]:
    """The package; 404 where the reader may not see it, 403 where she may see but not do this."""
    try:
        package = tk.get_action("package_show")(reader(), {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Dataset not found or you have no permission to view it"))
        raise
    try:
        tk.check_access(action, reader(), {"id": package["id"]})
    except tk.NotAuthorized:
        tk.abort(403, tk._("You may not change this record."))
    return package


def _act(action: str, package: dict[str, Any]) -> str:
    """The state of the record afterwards."""
    try:
        return tk.get_action(action)(reader(), {"id": package["id"]})["state"]
    except tk.NotAuthorized:
        tk.abort(403, tk._("You may not change this record."))
        raise
    except tk.ValidationError as error:
        tk.abort(409, "; ".join(map(str, error.error_summary.values())))
        raise
