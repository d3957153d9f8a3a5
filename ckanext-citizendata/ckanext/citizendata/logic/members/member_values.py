"""What may be said of a member, value by value, with a sentence for each that can't be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.membership import ORDINARY, TRUSTS
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import origin
from ckanext.citizendata.federation.ports import DCAT, Brake
from ckanext.citizendata.federation.sources import KINDS
from ckanext.citizendata.model import member as members

__all__ = ["AUTO", "CHANGEABLE", "CHECKS", "WISHED", "checked", "sentence"]

Wishes: TypeAlias = Mapping[str, Any]
Check: TypeAlias = Callable[[Wishes], Any]

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
LONGEST = 300
EVERY_HOUR = 60
# Whatever is found at the address.
AUTO = "auto"
BRAKE = Brake()


def checked(names: Collection[str], wishes: Wishes) -> dict[str, Any]:
    """The values of these names, as `wishes` says them or by default.

    Raises `ValidationError` naming each value that can't be used.
    """
    values: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for name in names:
        try:
            values[name] = CHECKS[name](wishes)
        except ValueError as error:
            errors[name] = [str(error)]
    if errors:
        raise tk.ValidationError(errors)
    return values


def sentence(wishes: Wishes, name: str) -> str:
    """One line of text by a person, "" for none. Raises `ValueError` for what is no line, or too long."""
    text = str(wishes.get(name) or "").strip()
    if len(text) > LONGEST or not (text.isprintable()):
        raise ValueError(f"{text[:40]!r} is no line of text of at most {LONGEST} characters")
    return text


def _name(wishes: Wishes) -> str:
    name = str(wishes.get("id") or "")
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a member: use 2 to 40 lower-case letters, digits and hyphens")
    return name


def _title(wishes: Wishes) -> str:
    return sentence(wishes, "title") or _name(wishes)


def _contact(wishes: Wishes) -> str | None:
    contact = sentence(wishes, "contact")
    if contact and not MAIL.fullmatch(contact):
        raise ValueError(f"{contact!r} is no mail address")
    return contact or None


def _address(wishes: Wishes) -> str:
    url = str(wishes.get("url") or "").strip()
    try:
        origin(url)
    except SourceMalformed as error:
        raise ValueError(error.sentence) from error
    return url


def _kind(wishes: Wishes) -> str:
    kind = wishes.get("kind") or DCAT
    if kind not in (*KINDS, AUTO):
        raise ValueError(f"{kind!r} is no kind of catalogue; choose one of: {', '.join((*KINDS, AUTO))}")
    return str(kind)


def _audience(wishes: Wishes) -> str:
    audience = wishes.get("audience") or audiences.EVERYONE
    if audiences.readable(audience) is None:
        raise ValueError(f"{audience!r} is no audience; choose one of: {', '.join(audiences.AUDIENCES)}")
    return str(audience)


def _trust(wishes: Wishes) -> str:
    trust = wishes.get("trust") or ORDINARY
    if trust not in TRUSTS:
        raise ValueError(f"{trust!r} is no degree of trust; choose one of: {', '.join(TRUSTS)}")
    return str(trust)


def _number(name: str, default: int, most: int, kind: str) -> Check:
    """A check of a whole number from 0 to `most`; an empty one is the default, and a wrong one no `kind`."""

    def check(wishes: Wishes) -> int:
        given = wishes.get(name)
        text = str(default if given in (None, "") else given)
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most):
            raise ValueError(f"{given!r} is no {kind}")
        return int(text)

    return check


def _prefixes(wishes: Wishes) -> list[str]:
    """What the member may speak for: by default whatever its own server names."""
    given = wishes.get("prefixes") or ()
    stripped = [str(each).strip() for each in (given if isinstance(given, (list, tuple)) else [given])]
    prefixes = [_prefix(each) for each in stripped if each] or [_server(_address(wishes))]
    for other in members.every():
        taken = set(prefixes) & set(other.prefixes)
        if taken and other.id != wishes.get("id"):
            advice = "say with --prefix what this one may speak for"
            raise ValueError(f"{other.id} speaks for {', '.join(sorted(taken))} already; {advice}")
    return prefixes


def _prefix(prefix: str) -> str:
    """With a slash after a bare server name, lest `https://a.example` covers `https://a.example.org`."""
    parts = urlsplit(prefix)
    if not parts.scheme or not (parts.netloc or parts.path):
        raise ValueError(f"{prefix!r} is no beginning of an address")
    return f"{prefix}/" if parts.netloc and not parts.path else prefix


def _server(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


CHECKS: Mapping[str, Check] = {
    "id": _name,
    "title": _title,
    "url": _address,
    "kind": _kind,
    "contact": _contact,
    "trust": _trust,
    "audience": _audience,
    "prefixes": _prefixes,
    "interval_minutes": _number(
        "interval_minutes",
        EVERY_HOUR,
        525_600,
        "number of minutes: use 0 (never by itself) to 525600 (once a year)",
    ),
    "brake_records": _number(
        "brake_records", BRAKE.records, 1_000_000, "number of records: use 0 (a person decides about each) to 1000000"
    ),
    "brake_percent": _number("brake_percent", BRAKE.percent, 100, "part of the records: use 0 to 100, in percent"),
}
# What may be changed of a member after its admission.
CHANGEABLE = tuple(name for name in CHECKS if name != "id")
# What a catalogue that applies may wish; all else is for the registry's people.
WISHED = ("id", "title", "url", "contact", "audience")
