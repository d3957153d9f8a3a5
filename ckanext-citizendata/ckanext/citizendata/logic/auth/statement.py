"""Who may answer for a statistical office, and who may call an organisation one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.citizendata.logic.official import OFFICE, office_of, profile_of
from ckanext.citizendata.logic.own_type import own_package
from ckanext.citizendata.logic.publishing import refusal

__all__ = [
    "citizendata_statement_confirm",
    "citizendata_statement_deny",
    "citizendata_statement_list",
    "organization_create",
    "organization_update",
]

KIND = "producer_kind"


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


@tk.chained_auth_function
def organization_create(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """CKAN's rule, but only the site's administrators make a statistical office."""
    return _refused() if _names_office(data_dict or {}) else next_auth(context, data_dict or {})


@tk.chained_auth_function
def organization_update(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """CKAN's rule, but only the site's administrators turn an organisation into a statistical office."""
    given = data_dict or {}
    group = context.get("group") or model.Group.get(given.get("id"))
    is_office = group is not None and profile_of(group).get(KIND) == OFFICE
    return _refused() if _names_office(given) and not is_office else next_auth(context, given)


def _refused() -> AuthResult:
    return {
        "success": False,
        "msg": tk._("Only the administrators of this site may say that an organisation is a statistical office."),
    }


def _names_office(data_dict: Mapping[str, Any]) -> bool:
    """Whether the caller says so, in the field or among the extras."""
    extras = data_dict.get("extras") or []
    listed = [extra.get("value") for extra in extras if isinstance(extra, Mapping) and extra.get("key") == KIND]
    return any(OFFICE in (value if isinstance(value, list) else [value]) for value in (data_dict.get(KIND), *listed))


def _visible(context: Context, data_dict: DataDict) -> model.Package:
    package = own_package(tk.get_or_bust(data_dict, "id"))
    if package is None or not authz.is_authorized("package_show", context, {"id": package.id}).get("success"):
        raise tk.ObjectNotFound
    return package
