"""The members of a registry, and their harvests.

There is no action to change a harvested record: that is done where it comes from.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context, DataDict

from ckanext.citizendata.federation.ports import APPROVED, GONE
from ckanext.citizendata.logic import jobs
from ckanext.citizendata.logic.admission import admitted, dismissed, patched
from ckanext.citizendata.logic.harvest import member_named
from ckanext.citizendata.logic.removals import approved, kept, waiting
from ckanext.citizendata.model import ledger, run
from ckanext.citizendata.model import member as members

__all__ = [
    "citizendata_harvest_approve",
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


def citizendata_harvest_run(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Harvest a member soon, in the background.

    :param id: name of the member
    :type id: string

    :returns: `{"job": id of the job}`
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    """
    tk.check_access("citizendata_harvest_run", context, data_dict)
    return {"job": jobs.enqueue_harvest(member_named(tk.get_or_bust(data_dict, "id")).id)}


@tk.side_effect_free
def citizendata_harvest_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What the last harvest of a member did.

    :param id: name of the member
    :type id: string

    :returns: `id`, `member`, `started`, `finished`, `state`, `reason`, `counts` by outcome, and `items`: each record
        that wasn't simply unchanged, with outcome, reason and problems
    :rtype: dictionary

    :raises NotFound: naming the members that there are, or if the member was never harvested
    """
    tk.check_access("citizendata_harvest_show", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    row = run.last_with_items(member.id)
    if row is None:
        message = f"{member.id} was never harvested; do it with: ckan citizendata harvest run {member.id}"
        raise tk.ObjectNotFound(message)
    return {**_run(row), "items": row.items}


def citizendata_harvest_approve(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Agree that a record which was taken back may return; the next harvest that finds it publishes it.

    :param id: name of the member
    :type id: string
    :param iri: address of the record
    :type iri: string

    :returns: `{"iri": …, "was": state before}`
    :rtype: dictionary

    :raises NotFound: if the member never offered the record
    :raises ValidationError: if the record wasn't taken back
    """
    tk.check_access("citizendata_harvest_approve", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    iri = tk.get_or_bust(data_dict, "iri")
    row = ledger.by_iri(member.id, iri)
    if row is None:
        message = f"{member.id} never offered the record {iri}"
        raise tk.ObjectNotFound(message)
    if row.state not in GONE:
        message = f"{iri} is {row.state}; only what was withdrawn or removed needs approval to return"
        raise tk.ValidationError({"iri": [message]})
    # Without a fingerprint the next harvest takes the record for new, whatever it says.
    forgotten = {"fingerprint": None, "missing_since": None, "absences": 0, "removal": None}
    decision = {"state": APPROVED, "reason": "A person agreed to its return", "decided": sa.func.clock_timestamp()}
    ledger.write({"member_id": member.id, "iri": iri, **forgotten, **decision})
    model.Session.commit()
    return {"iri": iri, "was": row.state}


@tk.side_effect_free
def citizendata_removal_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """The records of a member that are missing from its feed, too many at once to be removed without a person.

    :param id: name of the member
    :type id: string

    :returns: `iri`, `title`, `missing_since`, `hidden` (whether readers see it no more already) and `reason` of each
    :rtype: list of dictionaries

    :raises NotFound: naming the members that there are
    """
    tk.check_access("citizendata_removal_list", context, data_dict)
    return waiting(member_named(tk.get_or_bust(data_dict, "id")).id)


def citizendata_removal_approve(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Remove at once what waits for it; each record comes back by itself when its source lists it again.

    :param id: name of the member
    :type id: string
    :param iris: addresses of the records (optional, default: all that wait)
    :type iris: list of strings

    :returns: `removed`, a list of addresses, and `failed`, a list of `iri` and `reason`; these still wait
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: for an address about which no decision waits, and while the member is being harvested
    """
    tk.check_access("citizendata_removal_approve", context, data_dict)
    return approved(member_named(tk.get_or_bust(data_dict, "id")), data_dict.get("iris"))


def citizendata_removal_refuse(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Keep what waits for its removal; nobody is asked again until the record was listed in between.

    What is hidden stays hidden till its source lists it again.

    :param id: name of the member
    :type id: string
    :param iris: addresses of the records (optional, default: all that wait)
    :type iris: list of strings

    :returns: `kept` and, among these, `hidden`: lists of addresses
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: for an address about which no decision waits, and while the member is being harvested
    """
    tk.check_access("citizendata_removal_refuse", context, data_dict)
    return kept(member_named(tk.get_or_bust(data_dict, "id")), data_dict.get("iris"))


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
        "last_run": last and _run(last),
    }


def _run(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "member": row.member_id,
        "started": row.started.isoformat(),
        "finished": row.finished and row.finished.isoformat(),
        "state": row.state,
        "reason": row.reason,
        "counts": row.counts,
    }
