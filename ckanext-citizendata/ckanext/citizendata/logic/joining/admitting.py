"""Admitting who asked: an account where there is none yet, a role in one organisation, and the draft that was begun."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from werkzeug.datastructures import MultiDict

from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.forms.dataset_form import package_from_form
from ckanext.citizendata.logic.forms.form_layout import form_layout, form_shape
from ckanext.citizendata.logic.forms.quick_record import quick_shape
from ckanext.citizendata.logic.harvesting import mailing
from ckanext.citizendata.logic.own_type import dataset_type

__all__ = ["admit", "free_name"]

ROLE = "editor"


def admit(context: Context, row: sa.Row[Any], organization_id: str) -> dict[str, Any]:
    """The name of the account and that of the draft, None where none was begun.

    With mail the person gets a link to choose a password; without, the one chosen while asking counts.
    """
    name = _known(context, row, organization_id) or _invited(context, row, organization_id)
    return {"user": name, "draft": _draft(row, name, organization_id)}


def _known(context: Context, row: sa.Row[Any], organization_id: str) -> str | None:
    """Who has an account becomes an editor; None for who has none."""
    user = model.User.get(row.user_id) if row.user_id else None
    if user is None:
        return None
    _make_editor(context, user.name, organization_id)
    return user.name


def _invited(context: Context, row: sa.Row[Any], organization_id: str) -> str:
    if row.password_hash is None and mailing.is_on():
        wish = {"email": row.email, "group_id": organization_id, "role": ROLE}
        user = model.User.get(tk.get_action("user_invite")(context, wish)["name"])
        assert user is not None
        user.fullname = row.fullname
        model.Session.commit()
        return user.name
    site: Any = {"ignore_auth": True, "user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    values = {"name": free_name(row.fullname), "email": row.email, "fullname": row.fullname}
    # A link by mail was meant to bring the password, and mail was switched off since: nobody knows this one.
    secret = {"password_hash": row.password_hash} if row.password_hash else {"password": secrets.token_urlsafe(24)}
    name = tk.get_action("user_create")(site, values | secret)["name"]
    _make_editor(context, name, organization_id)
    return name


def _make_editor(context: Context, name: str, organization_id: str) -> None:
    asked = tk.fresh_context(context)
    user = model.User.get(name)
    role = _role(user.id if user else "", organization_id)
    # Who may do more already keeps that.
    if role not in ("admin", ROLE):
        tk.get_action("organization_member_create")(asked, {"id": organization_id, "username": name, "role": ROLE})


def _role(user_id: str, organization_id: str) -> str | None:
    query = model.Session.query(model.Member.capacity)
    found = query.filter_by(group_id=organization_id, table_id=user_id, state=model.State.ACTIVE).first()
    return found[0] if found else None


def free_name(words: str) -> str:
    """A name for the address of a person or an organisation that nobody can guess another one by."""
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40] or "member"
    return f"{slug}-{secrets.token_hex(2)}"


def _draft(row: sa.Row[Any], name: str, organization_id: str) -> str | None:
    if not row.answers:
        return None
    schema = tk.h.scheming_get_dataset_schema(dataset_type())
    shape = quick_shape(form_shape(schema, site_model.model().vocabularies), form_layout(schema))
    package = package_from_form(MultiDict([(each[0], each[1]) for each in row.answers]), shape)
    package |= {"type": dataset_type(), "state": "draft", "owner_org": organization_id}
    package.pop("name", None)
    return _made(package, name)


def _made(package: dict[str, Any], name: str) -> str | None:
    """The name of the draft; an answer that can't be kept is left out, so that the others aren't lost with it."""
    make, wrong = tk.get_action("package_create"), set()
    for _ in range(2):
        context: Any = {"user": name, "ignore_auth": True, "allow_state_change": True}
        try:
            return make(context, {each: value for each, value in package.items() if each not in wrong})["name"]
        except tk.ValidationError as error:
            wrong |= set(error.error_dict)
    return None
