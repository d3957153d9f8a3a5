"""A catalogue comes to the registry: added by its people, or by an application that they decide about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.membership import ACTIVE, APPLIED, REFUSED, SUSPENDED
from ckanext.citizendata.core.record import MEMBER
from ckanext.citizendata.federation.ports import STANDING
from ckanext.citizendata.logic.members.member_values import CHANGEABLE, CHECKS, WISHED, checked, sentence
from ckanext.citizendata.logic.members.recognised import with_kind
from ckanext.citizendata.logic.members.takeover import OTHER, below, hand_over_below
from ckanext.citizendata.model import lease, ledger, member_feed
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import record as records

__all__ = ["admitted", "applied", "approved", "patched", "refused", "resumed", "suspended"]

# Of one person; so many a registry's people can look at.
MOST_APPLICATIONS = 3
# The same for whatever is in the way: who else has applied, and where, is nobody's business.
TAKEN = "This name or address can't be taken: choose another name, or write to the people of this registry"

Wishes = Mapping[str, Any]


def admitted(wishes: Wishes) -> str:
    """The name of the member that was just added, with an organisation that its records belong to.

    Raises `ValidationError` naming each value that can't be used.
    """
    values = checked(CHECKS, wishes)
    if members.by_id(values["id"]):
        raise tk.ValidationError({"id": [f"There is a member {values['id']} already"]})
    return _written(with_kind(values), wishes)


def applied(wishes: Wishes, applicant: str) -> str:
    """The name of a catalogue that has just applied: it waits, and nothing is read from it.

    A refused application of the same user is made anew. Raises `ValidationError` naming each value that can't be used.
    """
    values = checked(WISHED, wishes)
    if not values["contact"]:
        raise tk.ValidationError({"contact": ["Say at which mail address the catalogue's people are reached"]})
    before = members.locked(values["id"])
    is_anew = before is not None and before.state == REFUSED and before.applicant == applicant
    is_free = is_anew or (before is None and not _is_former(values["id"]))
    if not is_free or members.at(values["url"]) not in (None, values["id"]):
        raise tk.ValidationError({"id": [TAKEN]})
    _refuse_too_many(applicant)
    _left_organization(values["id"])
    interval = checked(["interval_minutes"], {})
    members.write({**values, **interval, "applicant": applicant})
    members.decide(values["id"], APPLIED, None)
    model.Session.commit()
    return values["id"]


def _is_former(member_id: str) -> bool:
    """Whether a member that left had this name: whoever has it has that one's records."""
    return records.is_known(MEMBER + member_id) or bool(ledger.states(member_id))


def _refuse_too_many(applicant: str) -> None:
    if members.applications(applicant) >= MOST_APPLICATIONS:
        message = f"{MOST_APPLICATIONS} applications of yours wait for a decision; send the next one after that"
        raise tk.ValidationError({"id": [message]})


def approved(member_id: str, wishes: Wishes) -> None:
    """Admit a catalogue that applied, or whose application was refused, as it wished or as `wishes` says.

    Raises `ValidationError` naming each value that can't be used, and for any other member.
    """
    before = _in_state(member_id, APPLIED, REFUSED)
    # What it may speak for is never taken from an application.
    known = {name: value for name, value in before._mapping.items() if name != "prefixes"}
    values = checked(CHECKS, {**known, **wishes, "id": member_id})
    values = {**with_kind(values), "state": ACTIVE, "reason": None, "since": sa.func.clock_timestamp()}
    _written(values, wishes)


def refused(member_id: str, wishes: Wishes) -> None:
    """Refuse an application; who sent it is told why. Raises `ValidationError` for any other member."""
    _in_state(member_id, APPLIED)
    _decide(member_id, REFUSED, wishes)


def suspended(member_id: str, wishes: Wishes) -> None:
    """Harvest the member no more; a harvest that is under way is stopped, its records stay.

    Raises `ValidationError` for a member that isn't harvested anyway.
    """
    _in_state(member_id, ACTIVE)
    _decide(member_id, SUSPENDED, wishes)
    # Only now: a run that begins later finds the member suspended.
    lease.ask_to_stop(member_id)
    model.Session.commit()


def resumed(member_id: str) -> None:
    """Harvest the member again. Raises `ValidationError` for one that isn't suspended."""
    _in_state(member_id, SUSPENDED)
    _decide(member_id, ACTIVE, {})


def patched(member_id: str, wishes: Wishes) -> None:
    """Change what is wished of the member; it holds from the next harvest on.

    Raises `ValidationError` naming each value that can't be used, and where nothing is wished that can be changed.
    """
    names = [name for name in CHANGEABLE if name in wishes]
    if not names:
        raise tk.ValidationError({"id": [f"Nothing to change was named; it could be: {', '.join(CHANGEABLE)}"]})
    before = _in_state(member_id, ACTIVE, SUSPENDED)
    values = with_kind({"url": before.url, **checked(names, {**before._mapping, **wishes, "id": member_id})})
    members.write({"id": member_id, **values})
    member_feed.want_whole(member_id)
    if "prefixes" in values:
        hand_over_below(member_id)
    if values.get("audience", before.audience) != before.audience:
        ledger.mark(member_id, STANDING, OTHER)
    model.Session.commit()
    if before.organization_id and values.get("title", before.title) != before.title:
        _organization_action("patch", {"id": before.organization_id, "title": values["title"]})


def _in_state(member_id: str, *states: str) -> sa.Row[Any]:
    """The member, held until the transaction ends. Raises `ValidationError` where it stands otherwise."""
    row = members.locked(member_id)
    if row is None or row.state not in states:
        stands = f"{row.title} is {row.state}" if row else f"There is no member {member_id} any more"
        model.Session.rollback()
        raise tk.ValidationError({"id": [f"{stands}; this can be done only where one is {' or '.join(states)}"]})
    return row


def _decide(member_id: str, state: str, wishes: Wishes) -> None:
    try:
        reason = sentence(wishes, "reason")
    except ValueError as error:
        raise tk.ValidationError({"reason": [str(error)]}) from error
    members.decide(member_id, state, reason or None)
    model.Session.commit()


def _written(values: dict[str, Any], wishes: Wishes) -> str:
    members.write(values)
    if not wishes.get("prefixes"):
        _refuse_unsaid(values)
    members.write({"id": values["id"], "organization_id": _organization(values["id"], values["title"])})
    hand_over_below(values["id"])
    model.Session.commit()
    return values["id"]


def _refuse_unsaid(values: Mapping[str, Any]) -> None:
    """Nobody gets the records of others by what nobody said: a server may be shared by many."""
    number = len(below(values["id"]))
    if number:
        model.Session.rollback()
        start = values["prefixes"][0]
        message = f"{number} records of other members have addresses that begin with {start}; say with --prefix"
        raise tk.ValidationError({"prefixes": [f"{message} which addresses are this one's"]})


def _organization(member_id: str, title: str) -> str:
    """The id of the organisation that stands for the member; one that an earlier membership left behind is taken up."""
    left = _left_organization(member_id)
    values = {"name": member_id, "title": title, "state": model.State.ACTIVE}
    if left is None:
        return _organization_action("create", values)["id"]
    return _organization_action("update", {**values, "id": left.id})["id"]


def _left_organization(member_id: str) -> model.Group | None:
    """An organisation of this name to which nothing belongs. Raises `ValidationError` for one that is in use."""
    left = model.Group.get(member_id)
    if left is None or (left.is_organization and not left.packages()):
        return left
    message = f"There is an organisation or group {member_id} already; choose another name"
    raise tk.ValidationError({"id": [message]})


def _organization_action(verb: str, values: dict[str, Any]) -> dict[str, Any]:
    site = tk.get_action("get_site_user")(tk.fresh_context({"ignore_auth": True}), {})["name"]
    return tk.get_action(f"organization_{verb}")(tk.fresh_context({"user": site, "ignore_auth": True}), values)
