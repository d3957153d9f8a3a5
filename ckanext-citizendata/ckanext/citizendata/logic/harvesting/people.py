"""Whose catalogue it is: the people of a member on this registry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from ckan import authz, model

from ckanext.citizendata.model import member as members

__all__ = ["answers_for", "members_of", "people_of"]

# What editors and administrators of the organisation that stands for a member may do, and its other users may not.
PERMISSION = "update_dataset"


def answers_for(user_name: str | None, member_id: Any) -> bool:
    """Whether the user is one of the member's people: an editor or administrator of its organisation."""
    row = members.by_id(member_id) if isinstance(member_id, str) else None
    return row is not None and _may(user_name, row.organization_id)


def members_of(user_name: str) -> Sequence[sa.Row[Any]]:
    """The members that the user answers for, by name."""
    user = model.User.get(user_name)
    if user is None or user.state != model.State.ACTIVE:
        return ()
    organizations = user.get_group_ids("organization")
    return [row for row in members.of_organizations(organizations) if _may(user.name, row.organization_id)]


def people_of(organization_id: str | None) -> Sequence[model.User]:
    """The member's people, by name."""
    roles = authz.get_roles_with_permission(PERMISSION)
    query = model.Session.query(model.User).join(model.Member, model.Member.table_id == model.User.id)
    query = query.filter(model.Member.group_id == organization_id, model.Member.state == model.State.ACTIVE)
    query = query.filter(model.Member.table_name == "user", model.Member.capacity.in_(roles))
    return query.filter(model.User.state == model.State.ACTIVE).order_by(model.User.name).all()


def _may(user_name: str | None, organization_id: str | None) -> bool:
    return bool(organization_id) and authz.has_user_permission_for_group_or_org(organization_id, user_name, PERMISSION)
