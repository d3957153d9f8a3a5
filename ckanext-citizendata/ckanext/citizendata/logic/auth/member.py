"""Who may do what with members: the registry's administrators alone, whom CKAN lets pass before it asks."""

from __future__ import annotations

from ckan.types import AuthResult, Context, DataDict

__all__ = [
    "citizendata_harvest_abort",
    "citizendata_harvest_approve",
    "citizendata_harvest_plan",
    "citizendata_harvest_run",
    "citizendata_harvest_show",
    "citizendata_member_create",
    "citizendata_member_delete",
    "citizendata_member_list",
    "citizendata_member_patch",
    "citizendata_member_show",
    "citizendata_removal_approve",
    "citizendata_removal_list",
    "citizendata_removal_refuse",
]

REFUSED: AuthResult = {"success": False, "msg": "Only the registry's administrators look after its members"}


def citizendata_member_create(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_show(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_patch(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_delete(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_harvest_plan(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_harvest_run(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_harvest_show(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_harvest_abort(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_harvest_approve(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_removal_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_removal_approve(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_removal_refuse(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED
