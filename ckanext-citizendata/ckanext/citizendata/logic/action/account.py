"""Asking for an account, and admitting who asked with one decision."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context, DataDict

from ckanext.citizendata.logic.joining.account_wish import keep
from ckanext.citizendata.logic.joining.accounts import MOST_SHOWN, organizations_of_admin
from ckanext.citizendata.logic.joining.admitting import admit
from ckanext.citizendata.logic.values.storable import sought
from ckanext.citizendata.model import account

__all__ = [
    "citizendata_account_admit",
    "citizendata_account_ask",
    "citizendata_account_list",
    "citizendata_account_refuse",
]


def citizendata_account_ask(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Ask for an account, or who has one, to publish for an organisation. It waits for a person's decision.

    The answer is the same for an address that has an account, or has asked already.

    :param fullname: the name by which people know the person
    :type fullname: string
    :param email: her address
    :type email: string
    :param organization: name or id of an organisation (optional where `organization_name` is given)
    :type organization: string
    :param organization_name: what an organisation that isn't here yet is called (optional)
    :type organization_name: string
    :param reason: a few words to whoever decides (optional)
    :type reason: string
    :param password: of 8 characters at least, on a site that sends no mail (optional elsewhere)
    :type password: string
    :param answers: pairs of name and value of a form that was begun; it becomes a draft (optional)
    :type answers: list of lists

    :returns: nothing: `{}`
    :rtype: dictionary

    :raises ValidationError: naming each value that can't be used, and when too many ask at a time
    """
    tk.check_access("citizendata_account_ask", context, data_dict)
    place = str(tk.request.remote_addr) if tk.request else ""
    keep(data_dict, model.User.get(context.get("user")), place)
    return {}


@tk.side_effect_free
def citizendata_account_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Who waits for an account, longest first: all for administrators of the site, else those for one's organisations.

    :returns: for each `id`, `fullname`, `email`, `organization` (id and title, or None), `organization_name`, `reason`,
        `since`, `has_account` and `has_draft`; 200 at most
    :rtype: list of dictionaries
    """
    tk.check_access("citizendata_account_list", context, data_dict)
    return [_shown(row) for row in account.waiting(organizations_of_admin(context.get("user")), MOST_SHOWN)]


def citizendata_account_admit(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give who asked an account and the role of an editor, and make the draft that she began.

    :param id: the request
    :type id: string
    :param organization: name or id of the organisation (optional, default: the one that was asked for)
    :type organization: string

    :returns: `user`, the name of the account, and `draft`, the name of the draft or None
    :rtype: dictionary

    :raises NotFound: if nobody waits under this id
    :raises ValidationError: if no organisation is named, or the mail with the link can't be sent
    """
    row = _waiting(data_dict)
    wish = data_dict.get("organization")
    found = model.Group.get(row.organization_id if wish in (None, "") else sought(wish))
    if found is None or not found.is_organization:
        raise tk.ValidationError({"organization": [tk._("Choose an organisation.")]})
    tk.check_access("citizendata_account_admit", context, {"id": row.id, "organization": found.id})
    # Taken first: of two who press at once the second one finds nobody waiting.
    if not account.delete(row.id):
        raise tk.ObjectNotFound
    try:
        admitted = admit(context, row, found.id)
    except Exception:
        # Whatever went wrong, she waits on; what CKAN's actions have committed took her request along.
        model.Session.rollback()
        if account.by_id(row.id) is None:
            account.put(row._asdict())
        model.Session.commit()
        raise
    model.Session.commit()
    return admitted


def citizendata_account_refuse(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Forget a request, with all that was sent with it. Whoever asked isn't told, and may ask again.

    :param id: the request
    :type id: string

    :returns: nothing: `{}`
    :rtype: dictionary

    :raises NotFound: if nobody waits under this id
    """
    row = _waiting(data_dict)
    tk.check_access("citizendata_account_refuse", context, {"id": row.id, "organization": row.organization_id})
    account.delete(row.id)
    model.Session.commit()
    return {}


def _waiting(data_dict: DataDict) -> sa.Row[Any]:
    row = account.by_id(sought(tk.get_or_bust(data_dict, "id")))
    if row is None:
        raise tk.ObjectNotFound
    return row


def _shown(row: sa.Row[Any]) -> dict[str, Any]:
    found = model.Group.get(row.organization_id) if row.organization_id else None
    return {
        "id": row.id,
        "fullname": row.fullname,
        "email": row.email,
        "organization": {"id": found.id, "title": found.title or found.name} if found else None,
        "organization_name": row.organization_name,
        "reason": row.reason,
        "since": row.at.isoformat(),
        "has_account": bool(row.user_id),
        "has_draft": bool(row.answers),
    }
