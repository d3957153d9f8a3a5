"""Who may do what with members: the registry's administrators, whom CKAN lets pass before it asks, and its own people.

A member's people are the editors and administrators of the organisation that stands for it. They may look at its
harvests, have one done, and decide about removals; to let something return that was withdrawn they may not. Others may
apply where the option says so, and look at what became of that.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.citizendata import config
from ckanext.citizendata.core.membership import APPLIED, WATCHED
from ckanext.citizendata.core.membership import REFUSED as TURNED_DOWN
from ckanext.citizendata.logic.harvesting.people import answers_for
from ckanext.citizendata.model import member as members

__all__ = [
    "citizendata_finding_list",
    "citizendata_harvest_abort",
    "citizendata_harvest_approve",
    "citizendata_harvest_plan",
    "citizendata_harvest_run",
    "citizendata_harvest_show",
    "citizendata_harvest_status",
    "citizendata_member_clear",
    "citizendata_match_decide",
    "citizendata_match_list",
    "citizendata_member_apply",
    "citizendata_member_approve",
    "citizendata_member_create",
    "citizendata_member_delete",
    "citizendata_member_epoch_approve",
    "citizendata_member_feed_show",
    "citizendata_member_key_trust",
    "citizendata_member_list",
    "citizendata_member_patch",
    "citizendata_member_refuse",
    "citizendata_member_resume",
    "citizendata_member_probe",
    "citizendata_member_show",
    "citizendata_member_suspend",
    "citizendata_publisher_list",
    "citizendata_publisher_map",
    "citizendata_removal_approve",
    "citizendata_removal_list",
    "citizendata_removal_refuse",
]

REFUSED: AuthResult = {"success": False, "msg": "Only the registry's administrators look after its members"}
NOT_THEIRS: AuthResult = {
    "success": False,
    "msg": "Only the people of the catalogue and the registry's administrators may do this",
}


def citizendata_finding_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_create(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_patch(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_clear(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_probe(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_delete(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_epoch_approve(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_feed_show(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_key_trust(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_harvest_plan(_context: Context, _data_dict: DataDict) -> AuthResult:
    """The staff: it reads the whole feed while the caller waits. Others have a plan made in the background."""
    return REFUSED


def citizendata_harvest_run(context: Context, data_dict: DataDict) -> AuthResult:
    """Its people, but of a watched member: of that the registry's own people look at each harvest."""
    row = members.by_id(str((data_dict or {}).get("id") or ""))
    return NOT_THEIRS if row is not None and row.trust == WATCHED else _of_its_people(context, data_dict)


def citizendata_harvest_show(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_its_people(context, data_dict)


def citizendata_harvest_status(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_harvest_abort(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_harvest_approve(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_removal_list(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_its_people(context, data_dict)


def citizendata_removal_approve(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_its_people(context, data_dict)


def citizendata_member_apply(context: Context, _data_dict: DataDict) -> AuthResult:
    """Whoever is signed in, where this registry takes applications."""
    if config.member_applications() and context.get("user"):
        return {"success": True}
    return {"success": False, "msg": tk._("This registry takes no applications here; write to its administrators")}


def citizendata_member_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Who applied sees the application till it is approved, beside the administrators."""
    row = members.by_id(str((data_dict or {}).get("id") or ""))
    if row is None or row.state not in (APPLIED, TURNED_DOWN) or not row.applicant:
        return REFUSED
    return {"success": True} if row.applicant == getattr(context.get("auth_user_obj"), "id", None) else REFUSED


def citizendata_member_approve(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_refuse(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_suspend(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_member_resume(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_publisher_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_publisher_map(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_match_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_match_decide(_context: Context, _data_dict: DataDict) -> AuthResult:
    return REFUSED


def citizendata_removal_refuse(context: Context, data_dict: DataDict) -> AuthResult:
    return _of_its_people(context, data_dict)


def _of_its_people(context: Context, data_dict: DataDict) -> AuthResult:
    """Yes for who answers for the member; all others, whether it exists or not, are told the same."""
    return {"success": True} if answers_for(context.get("user"), (data_dict or {}).get("id")) else NOT_THEIRS
