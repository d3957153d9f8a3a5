"""Who may ask for an account: everybody where the site lets them. Who decides: administrators, each about hers."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.citizendata import config
from ckanext.citizendata.logic.joining.accounts import may_decide, organizations_of_admin
from ckanext.citizendata.logic.values.storable import sought
from ckanext.citizendata.model import account

__all__ = [
    "citizendata_account_admit",
    "citizendata_account_ask",
    "citizendata_account_list",
    "citizendata_account_refuse",
]


@tk.auth_allow_anonymous_access
def citizendata_account_ask(_context: Context, _data_dict: DataDict) -> AuthResult:
    """Everybody, where the option says so."""
    return {"success": config.account_requests(), "msg": tk._("On this site, accounts aren't asked for on a page.")}


def citizendata_account_list(context: Context, _data_dict: DataDict) -> AuthResult:
    """Administrators of the site, and of any organisation: each sees the requests for her own."""
    return {"success": bool(organizations_of_admin(context.get("user")))}


def citizendata_account_admit(context: Context, data_dict: DataDict) -> AuthResult:
    """Who decides about the request, and about the organisation that it is admitted to."""
    row = account.by_id(sought(data_dict.get("id")))
    user = context.get("user")
    mine = row is not None and may_decide(user, row.organization_id)
    return {"success": mine and may_decide(user, data_dict.get("organization"))}


def citizendata_account_refuse(context: Context, data_dict: DataDict) -> AuthResult:
    """Who decides about the request."""
    row = account.by_id(sought(data_dict.get("id")))
    return {"success": row is not None and may_decide(context.get("user"), row.organization_id)}
