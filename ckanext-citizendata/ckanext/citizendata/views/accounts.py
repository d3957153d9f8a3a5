"""`/account` asks for an account; `/accounts` is where those who may decide admit or refuse, one click each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from ckanext.citizendata.logic.contexts import reader, the_site
from ckanext.citizendata.logic.harvesting import mailing
from ckanext.citizendata.logic.joining.admitting import free_name
from ckanext.citizendata.logic.values.storable import sought
from ckanext.citizendata.model import account
from ckanext.citizendata.views.asked import allowed
from ckanext.citizendata.views.expired import expired, is_own
from ckanext.citizendata.views.form_guard import allow_large

__all__ = ["accounts"]

accounts = Blueprint("citizendata_account", __name__)
# What somebody typed into a form may come along.
accounts.url_value_preprocessor(allow_large)


@accounts.errorhandler(CSRFError)
def token_is_old(error: CSRFError) -> ResponseReturnValue:
    """The request with all that was typed; a decision about one is taken anew."""
    if request.endpoint != SEND or not is_own():
        return expired(error)
    _require("citizendata_account_ask")
    return _page(_wish(), {}, _answers(), is_late=True), 400


ASKED = ("fullname", "email", "organization", "organization_name", "reason")
# What a form holds beside answers.
NO_ANSWERS = ("save", "form_id", "seen", "name", "owner_org", "ask_password", "sign_in_name", "sign_in_password")
NEW = "new"
SEND = "citizendata_account.send"


@accounts.get("/account")
def ask() -> ResponseReturnValue:
    """Who you are, for whom you publish; nothing else."""
    _require("citizendata_account_ask")
    return _page({"organization": request.args.get("group", "")}, {}, [])


@accounts.post("/account")
def send() -> ResponseReturnValue:
    """The same thanks for everybody, or the page again with what is wrong; a form that was begun comes along."""
    _require("citizendata_account_ask")
    wish = _wish()
    answers = _answers()
    given = wish | {"password": request.form.get("ask_password", ""), "answers": answers}
    try:
        tk.get_action("citizendata_account_ask")(reader(), given)
    except tk.ValidationError as error:
        return _page(wish, error.error_dict, answers), 422
    return tk.render("citizendata/account/thanks.html", extra_vars={"began": bool(answers), "by_mail": mailing.is_on()})


@accounts.get("/accounts")
def waiting() -> ResponseReturnValue:
    """Who waits, with a button each."""
    if not tk.current_user.is_authenticated:
        return tk.redirect_to("user.login", came_from=tk.url_for("citizendata_account.waiting"))
    _require("citizendata_account_list")
    variables = {
        "requests": tk.get_action("citizendata_account_list")(reader(), {}),
        "organizations": tk.h.organizations_available("admin"),
        "by_mail": mailing.is_on(),
        "may_add": allowed("organization_create", {}),
    }
    return tk.render("citizendata/account/waiting.html", extra_vars=variables)


@accounts.post("/accounts")
def decide() -> ResponseReturnValue:
    """Admit or refuse, and back to the list."""
    _require("citizendata_account_list")
    decision = _admit if request.form.get("answer") == "admit" else _refuse
    try:
        decision(request.form.get("id", ""))
    except tk.ObjectNotFound:
        tk.h.flash_notice(tk._("Somebody has decided about this already."))
    except tk.NotAuthorized:
        tk.abort(403)
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(map(str, error.error_summary.values())))
    return tk.redirect_to("citizendata_account.waiting")


def _admit(id_: str) -> None:
    organization = request.form.get("organization", "")
    if organization == NEW:
        _admit_to_new(id_, request.form.get("new_organization", "").strip())
    else:
        _admit_to(organization, id_)
    if mailing.is_on():
        tk.h.flash_success(tk._("Admitted. Whoever had no account yet gets a mail with a link to choose a password."))
    else:
        tk.h.flash_success(
            tk._("Admitted. This site sends no mail: tell the person that e-mail address and password work now.")
        )


def _admit_to(organization: str, id_: str) -> None:
    tk.get_action("citizendata_account_admit")(reader(), {"id": id_, "organization": organization})


def _admit_to_new(id_: str, title: str) -> None:
    """Make the organisation, and let nothing of it stay where nobody could be admitted to it."""
    # Else who presses twice makes a second organisation.
    if account.by_id(sought(id_)) is None:
        raise tk.ObjectNotFound
    made = tk.get_action("organization_create")(reader(), {"title": title, "name": free_name(title)})
    try:
        _admit_to(made["id"], id_)
    except Exception:
        tk.get_action("organization_purge")(the_site(), {"id": made["id"]})
        raise


def _refuse(id_: str) -> None:
    tk.get_action("citizendata_account_refuse")(reader(), {"id": id_})
    tk.h.flash_success(tk._("Refused. What was sent with the request is gone."))


def _wish() -> dict[str, str]:
    return {name: request.form.get(f"ask_{name}", "") for name in ASKED}


def _answers() -> list[list[str]]:
    taken = {*NO_ANSWERS, *(f"ask_{name}" for name in ASKED), str(tk.config.get("WTF_CSRF_FIELD_NAME"))}
    return [
        [name, value] for name in request.form if name not in taken for value in request.form.getlist(name) if value
    ]


def _page(
    wish: Mapping[str, Any], errors: Mapping[str, Any], answers: list[list[str]], *, is_late: bool = False
) -> str:
    variables = {"wish": wish, "errors": errors, "answers": answers, "by_mail": mailing.is_on(), "is_late": is_late}
    return tk.render("citizendata/account/ask.html", extra_vars=variables)


def _require(action: str) -> None:
    try:
        tk.check_access(action, reader(), {})
    except tk.NotAuthorized as error:
        tk.abort(403, str(error.message or ""))
