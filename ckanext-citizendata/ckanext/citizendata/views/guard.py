"""Guards of every request: characters that no database keeps, and forms of others.

What changes something by a signed-in person's cookie brings the token of one of our pages.
CKAN 2.12.0 exempts a view from this check for everybody, for as long as the process lives, once an anonymous visitor
has called it (CVE-2026-41255, mended in 2.10.10 and 2.11.5). Here each request is looked at by itself.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf
from flask import Blueprint, Response, current_app
from werkzeug.datastructures import MultiDict

__all__ = ["guard"]

NUL = "\0"
OURS = "citizendata_"

guard = Blueprint("citizendata_guard", __name__)


@guard.before_app_request
def check_characters() -> Response | None:
    """Answers 400 to a NUL in an address or in a form of CKAN's, which would be an error of the database otherwise.

    By a sentence alone: a page would look up in the database what its address names. Our own pages and forms name the
    parameter or the question, and keep what was typed.
    """
    asked = [tk.request.path]
    if not (tk.request.endpoint or "").startswith(OURS):
        asked += [*_values(tk.request.args), *_values(tk.request.form)]
    if not any(NUL in text for text in asked):
        return None
    sentence = tk._("What was sent holds a character that can't be kept (NUL): take it out and send it again.")
    return Response(sentence, 400, mimetype="text/plain")


def _values(sent: MultiDict[str, str]) -> list[str]:
    return [text for pair in sent.items(multi=True) for text in pair]


@guard.before_app_request
def check_token() -> None:
    """Answers 400 to an unsafe request by cookie without a valid token; who brings an API token isn't asked for one."""
    methods = current_app.config["WTF_CSRF_METHODS"]
    if not current_app.config["WTF_CSRF_ENABLED"] or tk.request.method not in methods:
        return
    if not tk.g.get("login_via_auth_header"):
        csrf.protect()
