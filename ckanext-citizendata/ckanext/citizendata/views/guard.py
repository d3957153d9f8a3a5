"""A guard of every form: what changes something by a signed-in person's cookie brings the token of one of our pages.

CKAN 2.12.0 exempts a view from this check for everybody, for as long as the process lives, once an anonymous visitor
has called it (CVE-2026-41255, mended in 2.10.10 and 2.11.5). Here each request is looked at by itself.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf
from flask import Blueprint, current_app

__all__ = ["guard"]

guard = Blueprint("citizendata_guard", __name__)


@guard.before_app_request
def check_token() -> None:
    """Answers 400 to an unsafe request by cookie without a valid token; who brings an API token isn't asked for one."""
    methods = current_app.config["WTF_CSRF_METHODS"]
    if not current_app.config["WTF_CSRF_ENABLED"] or tk.request.method not in methods:
        return
    if not tk.g.get("login_via_auth_header"):
        csrf.protect()
