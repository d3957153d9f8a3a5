"""Who may know what of the registry's catalogues: everybody their harvests, their own people and the staff the rest."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

__all__ = ["citizendata_catalogue_list", "citizendata_catalogue_show", "citizendata_needs_list"]


@tk.auth_allow_anonymous_access
def citizendata_catalogue_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    """Everybody: it names no record."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def citizendata_catalogue_show(_context: Context, _data_dict: DataDict) -> AuthResult:
    """Everybody: it names no record."""
    return {"success": True}


def citizendata_needs_list(context: Context, _data_dict: DataDict) -> AuthResult:
    """Who is signed in: each sees what needs her, and most of them nothing."""
    return {"success": model.User.get(context.get("user")) is not None}
