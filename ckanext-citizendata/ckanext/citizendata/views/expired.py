"""A page that was open for too long, so that its token counts no more: what was typed is shown, to be put in again.

Where a form can come back as it was sent, its own page does that. Elsewhere a button that sends the same once more
would undo what the token is for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import ckan.plugins.toolkit as tk
from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

__all__ = ["expired", "say_that_page_is_expired"]

# Of a program rather than of a person: codes, ids and names of buttons.
CODE = re.compile(r"[a-z0-9_.:|-]*")
SECRET = ("password", "token", "csrf")


def say_that_page_is_expired(app: Flask) -> None:
    """Has all forms of the site say so that don't come back themselves."""
    app.register_error_handler(CSRFError, expired)


def expired(_error: CSRFError) -> ResponseReturnValue:
    """The page of a form that can't come back as it was sent."""
    typed = _typed()
    words = tk._("Nothing was saved or changed. Open the page anew, and press the button there.")
    if typed:
        words = tk._("Nothing was saved. Open the page anew, and put in what you typed: it stands below.")
    variables = {
        "code": 400,
        "content": words,
        "name": "",
        "heading": tk._("The page was open for too long"),
        "typed": typed,
        "again": request.full_path.rstrip("?") if _is_page() else None,
    }
    return tk.render("error_document_template.html", extra_vars=variables), 400


def _typed() -> Sequence[str]:
    """What a person wrote into the form, without passwords."""
    names = [name for name in request.form if not any(word in name.lower() for word in SECRET)]
    values = (value.strip() for name in names for value in request.form.getlist(name))
    return tuple(dict.fromkeys(value for value in values if not CODE.fullmatch(value)))


def _is_page() -> bool:
    """Whether the address of the form can be opened."""
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(method="GET")
