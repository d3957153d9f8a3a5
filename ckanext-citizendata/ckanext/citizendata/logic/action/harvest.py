"""The harvests of a registry's members, and what a person decides about them.

There is no action to change a harvested record: that is done where it comes from.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context, DataDict

from ckanext.citizendata.federation.admittance import require_harvestable
from ckanext.citizendata.federation.errors import HarvestRefused, SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.plan import is_hash
from ckanext.citizendata.federation.ports import APPROVED, GONE, VACANT, in_silence
from ckanext.citizendata.logic.asked import number_asked, number_asked_or_none
from ckanext.citizendata.logic.harvesting import jobs, queues
from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.harvesting.planning import looked_at
from ckanext.citizendata.logic.harvesting.removals import approved, kept, waiting
from ckanext.citizendata.logic.harvesting.report_shown import groups_shown
from ckanext.citizendata.logic.harvesting.run_shown import run_shown
from ckanext.citizendata.logic.members.takeover import hand_over, others_at
from ckanext.citizendata.logic.wording import reader_wording
from ckanext.citizendata.model import lease, ledger, member_feed, outcome, run
from ckanext.citizendata.model import record as records

__all__ = [
    "citizendata_harvest_abort",
    "citizendata_harvest_approve",
    "citizendata_harvest_plan",
    "citizendata_harvest_run",
    "citizendata_harvest_show",
    "citizendata_harvest_status",
    "citizendata_removal_approve",
    "citizendata_removal_list",
    "citizendata_removal_refuse",
]

# Outcomes of a harvest in one answer.
ITEMS, MOST_ITEMS = 1000, 10_000


def citizendata_harvest_plan(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What a harvest of a member would do now; nothing is written. The feed is read whole at each call.

    :param id: name of the member
    :type id: string
    :param after: only records with a higher number, to read on (optional, default: ``0``)
    :type after: int
    :param limit: so many records at most (optional, default: ``1000``, upper limit: ``10000``)
    :type limit: int

    :returns: `member`, `hash` (what `citizendata_harvest_run` takes as `plan`), `counts` by outcome, `notes` (problems
        of the feed as a whole), and `items`: each record that doesn't simply stay as it is, with `number`, `iri`,
        `outcome`, `code`, `reason`, `problems`, `title` and `changes`, for what changed field by field: `field`,
        `label`, `old`, `new`, and the same for people as `old_words` and `new_words`
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: if the feed can't be read, and while the member is being harvested
    """
    tk.check_access("citizendata_harvest_plan", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    after, limit = (number_asked(data_dict, name, default) for name, default in (("after", 0), ("limit", ITEMS)))
    try:
        with looked_at(member, in_silence) as look:
            return {**look.head(), "items": [*look.items(after, min(limit, MOST_ITEMS))]}
    except (HarvestRefused, SourceMalformed, SourceUnreachable) as error:
        raise tk.ValidationError({"id": [str(error)]}) from error


def citizendata_harvest_run(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Harvest a member soon, in the background.

    :param id: name of the member
    :type id: string
    :param plan: the hash of a plan: nothing is done but what it says (optional, default: whatever the feed asks for)
    :type plan: string

    :returns: `{"job": id of the job}`
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    :raises ValidationError: for what is no hash of a plan, and for a member that isn't to be harvested
    """
    tk.check_access("citizendata_harvest_run", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    plan = _plan(data_dict)
    try:
        require_harvestable(member, plan)
    except HarvestRefused as error:
        raise tk.ValidationError({"id": [str(error)]}) from error
    return {"job": jobs.enqueue_harvest(member.id, plan)}


@tk.side_effect_free
def citizendata_harvest_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """What the last harvest of a member did, or an earlier one.

    :param id: name of the member
    :type id: string
    :param after: only outcomes with a higher number, to read on (optional, default: ``0``)
    :type after: int
    :param limit: so many outcomes at most (optional, default: ``1000``, upper limit: ``10000``)
    :type limit: int
    :param run: number of an earlier harvest (optional, default: the last one)
    :type run: int

    :returns: `id`, `member`, `started`, `finished`, `state`, `reason`, `code`, `counts` by outcome, `groups`, and
        `items`: each record that wasn't simply unchanged, with number, outcome, code, reason and problems; notes about
        the feed as a whole have no `iri`. A group is all problems of one kind, with `kind`, `code`, `field`, `count`,
        the same for people as `heading`, `words`, `label` and `mend`, and a few `examples` (`iri`, `title` and `name`
        of its page here, `message`, `advice`)
    :rtype: dictionary

    :raises NotFound: naming the members that there are, or if the member was never harvested, or not with this number
    """
    tk.check_access("citizendata_harvest_show", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    after, limit = (number_asked(data_dict, name, default) for name, default in (("after", 0), ("limit", ITEMS)))
    row = _run(member.id, number_asked_or_none(data_dict, "run"))
    if row is None:
        message = f"{member.id} was never harvested; do it with: ckan citizendata harvest run {member.id}"
        raise tk.ObjectNotFound(message)
    found = outcome.of_run(row.id, after, min(limit, MOST_ITEMS))
    groups = groups_shown(member.id, row.groups or [], reader_wording())
    return {**run_shown(row), "groups": groups, "items": [_item(each) for each in found]}


@tk.side_effect_free
def citizendata_harvest_status(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Which harvests are under way and which wait, and who works on them.

    :returns: `queues`, each with `name`, `workers` (how many listen to it) and `waiting` (how many jobs wait);
        `running`, each with `member`, `worker` and `since`; `advice`, sentences about queues that nobody works on
    :rtype: dictionary
    """
    tk.check_access("citizendata_harvest_status", context, data_dict)
    running = [
        {"member": row.member_id, "worker": row.worker, "since": row.since.isoformat()} for row in lease.in_work()
    ]
    return {"queues": queues.shown(), "running": running, "advice": queues.advice()}


def citizendata_harvest_abort(context: Context, data_dict: DataDict) -> dict[str, bool]:
    """Ask the harvest of a member that is under way to stop; it ends within seconds, before its next page or batch.

    What it published by then stays, and the next harvest goes on.

    :param id: name of the member
    :type id: string

    :returns: `{"asked": whether a harvest was under way}`
    :rtype: dictionary

    :raises NotFound: naming the members that there are
    """
    tk.check_access("citizendata_harvest_abort", context, data_dict)
    asked = lease.ask_to_stop(member_named(tk.get_or_bust(data_dict, "id")).id)
    model.Session.commit()
    return {"asked": asked}


def citizendata_harvest_approve(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Agree that a record which was taken back may return, or that one takes the place of what its owner removed.

    The next harvest that finds it publishes it.

    :param id: name of the member
    :type id: string
    :param iri: address of the record
    :type iri: string

    :returns: `{"iri": …, "was": state before}`
    :rtype: dictionary

    :raises NotFound: if the member never offered the record
    :raises ValidationError: if the record wasn't taken back, and its owner's wasn't removed
    """
    tk.check_access("citizendata_harvest_approve", context, data_dict)
    member = member_named(tk.get_or_bust(data_dict, "id"))
    iri = tk.get_or_bust(data_dict, "iri")
    row = _held(member.id, iri)
    if row is None:
        message = f"{member.id} never offered the record {iri}"
        raise tk.ObjectNotFound(message)
    if row.state not in (*GONE, VACANT):
        message = f"{iri} is {row.state}; only what was withdrawn or removed needs approval to return"
        message = "; ".join(filter(None, (message, others_at(member.id, iri))))
        raise tk.ValidationError({"iri": [message]})
    if row.state == VACANT:
        hand_over(member.id, iri)
    # Without a fingerprint the next harvest takes the record for new, whatever it says.
    forgotten = {"fingerprint": None, "missing_since": None, "absences": 0, "removal": None}
    decision = {"state": APPROVED, "reason": "A person agreed to its return", "decided": sa.func.clock_timestamp()}
    ledger.write({"member_id": member.id, "iri": iri, **forgotten, **decision})
    member_feed.want_whole(member.id)
    ledger.recount(member.id)
    model.Session.commit()
    return {"iri": iri, "was": row.state}


def _held(member_id: str, iri: str) -> Any:
    """The ledger's row, held until the transaction ends, after the record: as whoever withdraws it or harvests does."""
    row = ledger.by_iri(member_id, iri)
    if row is None:
        return None
    records.locked(row.package_id or "")
    return ledger.locked(member_id, iri)


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
    return approved(member_named(tk.get_or_bust(data_dict, "id")), _iris(data_dict))


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
    return kept(member_named(tk.get_or_bust(data_dict, "id")), _iris(data_dict))


def _iris(data_dict: DataDict) -> list[str] | None:
    """The addresses of a request, None where it names none. Raises `ValidationError` with what is no address."""
    given = data_dict.get("iris")
    if given is None:
        return None
    wrong = [each for each in given if not (isinstance(each, str) and each)] if isinstance(given, list) else [given]
    if wrong:
        message = f"{str(wrong[0])[:100]!r} is no address; iris is a list of addresses of records"
        raise tk.ValidationError({"iris": [message]})
    return given


def _run(member_id: str, number: int | None) -> Any:
    return run.last(member_id) if number is None else run.of_number(member_id, number)


def _item(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("number", "iri", "outcome", "code", "reason", "problems")}


def _plan(data_dict: DataDict) -> str | None:
    """The hash of a request, None where it names none. Raises `ValidationError` for what is no hash of a plan."""
    value = data_dict.get("plan")
    if value is None or (isinstance(value, str) and is_hash(value)):
        return value
    message = f"{str(value)[:100]!r} is no hash of a plan; citizendata_harvest_plan gives one"
    raise tk.ValidationError({"plan": [message]})
