"""What somebody says who asks for an account: checked, and kept without telling whether the address has one already."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.citizendata.logic.harvesting import mailing
from ckanext.citizendata.logic.joining.rate import is_within
from ckanext.citizendata.logic.values.storable import sought, storable
from ckanext.citizendata.model import account

__all__ = ["keep"]

HOUR, DAY = 3600, 24 * 3600
# Of one place an hour, and of all together a day: an office may ask for its people, a program can't fill the table.
OF_A_PLACE, OF_ALL = 10, 300
# Waiting requests; more than anybody decides.
MOST_WAITING = 2000
LONGEST: Mapping[str, int] = {"fullname": 200, "email": 254, "organization_name": 200, "reason": 2000}
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200
# Bytes of answers that are kept with a request.
MOST_ANSWERS = 300_000


def keep(wish: Mapping[str, Any], user: model.User | None, place: str) -> None:
    """Keeps the request of a visitor, or of a user; raises `ValidationError` for what is wrong, for all alike."""
    values = {name: storable(str(wish.get(name) or "").strip()) for name in LONGEST}
    if user is not None:
        values |= {"fullname": user.fullname or user.name, "email": user.email or user.name}
    answers = _answers(wish.get("answers"))
    errors: dict[str, Any] = {**_faults(values, wish, signed_in=user is not None), **_faults_of_password(wish, user)}
    if len(json.dumps(answers)) > MOST_ANSWERS:
        told = tk._("What you typed about your data is too long to go along. Shorten the longest answer.")
        errors["message"] = [told]
    if errors:
        raise tk.ValidationError(errors)
    if not is_within("account", place, OF_A_PLACE, HOUR) or not is_within("account", "all", OF_ALL, DAY):
        raise tk.ValidationError({"message": [tk._("Too many people ask just now. Please try again in an hour.")]})
    row = {**values, "email": values["email"].lower(), "id": uuid4().hex, "user_id": user and user.id}
    # Hashed for everybody: else who has an account would be answered sooner.
    row |= {"password_hash": _hashed(wish) if user is None else None, "organization_id": _organization(wish)}
    row |= {"answers": answers or None}
    if (user is not None or not _has_account(row["email"])) and account.number(None) < MOST_WAITING:
        account.put(row)
    model.Session.commit()


def _faults(values: Mapping[str, str], wish: Mapping[str, Any], *, signed_in: bool) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for name, most in LONGEST.items():
        if len(values[name]) > most:
            advice = tk._("Write at most {limit} characters.").format(limit=most)
            errors[name] = [f"{_questions()[name]}: {advice}"]
    if not values["fullname"]:
        errors["fullname"] = [tk._("Write the name by which people know you.")]
    if not signed_in and not _is_address(values["email"]):
        errors["email"] = [tk._("Write one e-mail address, as in name@example.org.")]
    if not wish.get("organization") and not values["organization_name"]:
        errors["organization"] = [tk._("Choose your organisation, or write its name.")]
    return errors


def _questions() -> Mapping[str, str]:
    """What the page asks, by the name of the answer."""
    return {
        "fullname": tk._("Your name"),
        "email": tk._("Your e-mail address"),
        "organization_name": tk._("If it is not in the list, its name"),
        "reason": tk._("A few words to whoever decides"),
    }


def _faults_of_password(wish: Mapping[str, Any], user: model.User | None) -> dict[str, list[str]]:
    length = len(str(wish.get("password") or ""))
    if user is not None or mailing.is_on() or SHORTEST_PASSWORD <= length <= LONGEST_PASSWORD:
        return {}
    if length > LONGEST_PASSWORD:
        return {"password": [tk._("Write at most {limit} characters.").format(limit=LONGEST_PASSWORD)]}
    return {"password": [tk._("Choose a password of at least 8 characters.")]}


def _is_address(text: str) -> bool:
    return re.fullmatch(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+", text) is not None


def _organization(wish: Mapping[str, Any]) -> str | None:
    found = model.Group.get(sought(wish.get("organization")))
    return found.id if found is not None and found.is_organization and found.state == model.State.ACTIVE else None


def _has_account(email: str) -> bool:
    query = model.Session.query(model.User).filter(model.User.email.ilike(_literal(email)))
    return query.filter(model.User.state != model.State.DELETED).first() is not None


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _hashed(wish: Mapping[str, Any]) -> str | None:
    """The password as CKAN keeps it; None where the site sends a link by mail to choose one."""
    if mailing.is_on():
        return None
    user = model.User()
    user.password = str(wish["password"])
    return user.password


def _answers(pairs: Any) -> list[list[str]]:
    """The answers of a form that was begun, without those left open."""
    if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in _listed(pairs)):
        raise tk.ValidationError({"answers": [tk._("Write pairs of a name and a value.")]})
    return [[storable(str(name)), storable(str(value))] for name, value in _listed(pairs) if str(value).strip()]


def _listed(pairs: Any) -> Sequence[Any]:
    return pairs if isinstance(pairs, (list, tuple)) else [pairs] if pairs else []
