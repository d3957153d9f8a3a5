"""Who may ask for an account, who decides about it, and how many wait for her."""

from __future__ import annotations

from collections.abc import Sequence

import ckan.plugins.toolkit as tk
from ckan import authz, model

from ckanext.citizendata.model import account

__all__ = ["MOST_SHOWN", "may_ask", "may_decide", "organisations", "organizations_of_admin", "requests_number"]

MOST_SHOWN = 200


def may_ask() -> bool:
    """Whether a page asks the reader whether she wants an account."""
    return tk.h.check_access("citizendata_account_ask")


def organisations() -> Sequence[model.Group]:
    """The organisations of this site by title, for who says whom she publishes for."""
    query = model.Session.query(model.Group).filter_by(is_organization=True, state=model.State.ACTIVE)
    return query.order_by(model.Group.title, model.Group.name).all()


def organizations_of_admin(user_name: str | None) -> Sequence[str] | None:
    """The organisations that somebody administers; None, which is all, for administrators of the site."""
    if authz.is_sysadmin(user_name):
        return None
    user = model.User.get(user_name)
    return user.get_group_ids("organization", "admin") if user is not None and user.is_active else ()


def may_decide(user_name: str | None, organization_id: str | None) -> bool:
    """Whether somebody decides about requests for this organisation; about one that isn't here yet, the site's."""
    mine = organizations_of_admin(user_name)
    return mine is None or (organization_id is not None and organization_id in mine)


def requests_number() -> int:
    """How many requests wait for the reader's decision."""
    mine = organizations_of_admin(tk.current_user.name) if tk.current_user.is_authenticated else ()
    return account.number(mine) if mine is None or mine else 0
