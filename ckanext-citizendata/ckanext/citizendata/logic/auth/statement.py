"""Who may answer for a statistical office, and who may call an organisation one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.citizendata.core.conformance import value_in_shape
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.forms.office_profile import COUNTRY, KIND, given_values
from ckanext.citizendata.logic.marks import refusal
from ckanext.citizendata.logic.official import OFFICE, office_of, profile_of
from ckanext.citizendata.logic.own_type import own_package

__all__ = [
    "citizendata_statement_confirm",
    "citizendata_statement_deny",
    "citizendata_statement_list",
    "citizendata_statement_show",
    "group_create",
    "group_update",
    "organization_create",
    "organization_update",
]


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def citizendata_statement_confirm(context: Context, data_dict: DataDict) -> AuthResult:
    """Editors and administrators of a statistical office of the record's country; who runs the site isn't the office.

    Nobody for a record that comes from another catalogue: its office answers there.
    """
    package = _visible(context, data_dict)
    reason = refusal(package.id)
    if reason:
        return {"success": False, "msg": reason}
    user = model.User.get(context.get("user"))
    if user is not None and user.state == model.State.ACTIVE and office_of(user.id, package) is not None:
        return {"success": True}
    return {"success": False, "msg": tk._("Only the statistical office of the country may answer this.")}


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def citizendata_statement_deny(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may confirm may deny."""
    return citizendata_statement_confirm(context, data_dict)


@tk.auth_allow_anonymous_access
def citizendata_statement_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the record; one whom it is hidden from isn't told that it is there."""
    _visible(context, data_dict)
    return {"success": True}


@tk.auth_allow_anonymous_access
def citizendata_statement_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see what was said to it."""
    return citizendata_statement_list(context, data_dict)


@tk.chained_auth_function
def organization_create(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """CKAN's rule, but only the site's administrators make a statistical office."""
    return _refused() if _names_office(data_dict or {}) else next_auth(context, data_dict or {})


@tk.chained_auth_function
def group_create(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """As for organisations, which CKAN keeps in the same table."""
    return _refused() if _names_office(data_dict or {}) else next_auth(context, data_dict or {})


@tk.chained_auth_function
def organization_update(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """CKAN's rule, but only the site's administrators make a statistical office or say for which countries it speaks.

    Who leaves either out changes nothing: the action fills in what is stored.
    """
    given = data_dict or {}
    return _refusal(context, given) or next_auth(context, given)


@tk.chained_auth_function
def group_update(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """As for organisations: CKAN's `group_update` edits those too."""
    given = data_dict or {}
    return _refusal(context, given) or next_auth(context, given)


def _refusal(context: Context, given: Mapping[str, Any]) -> AuthResult | None:
    group = context.get("group") or model.Group.get(given.get("id"))
    stored = profile_of(group) if group is not None else {}
    if stored.get(KIND) != OFFICE:
        return _refused() if _names_office(given) else None
    own = _shaped(COUNTRY, stored.get(COUNTRY))
    if all(country == own for country in _given(given, COUNTRY)):
        return None
    told = tk._("Only the administrators of this site may change the countries of a statistical office.")
    return {"success": False, "msg": told}


def _refused() -> AuthResult:
    return {
        "success": False,
        "msg": tk._("Only the administrators of this site may say that an organisation is a statistical office."),
    }


def _names_office(given: Mapping[str, Any]) -> bool:
    """Whether the caller says so, however odd the spelling: what is stored comes later, and must not surprise."""
    return any(OFFICE in re.findall(r"\w+", str(kind).casefold()) for kind in _given(given, KIND))


def _given(given: Mapping[str, Any], name: str) -> list[Any]:
    """What the caller gives for a field, there and among the extras, each as it would be stored."""
    return [_shaped(name, value) for value in given_values(given, name)]


def _shaped(name: str, value: Any) -> Any:
    profile = site_model.model("organization")
    field = profile.schema.field(name)
    return (value_in_shape(profile, field, value) if field else value) or None


def _visible(context: Context, data_dict: DataDict) -> model.Package:
    package = own_package(tk.get_or_bust(data_dict, "id"))
    if package is None or not authz.is_authorized("package_show", context, {"id": package.id}).get("success"):
        raise tk.ObjectNotFound
    return package
