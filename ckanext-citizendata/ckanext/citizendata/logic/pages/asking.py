"""How a reader gets at the data of a record: what is given out, to whom she writes, and what she had better say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote, urlencode

from ckanext.citizendata import config
from ckanext.citizendata.logic.reading import date_text, reader_language
from ckanext.citizendata.logic.wording import _

__all__ = ["Asking", "Way", "asking"]

MAILTO = "mailto:"
WEB = ("http://", "https://")


@dataclass(frozen=True)
class Way:
    """Somebody to ask; `mail` opens a letter that is begun already."""

    name: str
    email: str = ""
    mail: str = ""
    phone: str = ""
    page: str = ""


@dataclass(frozen=True)
class Asking:
    """What is given out, in a sentence; the page for requests; whom to ask; `through` tells that others pass it on.

    Where the data are to be had without asking, `is_needed` is False: what is left to ask are questions about them.
    """

    sentence: str
    page: str
    ways: tuple[Way, ...]
    through: str = ""
    is_needed: bool = True


def asking(package: Mapping[str, Any], title: str, address: str, origin: str | None, origin_url: str | None) -> Asking:
    """The ways to the data; where the record names nobody, through the catalogue that has it."""
    letter, later = _letter(title, address), _opens_later(package)
    page = _web(package.get("access_request_url"))
    ways = tuple(_way(row, letter) for row in _rows(package.get("contact")))
    known = Asking(later or _sentence(package), page, ways, is_needed=bool(later) or not _is_at_hand(package))
    if ways or page:
        return known
    if origin:
        passed = _("The record names nobody to ask. Ask at {catalogue}, which it comes from.").format(catalogue=origin)
        return replace(known, ways=(Way(origin, page=origin_url or ""),), through=passed)
    passed = _("Ask through the catalogue: its people pass your request on.")
    return replace(known, ways=_of_catalogue(letter), through=passed)


def _web(address: Any) -> str:
    """The address where a browser opens it as a page: what comes from a feed may hold a script."""
    return str(address) if str(address or "").lower().startswith(WEB) else ""


def _rows(contacts: Any) -> Sequence[Mapping[str, Any]]:
    return [row for row in contacts if isinstance(row, Mapping)] if isinstance(contacts, list) else []


def _way(row: Mapping[str, Any], letter: str) -> Way:
    email = str(row.get("email") or "")
    return Way(
        name=str(row.get("name") or ""),
        email=email,
        mail=f"{MAILTO}{quote(email, safe='@')}?{letter}" if email else "",
        phone=str(row.get("phone") or ""),
        page=_web(row.get("url")),
    )


def _of_catalogue(letter: str) -> tuple[Way, ...]:
    """The people of this site; nobody where the site doesn't tell how they are reached."""
    contact = config.contact() or ""
    if contact.startswith(MAILTO):
        email = contact.removeprefix(MAILTO)
        return (Way(_("The people of this catalogue"), email, f"{contact}?{letter}"),)
    return (Way(_("The people of this catalogue"), page=contact),) if contact else ()


def _opens_later(package: Mapping[str, Any]) -> str:
    """From when on the data can be had, where that is still to come; a month or a year begins with its first day."""
    day, today = str(package.get("embargo_until") or ""), datetime.now(timezone.utc).date().isoformat()
    if package.get("access_rights") == "NON_PUBLIC" or day <= today[: len(day)]:
        return ""
    return _("The data can be had from {date} on.").format(date=date_text(day, reader_language()))


def _is_at_hand(package: Mapping[str, Any]) -> bool:
    return package.get("access_rights") == "PUBLIC" and bool(package.get("resources"))


def _sentence(package: Mapping[str, Any]) -> str:
    match package.get("access_rights"):
        case "PUBLIC" if _is_at_hand(package):
            return _("Anyone may have the data: the files are here.")
        case "PUBLIC":
            return _("Anyone may have the data. No file is shared here, so ask for them.")
        case "RESTRICTED":
            return _("The data are given out on request, under conditions.")
        case "NON_PUBLIC":
            return _("The data are not given out. You may still ask about them, and for results that can be shared.")
        case _other:
            return _("Nobody has told yet who may have the data. You can ask.")


def _letter(title: str, address: str) -> str:
    """Subject and beginning of a letter, as an address carries them."""
    words = (
        _("I would like to have, or to know more about, the data of this record:"),
        f"{title}\n{address}",
        _("Who I am:"),
        _("What I need the data for:"),
        _("How I keep the people in the data safe:"),
        _("What I give back to them:"),
    )
    return urlencode(
        {"subject": _("Request: {title}").format(title=title), "body": "\n\n".join(words)}, quote_via=quote
    )
