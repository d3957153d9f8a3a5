"""Statistical offices, what records say in their name, and calls of actions as somebody."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories

CONFIRM, DENY, LIST, SHOW = (f"citizendata_statement_{verb}" for verb in ("confirm", "deny", "list", "show"))
CLAIM = {"integration_status": "integrated"}


def _context(user: dict[str, Any] | None) -> dict[str, Any]:
    name = user["name"] if user else ""
    return {"user": name, "auth_user_obj": model.User.get(name) or model.AnonymousUser(), "ignore_auth": False}


def act(action: str, user: dict[str, Any] | None, **fields: Any) -> Any:
    """What an action answers to a user, with her rights; None is a visitor."""
    return tk.get_action(action)(_context(user), fields)


def standing(id_: str) -> tuple[str, str]:
    """How the statements of a record stand, and the quality that follows, as a visitor reads them."""
    package = act("package_show", None, id=id_)
    return package["official_statement"], package["quality_status"]


def office(*countries: str, capacity: str = "editor", kind: str = "nso") -> dict[str, Any]:
    """A user with that role in an organisation of that kind and these countries."""
    user = factories.User()
    profile = {"country": list(countries)} if countries else {}
    factories.Organization(
        title="Bureau of Statistics",
        producer_kind=kind,
        users=[{"name": user["name"], "capacity": capacity}],
        **profile,
    )
    return user
