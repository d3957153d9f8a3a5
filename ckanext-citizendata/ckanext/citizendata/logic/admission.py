"""A catalogue comes to the registry, or leaves it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.federation.errors import HarvestRefused, RegistryUnavailable, SourceMalformed
from ckanext.citizendata.federation.fetch import origin
from ckanext.citizendata.federation.ports import REMOVED, WITHDRAWN, Brake, Member, RecordRefused
from ckanext.citizendata.logic.ledger import SqlLedger, SqlRuns
from ckanext.citizendata.logic.publisher import ActionPublisher
from ckanext.citizendata.model import ledger, outcome, run
from ckanext.citizendata.model import member as members

__all__ = ["admitted", "dismissed", "patched"]

Check: TypeAlias = Callable[[Mapping[str, Any]], Any]

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
EVERY_HOUR = 60
BRAKE = Brake()


def admitted(wishes: Mapping[str, Any]) -> str:
    """The name of the member that was just added, with an organisation that its records belong to.

    Raises `ValidationError` naming each value that can't be used.
    """
    checks = {"id": _name, "url": _address, "audience": _audience, "interval_minutes": _interval, "prefixes": _prefixes}
    values = _checked({**checks, **CHANGEABLE}, wishes)
    values["title"] = str(wishes.get("title") or values["id"]).strip()
    values["organization_id"] = _organization(values["id"], values["title"])
    members.write(values)
    model.Session.commit()
    return values["id"]


def patched(member: Member, wishes: Mapping[str, Any]) -> None:
    """Change what is wished of the member; it holds from the next harvest on.

    Raises `ValidationError` naming each value that can't be used, and where nothing is wished that can be changed.
    """
    checks = {key: check for key, check in CHANGEABLE.items() if key in wishes}
    if not checks:
        raise tk.ValidationError({"id": [f"Nothing to change was named; it could be: {', '.join(CHANGEABLE)}"]})
    members.write({"id": member.id, **_checked(checks, wishes)})
    model.Session.commit()


def _checked(checks: Mapping[str, Check], wishes: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for key, check in checks.items():
        try:
            values[key] = check(wishes)
        except ValueError as error:
            errors[key] = [str(error)]
    if errors:
        raise tk.ValidationError(errors)
    return values


def dismissed(member: Member) -> int:
    """How many records were taken away with the member, each leaving a tombstone.

    The ledger keeps what was withdrawn, so that it doesn't come back when the member does.

    Raises `ValidationError` while the member is being harvested, and for a record that can't be taken away: then the
    member stays, and the next call goes on where this one stopped.
    """
    try:
        with SqlRuns().alone(member.id):
            removed = _emptied(member)
    except (HarvestRefused, RecordRefused, RegistryUnavailable) as error:
        message = f"{member.id} is still a member: {error}. Remove it again later; what is done already stays done"
        raise tk.ValidationError({"id": [message]}) from error
    _leave_organization(member.organization_id)
    return removed


def _emptied(member: Member) -> int:
    publisher = ActionPublisher()
    removed = 0
    for entry in SqlLedger().standing(member.id):
        after = replace(entry, state=REMOVED, reason="Its member was removed", gone_since=datetime.now(timezone.utc))
        publisher.remove(member, "deleted", after)
        removed += 1
    outcome.remove_of(run.of_member(member.id))
    ledger.remove_of(member.id, keep=WITHDRAWN)
    run.remove_of(member.id)
    members.remove(member.id)
    model.Session.commit()
    return removed


def _name(wishes: Mapping[str, Any]) -> str:
    name = str(wishes.get("id") or "")
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a member: use 2 to 40 lower-case letters, digits and hyphens")
    if members.by_id(name):
        raise ValueError(f"There is a member {name} already")
    return name


def _address(wishes: Mapping[str, Any]) -> str:
    url = str(wishes.get("url") or "").strip()
    try:
        origin(url)
    except SourceMalformed as error:
        raise ValueError(error.sentence) from error
    return url


def _audience(wishes: Mapping[str, Any]) -> str:
    audience = wishes.get("audience") or audiences.EVERYONE
    if audiences.readable(audience) is None:
        raise ValueError(f"{audience!r} is no audience; choose one of: {', '.join(audiences.AUDIENCES)}")
    return str(audience)


def _number(name: str, default: int, most: int, kind: str) -> Check:
    """A check of a whole number from 0 to `most`; an empty one is the default, and a wrong one no `kind`."""

    def check(wishes: Mapping[str, Any]) -> int:
        given = wishes.get(name)
        text = str(default if given in (None, "") else given)
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most):
            raise ValueError(f"{given!r} is no {kind}")
        return int(text)

    return check


_interval = _number(
    "interval_minutes",
    EVERY_HOUR,
    525_600,
    "number of minutes: use 0 (never by itself) to 525600 (once a year)",
)
_brake_records = _number(
    "brake_records", BRAKE.records, 1_000_000, "number of records: use 0 (a person decides about each) to 1000000"
)
_brake_percent = _number("brake_percent", BRAKE.percent, 100, "part of the records: use 0 to 100, in percent")


# What may be changed of a member after its admission.
CHANGEABLE: Mapping[str, Check] = {"brake_records": _brake_records, "brake_percent": _brake_percent}


def _prefixes(wishes: Mapping[str, Any]) -> list[str]:
    """What the member may speak for: by default whatever its own server names."""
    given = [str(prefix).strip() for prefix in wishes.get("prefixes") or ()]
    prefixes = [_prefix(prefix) for prefix in given or [_address(wishes)]]
    if not given:
        parts = urlsplit(prefixes[0])
        prefixes = [f"{parts.scheme}://{parts.netloc}/"]
    for other in members.every():
        taken = set(prefixes) & set(other.prefixes)
        if taken:
            advice = "say with --prefix what this one may speak for"
            raise ValueError(f"{other.id} speaks for {', '.join(sorted(taken))} already; {advice}")
    return prefixes


def _prefix(prefix: str) -> str:
    """With a slash after a bare server name, lest `https://a.example` covers `https://a.example.org`."""
    parts = urlsplit(prefix)
    if not parts.scheme or not (parts.netloc or parts.path):
        raise ValueError(f"{prefix!r} is no beginning of an address")
    return f"{prefix}/" if parts.netloc and not parts.path else prefix


def _organization(member_id: str, title: str) -> str:
    """The id of the organisation that stands for the member; one that an earlier membership left behind is taken up."""
    context = tk.fresh_context({"user": _site_user(), "ignore_auth": True})
    values = {"name": member_id, "title": title, "state": model.State.ACTIVE}
    left = model.Group.get(member_id)
    if left is None:
        return tk.get_action("organization_create")(context, values)["id"]
    if not left.is_organization or left.packages():
        message = f"There is an organisation or group {member_id} already; choose another name"
        raise tk.ValidationError({"id": [message]})
    return tk.get_action("organization_update")(context, {**values, "id": left.id})["id"]


def _leave_organization(organization_id: str | None) -> None:
    """Delete the organisation where nothing belongs to it any more."""
    organization = model.Group.get(organization_id) if organization_id else None
    if organization is not None and not _has_packages(organization.id):
        context = tk.fresh_context({"user": _site_user(), "ignore_auth": True})
        tk.get_action("organization_delete")(context, {"id": organization.id})


def _has_packages(organization_id: str) -> bool:
    """Whether packages belong to it that aren't deleted: withdrawn records are private, and stay with it."""
    packages = model.Session.query(model.Package).filter_by(owner_org=organization_id)
    return packages.filter(model.Package.state != model.State.DELETED).first() is not None


def _site_user() -> str:
    return tk.get_action("get_site_user")(tk.fresh_context({"ignore_auth": True}), {})["name"]
