"""Whether a member may be harvested now, and what is to be done where it may not."""

from __future__ import annotations

from ckanext.citizendata.core.membership import ACTIVE, APPLIED, REFUSED, SUSPENDED, WATCHED
from ckanext.citizendata.federation.errors import MemberInactive, PlanWanted
from ckanext.citizendata.federation.ports import Member

__all__ = ["require_active", "require_harvestable"]

STANDS = {
    APPLIED: "it has applied, and nobody has decided; admit it with: ckan citizendata member approve {id}",
    REFUSED: "its application was refused; admit it all the same with: ckan citizendata member approve {id}",
    SUSPENDED: "it is suspended; end that with: ckan citizendata member resume {id}",
}


def require_harvestable(member: Member, plan: str | None) -> None:
    """Raises `MemberInactive`, and `PlanWanted` for a watched member without the hash of a plan."""
    require_active(member)
    if member.trust == WATCHED and plan is None:
        command = f"ckan citizendata harvest plan {member.id}"
        reason = f"it is watched, so that a person looks at each harvest before it is done: {command}"
        raise PlanWanted(f"{member.title} isn't harvested: {reason}")


def require_active(member: Member) -> None:
    """Raises `MemberInactive`, with how the member stands and the command that changes it."""
    if member.state != ACTIVE:
        raise MemberInactive(f"{member.title} isn't harvested: {STANDS[member.state].format(id=member.id)}")
