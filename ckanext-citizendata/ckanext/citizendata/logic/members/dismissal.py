"""The records of a catalogue leave the registry, and the catalogue with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import TypeAlias

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.citizendata.federation.errors import HarvestRefused, RegistryUnavailable
from ckanext.citizendata.federation.ports import APPROVED, REMOVED, WITHDRAWN, Member, Progress, RecordRefused
from ckanext.citizendata.logic.members.emptying import emptied
from ckanext.citizendata.logic.publishing.ledger import SqlRuns
from ckanext.citizendata.model import ledger, mail, member_feed, outcome, run
from ckanext.citizendata.model import likeness as likenesses
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import publisher as publishers

__all__ = ["cleared", "dismissed"]

Work: TypeAlias = Callable[[Member, Callable[[], None], Progress], int]


def cleared(member: Member, progress: Progress) -> int:
    """How many records were taken away, each leaving a tombstone; the member stays.

    Its next harvest brings back what it lists by then, except for what was withdrawn.

    Raises `ValidationError` while the member is being harvested, and where the work can't go on: what is done by then
    stays done, and the next call goes on.
    """
    return _alone(member, f"Not all records of {member.id} are taken away", _cleared, progress)


def dismissed(member: Member, progress: Progress) -> int:
    """How many records were taken away with the member, each leaving a tombstone.

    The ledger keeps what was withdrawn, so that it doesn't come back when the member does.

    Raises `ValidationError` while the member is being harvested, and for a record that can't be taken away: then the
    member stays, and the next call goes on where this one stopped.
    """
    removed = _alone(member, f"{member.id} is still a member", _dismissed, progress)
    _leave_organization(member.organization_id)
    return removed


def _alone(member: Member, otherwise: str, work: Work, progress: Progress) -> int:
    """What the work answers under the member's lease; raises `ValidationError` with why, and what is `otherwise`."""
    try:
        with SqlRuns().alone(member.id) as go_on:
            return work(member, go_on, progress)
    except (HarvestRefused, RecordRefused, RegistryUnavailable) as error:
        message = f"{otherwise}: {error}. Say it again later; what is done already stays done"
        raise tk.ValidationError({"id": [message]}) from error


def _cleared(member: Member, go_on: Callable[[], None], progress: Progress) -> int:
    # What a person may also decide of each of them: the next harvest takes it for new, whatever it says.
    forgotten = {"fingerprint": None, "gone_since": None, "absences": 0, "removal": None}
    reason = "All records of its member were taken away; it comes back when it is listed"
    removed = emptied(member, {"state": APPROVED, "reason": reason, **forgotten}, go_on, progress)
    member_feed.want_whole(member.id)
    model.Session.commit()
    return removed


def _dismissed(member: Member, go_on: Callable[[], None], progress: Progress) -> int:
    gone = {"state": REMOVED, "reason": "Its member was removed", "gone_since": datetime.now(timezone.utc)}
    removed = emptied(member, gone, go_on, progress)
    outcome.remove_of(run.of_member(member.id))
    ledger.remove_of(member.id, keep=WITHDRAWN)
    run.remove_of(member.id)
    mail.forget(f"report {member.id}")
    publishers.remove_of(member.id)
    likenesses.remove_of(member.id)
    member_feed.remove(member.id)
    members.remove(member.id)
    model.Session.commit()
    return removed


def _leave_organization(organization_id: str | None) -> None:
    """Delete the organisation where nothing belongs to it any more."""
    organization = model.Group.get(organization_id) if organization_id else None
    if organization is not None and not _has_packages(organization.id):
        site = tk.get_action("get_site_user")(tk.fresh_context({"ignore_auth": True}), {})["name"]
        context = tk.fresh_context({"user": site, "ignore_auth": True})
        tk.get_action("organization_delete")(context, {"id": organization.id})


def _has_packages(organization_id: str) -> bool:
    """Whether packages belong to it that aren't deleted: withdrawn records are private, and stay with it."""
    packages = model.Session.query(model.Package).filter_by(owner_org=organization_id)
    return packages.filter(model.Package.state != model.State.DELETED).first() is not None
