"""The members of a registry."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.citizendata.federation.errors import SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.ports import in_silence
from ckanext.citizendata.logic.asked import number_asked
from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.members.admission import admitted, patched
from ckanext.citizendata.logic.members.dismissal import cleared, dismissed
from ckanext.citizendata.logic.members.member_shown import member_shown, shown_whole
from ckanext.citizendata.logic.members.probing import FIRST_PAGES, found_at
from ckanext.citizendata.logic.values.storable import sought
from ckanext.citizendata.model import member_list

__all__ = [
    "citizendata_member_clear",
    "citizendata_member_create",
    "citizendata_member_delete",
    "citizendata_member_list",
    "citizendata_member_patch",
    "citizendata_member_probe",
    "citizendata_member_show",
]

# Members in one answer.
PAGE, MOST = 50, 1000
# Pages that are looked at.
MOST_PAGES = 100


def citizendata_member_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Admit a catalogue to the registry.

    :param id: a short name of lower-case letters, digits and hyphens
    :type id: string
    :param url: the address of its DCAT feed, or of its CKAN
    :type url: string
    :param kind: how it is read: `dcat`, `ckan` (its API), `citizendata` (its signed feed), or `auto`: as is found there
        now (optional, default: `dcat`)
    :type kind: string
    :param title: what people call it (optional, default: `id`)
    :type title: string
    :param contact: the mail address of its people (optional)
    :type contact: string
    :param trust: `trusted`, `ordinary` or `watched` (optional, default: `ordinary`)
    :type trust: string
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
    return shown_whole(member)


@tk.side_effect_free
def citizendata_member_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """The members of the registry by name, a page at a time, with what was counted at the end of their last harvests.

    :param after: only members whose names come behind this one, to read on (optional, default: all from the first)
    :type after: string
    :param limit: so many members at most (optional, default: ``50``, upper limit: ``1000``)
    :type limit: int

    :returns: each member as `citizendata_member_show` gives it
    :rtype: list of dictionaries

    :raises ValidationError: for a limit that is no number
    """
    tk.check_access("citizendata_member_list", context, data_dict)
    limit = min(number_asked(data_dict, "limit", PAGE), MOST)
    found = member_list.page(sought(data_dict.get("after")), limit)
    return [member_shown(row, row.counts, last) for row, last in found]


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
    return shown_whole(member.id)


def citizendata_member_patch(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change what is named of a member, and leave the rest; it holds from its next harvest on.

    :param id: name of the member
    :type id: string
    :param title: what people call it (optional)
    :type title: string
    :param url: the address of its DCAT feed (optional)
    :type url: string
    :param contact: the mail address of its people (optional)
    :type contact: string
    :param trust: `trusted`, `ordinary` or `watched` (optional)
    :type trust: string
    :param audience: the widest audience that its records may have here (optional)
    :type audience: string
    :param interval_minutes: minutes between two harvests, 0 for none by itself (optional)
    :type interval_minutes: int
    :param prefixes: what the addresses that it may speak for begin with, all of them (optional)
    :type prefixes: list of strings
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
    patched(member.id, data_dict)
    return shown_whole(member.id)


def citizendata_member_clear(context: Context, data_dict: DataDict) -> dict[str, int]:
    """Take all records of a member away, each leaving a tombstone for those who harvest from here; the member stays.

    Its next harvest brings back what it lists by then. What was withdrawn stays withdrawn.

    :param id: name of the member
    :type id: string

    :returns: `{"removed": number of records}`
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: while it is being harvested, or if the work can't go on; the next call goes on
    """
    tk.check_access("citizendata_member_clear", context, data_dict)
    return {"removed": cleared(member_named(tk.get_or_bust(data_dict, "id")), in_silence)}


def citizendata_member_probe(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What is at an address, before it is made a member; nothing is written.

    Its first pages are fetched, read and decided about as in a harvest.

    :param url: the address of a feed, of a CKAN, or of a catalogue's web page
    :type url: string
    :param pages: so many pages are read at most (optional, default: 3, upper limit: 100)
    :type pages: int

    :returns: `asked`, `url` (where the catalogue is read) and `behind` (what is at `asked`, where that is something
        else); `kind` (`dcat`, `ckan` or `citizendata`) with `kind_words`, `format`, `paging`, `pages` that were read
        and `whole`, whether these are all; `datasets` on them, `claimed` (how many the catalogue says it has, or none),
        `with_address`, `addresses` (what these begin with, and how many), `languages` (texts by language tag), `key`
        (the name of the key that signs, or none); `counts` by outcome of a harvest, `notes` about the catalogue as a
        whole, `items` as `citizendata_harvest_plan` has them: twenty of each outcome, those that would be rejected or
        held first; and `member`, the name that it is a member by, else `command`, which makes it one
    :rtype: dictionary

    :raises ValidationError: naming the address and why nothing can be read there
    """
    tk.check_access("citizendata_member_probe", context, data_dict)
    url = str(tk.get_or_bust(data_dict, "url")).strip()
    try:
        return found_at(url, _pages(data_dict), in_silence)
    except (SourceMalformed, SourceUnreachable) as error:
        raise tk.ValidationError({"url": [str(error)]}) from error


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
    return {"removed": dismissed(member_named(tk.get_or_bust(data_dict, "id")), in_silence)}


def _pages(data_dict: DataDict) -> int:
    given = data_dict.get("pages")
    text = str(FIRST_PAGES if given in (None, "") else given)
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST_PAGES):
        raise tk.ValidationError({"pages": [f"{given!r} is no number of pages: use 1 to {MOST_PAGES}"]})
    return int(text)
