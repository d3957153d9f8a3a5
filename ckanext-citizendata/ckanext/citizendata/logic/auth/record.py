"""Who may look behind a record, withdraw it and bring it back; and that nobody edits what a member owns."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.citizendata.logic.marks import refusal
from ckanext.citizendata.logic.own_type import own_package

__all__ = [
    "citizendata_record_restore",
    "citizendata_record_show",
    "citizendata_record_withdraw",
    "package_update",
]


@tk.chained_auth_function
@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def package_update(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """CKAN's rule, but nobody for a record that comes from a member, sysadmins included.

    A record that the caller may not see isn't there.
    """
    given = context.get("package")
    package = own_package(given.id if given is not None else (data_dict or {}).get("id"))
    reason = refusal(_visible(context, {"id": package.id}).id) if package is not None else None
    if reason:
        return {"success": False, "msg": reason}
    if authz.is_sysadmin(context.get("user")):
        return {"success": True}
    return next_auth(context, data_dict or {})


@tk.auth_allow_anonymous_access
def citizendata_record_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Own people: whoever has a role in the owner organisation, collaborators, the site's administrators."""
    package = _visible(context, data_dict)
    return {"success": _is_own(context, package), "msg": tk._("Only the people of this record may look behind it.")}


@tk.auth_allow_anonymous_access
def citizendata_record_withdraw(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may edit a record may withdraw it; one that comes from a member, the site's administrators alone."""
    package = _visible(context, data_dict)
    if refusal(package.id):
        return {
            "success": False,
            "msg": tk._("Only the administrators of this site may withdraw this record."),
        }
    return authz.is_authorized("package_update", context, {"id": package.id})


@tk.auth_allow_anonymous_access
def citizendata_record_restore(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may withdraw a record may bring it back."""
    return citizendata_record_withdraw(context, data_dict)


def _visible(context: Context, data_dict: DataDict) -> model.Package:
    package = own_package(tk.get_or_bust(data_dict, "id"))
    if package is None or not authz.is_authorized("package_show", context, {"id": package.id}).get("success"):
        raise tk.ObjectNotFound
    return package


def _is_own(context: Context, package: model.Package) -> bool:
    user = model.User.get(context.get("user"))
    if user is None:
        return False
    collaborates = authz.user_is_collaborator_on_dataset(user.id, package.id)
    return collaborates or authz.has_user_permission_for_group_or_org(package.owner_org, user.name, "read")
