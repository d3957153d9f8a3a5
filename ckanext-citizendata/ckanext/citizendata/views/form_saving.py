"""Saving what somebody sent with a form: nothing typed is lost, whatever happened to session, link or record.

Each refusal is the form again, with all that was typed, what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import request
from flask.typing import ResponseReturnValue

from ckanext.citizendata.core.coverage import NO_ANSWER
from ckanext.citizendata.logic.contexts import reader
from ckanext.citizendata.logic.forms import form_once
from ckanext.citizendata.logic.forms.dataset_form import package_from_form
from ckanext.citizendata.logic.forms.form_edits import merged, seen_of
from ckanext.citizendata.logic.forms.links import dead, new_links
from ckanext.citizendata.logic.forms.quick_record import audience_by_answers, faults
from ckanext.citizendata.logic.marks import refusal
from ckanext.citizendata.logic.own_type import own_package
from ckanext.citizendata.views.form_page import DRAFT, Form, Posted, Said, shown
from ckanext.citizendata.views.signing_in import signed_in, signing_in_failed

__all__ = ["begun", "proposed", "saved", "stored_package", "why_not"]

FORBIDDEN, GONE, CONFLICT, UNPROCESSABLE = 403, 404, 409, 422
# What the profile of an organisation and a record of it have in common.
PROPOSED = ("contact", "country", "producer_kind")
# With what a link may begin a record; never with who may see it.
BY_LINK = ("population_group", "sdg_goal", "country")
# Tells a script of the next page which copies in the browser aren't needed any more; holds nothing but ids of forms.
SAVED_COOKIE, DAY = "citizendata_saved", 24 * 3600
PUBLISHING = ("publish", "check")
# What publishing itself writes where nobody answered.
FILLED_IN = tuple([code] for code in NO_ANSWER)


def saved(form: Form, package_id: str | None) -> ResponseReturnValue:
    """The next page for whoever sent this form, or the form again with what was typed."""
    posted = Posted.of(form)
    if not signed_in():
        notice = "wrong_password" if signing_in_failed() else "signed_out"
        return _again(form, posted, Said(notice)), FORBIDDEN
    if package_id is not None:
        return _changed(form, posted, package_id)
    try:
        found = form_once.claim(tk.current_user.id, posted.form_id)
    except form_once.Busy:
        return _again(form, posted, Said("busy")), CONFLICT
    if found is not None and stored_package(found.package_id):
        return _changed(form, posted, found.package_id)
    return _made(form, posted)


def _made(form: Form, posted: Posted) -> ResponseReturnValue:
    try:
        if advice := why_not("package_create", {}):
            return _again(form, posted, Said("not_allowed", advice)), FORBIDDEN
        package = proposed_owner() | posted.package | {"type": form.package_type}
        return _stored(form, posted, package, {})
    finally:
        # Whoever became a record has said so by now.
        form_once.release(tk.current_user.id, posted.form_id)


def _changed(form: Form, posted: Posted, package_id: str) -> ResponseReturnValue:
    stored = stored_package(package_id, for_update=True)
    if stored is None:
        return _again(form, posted, Said("gone")), GONE
    if advice := why_not("package_update", {"id": package_id}):
        return _again(form, posted, Said("not_allowed", advice)), FORBIDDEN
    merge = merged(posted.package, stored, _seen(posted, stored["id"]), form.names)
    package = stored | merge.package | {"resources": _with_files(stored, posted.package)}
    if merge.conflicts:
        now = seen_of(stored, form.names)
        # She sees it now: what she sends next is her decision about it.
        form_once.note(tk.current_user.id, posted.form_id, form_once.Saved(stored["id"], now))
        said = Said("conflict", conflicts=merge.conflicts, stored=stored, seen=now)
        return shown(form, package, said, posted), CONFLICT
    answer = _stored(form, posted, package, stored)
    if any(merge.package[name] not in FILLED_IN for name in merge.taken) and not isinstance(answer, tuple):
        tk.h.flash_notice(tk._("Somebody else changed this record meanwhile. Both changes are kept."))
    return answer


def _seen(posted: Posted, package_id: str) -> str:
    """What the sender had before her: her own last save of this form, else what the form was made from."""
    known = form_once.known(tk.current_user.id, posted.form_id)
    return known.seen if known and known.package_id == package_id else posted.seen


def _with_files(stored: Mapping[str, Any], typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The stored files, and the typed ones that aren't there yet: a form that is sent again adds nothing twice."""
    files = list(stored["resources"])
    new = [each for each in typed.get("resources", ()) if not any(each.items() <= file.items() for file in files)]
    return [*files, *new]


def _stored(form: Form, posted: Posted, package: dict[str, Any], stored: Mapping[str, Any]) -> ResponseReturnValue:
    if posted.wish in PUBLISHING and not package.get("audience") and (careful := audience_by_answers(package)):
        package["audience"] = careful
    is_active = stored.get("state", DRAFT) != DRAFT
    checked = posted.wish == "check" and not is_active
    if checked and (errors := faults(reader(), package)):
        return shown(form, package, Said(errors=errors), posted), UNPROCESSABLE
    package["state"] = "active" if is_active or posted.wish == "publish" else DRAFT
    action = "package_update" if stored else "package_create"
    context: Context = {**reader(), "allow_state_change": True}  # type: ignore[typeddict-item]
    try:
        record = tk.get_action(action)(context, package)
    except tk.ValidationError as error:
        return shown(form, package, Said(errors=error.error_dict), posted), UNPROCESSABLE
    except tk.NotAuthorized:
        return shown(form, package, Said("not_allowed", tk._("You may not change this record.")), posted), FORBIDDEN
    form_once.note(tk.current_user.id, posted.form_id, form_once.Saved(record["id"], seen_of(record, form.names)))
    _advise_on_links(stored, record)
    return _remembered(_next(form, posted, record, checked=checked), posted.form_id)


def _next(form: Form, posted: Posted, record: Mapping[str, Any], *, checked: bool) -> Any:
    if checked:
        return tk.redirect_to("citizendata_quick.publish", id=record["name"])
    if record["state"] == DRAFT:
        tk.h.flash_success(tk._("Kept as a draft. Only you and your organisation can see it."))
    elif posted.section:
        tk.h.flash_success(tk._("Saved."))
    if record["state"] != DRAFT and not posted.section:
        return tk.redirect_to(f"{record['type']}.read", id=record["name"])
    place = {"open": posted.section, "_anchor": f"section-{posted.section}"} if posted.section else {}
    return tk.redirect_to(form.edit, id=record["name"], **place)


def _advise_on_links(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    for address in dead(new_links(before, after)):
        told = tk._("At {address} nothing is found. Please look whether it is right; the record is saved all the same.")
        tk.h.flash_notice(told.format(address=address))


def _remembered(answer: Any, form_id: str) -> Any:
    if form_id:
        answer.set_cookie(SAVED_COOKIE, form_id, max_age=7 * DAY, samesite="Lax", secure=tk.request.is_secure)
    return answer


def _again(form: Form, posted: Posted, said: Said) -> str:
    return shown(form, posted.package, said, posted)


def stored_package(package_id: str, *, for_update: bool = False) -> dict[str, Any] | None:
    """The package as stored; None also for one that the reader may not see, so that its existence isn't told.

    With `for_update` nobody else changes it until this request ends.
    """
    context: Any = {**reader(), "for_update": for_update}
    show: Callable[..., dict[str, Any]] = tk.get_action("package_show")
    try:
        return show(context, {"id": package_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


def why_not(action: str, data: dict[str, Any]) -> str | None:
    """Why the reader may not do this, in words for her; None where she may."""
    try:
        tk.check_access(action, reader(), data)
    except tk.NotAuthorized:
        package = own_package(data.get("id"))
        advice = tk._(
            "You may not describe data here. Ask an administrator of your organisation to add you as an editor."
        )
        return (refusal(package.id) if package else None) or advice
    return None


def proposed(asked: str) -> dict[str, Any]:
    """What a new record begins with: its organisation if that is known, and what the profile of it says."""
    owner = proposed_owner(asked)
    if "owner_org" not in owner:
        return {"owner_org": asked}
    wish = {"id": owner["owner_org"], "include_users": False, "include_extras": True}
    profile = tk.get_action("organization_show")(reader(), wish)
    return {name: profile[name] for name in PROPOSED if profile.get(name)} | owner


def begun(form: Form) -> dict[str, Any]:
    """What a link to the form answers already, as `?country=KEN` does."""
    answers = package_from_form(request.args, form.shape)
    return {name: answers[name] for name in BY_LINK if answers.get(name)}


def proposed_owner(asked: str = "") -> dict[str, Any]:
    """The organisation for which the reader publishes, where there is one alone or it is asked for."""
    offered = tk.h.organizations_available("create_dataset")
    own = [each for each in offered if asked in (each["id"], each["name"])] if asked else offered
    return {"owner_org": own[0]["id"]} if len(own) == 1 else {}
