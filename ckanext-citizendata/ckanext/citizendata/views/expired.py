"""A page that was open for too long, so that its token counts no more: what was typed is shown, to be put in again.

Where a form can come back as it was sent, its own page does that. Elsewhere a button that sends the same once more
would undo what the token is for.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from ckanext.citizendata.views.said import said

__all__ = ["expired", "is_own", "say_that_page_is_expired"]

# Of a program rather than of a person: ids and codes of lists.
CODE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9]+(_[a-z0-9]+)+")
SECRET = ("password", "token", "csrf")
BUTTONS = ("save", "delete", "action")

log = logging.getLogger(__name__)


def say_that_page_is_expired(app: Flask) -> None:
    """Has all forms of the site say so that don't come back themselves."""
    app.register_error_handler(CSRFError, expired)


def expired(error: CSRFError) -> ResponseReturnValue:
    """The page of a form that can't come back as it was sent."""
    log.info("A form was not taken: %s", error.description)
    typed = _typed() if is_own() else ()
    words = tk._("Nothing was saved or changed. Open the page anew, and press the button there.")
    if typed:
        words = tk._("Nothing was saved. Open the page anew, and put in what you typed: it stands below.")
    again = tk.h.url_for(tk.h.current_url()) if _is_page() else None
    return said(400, words, heading=tk._("The page was open for too long"), typed=typed, again=again)


def is_own() -> bool:
    """Whether the form was on a page of this site; what another site had a browser send is shown to nobody as hers.

    Each browser of today says where a form was. One that says nothing was asked by no other site.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    if site:
        return site in ("same-origin", "none")
    # Some proxies keep the host to themselves.
    return not origin or urlsplit(origin).netloc in (request.host, urlsplit(tk.config["ckan.site_url"]).netloc)


def _typed() -> Sequence[str]:
    """What a person wrote into the form, without passwords."""
    names = [name for name in request.form if name not in BUTTONS and not any(word in name.lower() for word in SECRET)]
    values = (value.strip() for name in names for value in request.form.getlist(name))
    return tuple(dict.fromkeys(value for value in values if value and not CODE.fullmatch(value)))


def _is_page() -> bool:
    """Whether the address of the form can be opened."""
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(method="GET")
