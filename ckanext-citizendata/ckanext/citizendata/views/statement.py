"""Where people of a statistical office answer what a record says in the office's name: one page, no script needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.citizendata.logic.contexts import reader
from ckanext.citizendata.logic.official import Official, official

__all__ = ["statement"]

statement = Blueprint("citizendata_statement", __name__, url_prefix="/dataset")

ACTIONS = {"confirm": "citizendata_statement_confirm", "deny": "citizendata_statement_deny"}
ANSWERS = ("field", "value", "digest", "reason")
UNPROCESSABLE = 422


@statement.get("/statement/<id>")
def show(id: str) -> ResponseReturnValue:
    """The page with each statement and the two answers to it."""
    return _page(_package(id), {}, {})


@statement.post("/statement/<id>")
def decide(id: str) -> ResponseReturnValue:
    """Keep the answer and show the record; the page again, with what was typed, where something is missing."""
    package = _package(id)
    typed = {name: tk.request.form.get(name, "") for name in ANSWERS}
    action = ACTIONS.get(tk.request.form.get("answer", ""))
    if action is None:
        return _page(package, typed, {"answer": [tk._("Choose one of the two answers.")]}), UNPROCESSABLE
    try:
        tk.get_action(action)(reader(), {"id": package["id"], **typed})
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only the statistical office of the country may answer this."))
    except tk.ValidationError as error:
        # Read anew: it may have changed while the answer was on its way.
        return _page(_package(id), typed, error.error_dict), UNPROCESSABLE
    tk.h.flash_success(tk._("Thank you. The record now says what your office says."))
    return tk.redirect_to(f"{package['type']}.read", id=package["name"])


def _page(package: dict[str, Any], typed: dict[str, str], errors: dict[str, Any]) -> str:
    statements = official(package)
    extra_vars = {"statements": statements, "answered": _answered(statements, typed), "typed": typed, "errors": errors}
    return tk.render("citizendata/statement.html", extra_vars={"pkg_dict": package, **extra_vars})


def _answered(statements: Sequence[Official], typed: Mapping[str, str]) -> Official | None:
    """The statement that was answered, else what its field says now; None where it says nothing for an office."""
    about = [statement for statement in statements if statement.field == typed.get("field")]
    same = [statement for statement in about if statement.value == typed.get("value")]
    return next(iter([*same, *about]), None)


def _package(id: str) -> dict[str, Any]:
    """The package; 404 where the reader may not see it, 403 where she doesn't speak for the office."""
    try:
        package = tk.get_action("package_show")(reader(), {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Dataset not found or you have no permission to view it"))
        raise
    try:
        tk.check_access(ACTIONS["confirm"], reader(), {"id": package["id"]})
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only the statistical office of the country may answer this."))
    except tk.ObjectNotFound:
        tk.abort(404, tk._("Dataset not found or you have no permission to view it"))
    return package
