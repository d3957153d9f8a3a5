"""Signing in beside the answers of a form, so that a lost session costs nobody what she typed."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf  # as CKAN's own log-in does it; the only reach into its machinery
from ckan.lib.authenticator import ckan_authenticator
from ckan.views.user import regenerate_session, rotate_token
from flask import current_app

__all__ = ["NAME", "PASSWORD", "signed_in", "signing_in_failed"]

NAME, PASSWORD = "sign_in_name", "sign_in_password"


def signed_in() -> bool:
    """Whether somebody is signed in by now, be it by the name and password that came with her answers."""
    if tk.current_user.is_authenticated:
        return True
    name, password = (tk.request.form.get(box, "") for box in (NAME, PASSWORD))
    if not name or not password:
        return False
    # CKAN asks a visitor for no token: without one, another site could sign her in as somebody else.
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
    user = ckan_authenticator({"login": name, "password": password})
    if user is None:
        return False
    regenerate_session()
    tk.login_user(user)
    rotate_token()
    tk.g.user, tk.g.userobj = user.name, user
    return True


def signing_in_failed() -> bool:
    """Whether a name or password came that isn't right."""
    return any(tk.request.form.get(box) for box in (NAME, PASSWORD))
