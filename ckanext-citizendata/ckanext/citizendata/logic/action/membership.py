"""How a catalogue comes to be harvested, and what the registry's people decide about that."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.members.admission import applied, approved, refused, resumed, suspended
from ckanext.citizendata.logic.members.member_shown import shown_whole

__all__ = [
    "citizendata_member_apply",
    "citizendata_member_approve",
    "citizendata_member_refuse",
    "citizendata_member_resume",
    "citizendata_member_suspend",
]


def citizendata_member_apply(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Ask that a catalogue be harvested. It waits for the registry's people; nothing is read from it till then.

    :param id: a short name of lower-case letters, digits and hyphens
    :type id: string
    :param url: the address of its DCAT feed
    :type url: string
    :param contact: the mail address of its people
    :type contact: string
    :param title: what people call it (optional, default: `id`)
    :type title: string
    :param audience: the widest audience that its records may have here (optional, default: `everyone`)
    :type audience: string

    :returns: the application, as `citizendata_member_show` gives it
    :rtype: dictionary

    :raises ValidationError: naming each value that can't be used, and while three applications of the user wait
    """
    tk.check_access("citizendata_member_apply", context, data_dict)
    user = context.get("auth_user_obj")
    applicant = getattr(user, "id", None) or context.get("user") or ""
    return shown_whole(applied(data_dict, applicant))


def citizendata_member_approve(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Admit a catalogue that applied, or whose application was refused. What isn't named stays as the catalogue wished.

    :param id: name of the catalogue
    :type id: string
    :param prefixes: what the addresses that it may speak for begin with (optional, default: the server of its feed)
    :type prefixes: list of strings
    :param title: what people call it (optional)
    :type title: string
    :param url: the address of its DCAT feed (optional)
    :type url: string
    :param contact: the mail address of its people (optional)
    :type contact: string
    :param audience: the widest audience that its records may have here (optional)
    :type audience: string
    :param trust: `trusted`, `ordinary` or `watched` (optional, default: `ordinary`)
    :type trust: string
    :param interval_minutes: minutes between two harvests, 0 for none by itself (optional, default: 60)
    :type interval_minutes: int
    :param brake_records: how many missing records may be removed at once without a person (optional, default: 3)
    :type brake_records: int
    :param brake_percent: the same as a part of its records; the greater of both counts (optional, default: 10)
    :type brake_percent: int

    :returns: the member, as `citizendata_member_show` gives it
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: naming each value that can't be used, and for one that is a member already
    """
    tk.check_access("citizendata_member_approve", context, data_dict)
    name = _name(data_dict)
    approved(name, data_dict)
    return shown_whole(name)


def citizendata_member_refuse(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Refuse an application. Whoever sent it may see why, and send another one.

    :param id: name of the catalogue
    :type id: string
    :param reason: why (optional)
    :type reason: string

    :returns: the application, as `citizendata_member_show` gives it
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: for one that doesn't wait for a decision
    """
    tk.check_access("citizendata_member_refuse", context, data_dict)
    name = _name(data_dict)
    refused(name, data_dict)
    return shown_whole(name)


def citizendata_member_suspend(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Harvest a member no more till `citizendata_member_resume`; a harvest that is under way is stopped.

    Its records stay as they are; what its people take back meanwhile stays here too.

    :param id: name of the member
    :type id: string
    :param reason: why (optional)
    :type reason: string

    :returns: the member, as `citizendata_member_show` gives it
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: for one that isn't harvested anyway
    """
    tk.check_access("citizendata_member_suspend", context, data_dict)
    name = _name(data_dict)
    suspended(name, data_dict)
    return shown_whole(name)


def citizendata_member_resume(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Harvest a suspended member again.

    :param id: name of the member
    :type id: string

    :returns: the member, as `citizendata_member_show` gives it
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: for one that isn't suspended
    """
    tk.check_access("citizendata_member_resume", context, data_dict)
    name = _name(data_dict)
    resumed(name)
    return shown_whole(name)


def _name(data_dict: DataDict) -> str:
    return member_named(tk.get_or_bust(data_dict, "id")).id
