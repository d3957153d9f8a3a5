"""The members of a registry."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.citizendata.logic.admission import admitted, dismissed, patched
from ckanext.citizendata.logic.harvest import member_named
from ckanext.citizendata.logic.run_shown import run_shown
from ckanext.citizendata.model import ledger, run
from ckanext.citizendata.model import member as members

__all__ = [
    "citizendata_member_create",
    "citizendata_member_delete",
    "citizendata_member_list",
    "citizendata_member_patch",
    "citizendata_member_show",
]


def citizendata_member_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Admit a catalogue to the registry.

    :param id: a short name of lower-case letters, digits and hyphens
    :type id: string
    :param url: the address of its DCAT feed
    :type url: string
    :param title: what people call it (optional, default: `id`)
    :type title: string
    :param audience: the widest audience that its records may have here (optional, default: `everyone`)
    :type audience: string
    :param interval_minutes: minutes between two harvests, 0 for none by itself (optional, default: 60)
    :type interval_minutes: int
    :param prefixes: what the addresses that it may speak for begin with (optional, default: the server of `url`)
    :type prefixes: list of strings
    :param brake_records: how many missing records may be removed at once without a person (optional, default: 3)
    :type brake_records: int
    :param brake_percent: the same as a part of its records; the greater of both counts (optional, default: 10)
    :type brake_percent: int

    :returns: the member, as `citizendata_member_show` does
    :rtype: dictionary

    :raises ValidationError: naming each value that can't be used
    """
    tk.check_access("citizendata_member_create", context, data_dict)
    member = admitted(data_dict)
    return _shown(members.by_id(member))


@tk.side_effect_free
def citizendata_member_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """The members of the registry by name.

    :rtype: list of dictionaries
    """
    tk.check_access("citizendata_member_list", context, data_dict)
    return [_shown(row) for row in members.every()]


@tk.side_effect_free
def citizendata_member_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """One member with the counts of its records by state, and its last harvest.

    :param id: name of the member
    :type id: string

    :rtype: dictionary

    :raises NotFound: naming the members that there are
    """
    tk.check_access("citizendata_member_show", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    return _shown(members.by_id(member.id))


def citizendata_member_patch(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change what is named of a member, and leave the rest; it holds from its next harvest on.

    :param id: name of the member
    :type id: string
    :param brake_records: how many missing records may be removed at once without a person (optional)
    :type brake_records: int
    :param brake_percent: the same as a part of its records; the greater of both counts (optional)
    :type brake_percent: int

    :returns: the member, as `citizendata_member_show` does
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: naming each value that can't be used, or what can be changed
    """
    tk.check_access("citizendata_member_patch", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    patched(member, data_dict)
    return _shown(members.by_id(member.id))


def citizendata_member_delete(context: Context, data_dict: DataDict) -> dict[str, int]:
    """Remove a member with all its records, each leaving a tombstone for those who harvest from here.

    Its organisation is deleted too where nothing else belongs to it. What was withdrawn stays withdrawn, should the
    member come back.

    :param id: name of the member
    :type id: string

    :returns: `{"removed": number of records}`
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: while it is being harvested, or if a record can't be taken away; the next call goes on
    """
    tk.check_access("citizendata_member_delete", context, data_dict)
    return {"removed": dismissed(member_named(tk.get_or_bust(data_dict, "id")))}


def _shown(row: Any) -> dict[str, Any]:
    last = run.last(row.id)
    return {
        "id": row.id,
        "title": row.title,
        "url": row.url,
        "audience": row.audience,
        "prefixes": list(row.prefixes),
        "interval_minutes": row.interval_minutes,
        "brake_records": row.brake_records,
        "brake_percent": row.brake_percent,
        "organization_id": row.organization_id,
        "records": ledger.states(row.id),
        "last_run": last and run_shown(last),
    }
