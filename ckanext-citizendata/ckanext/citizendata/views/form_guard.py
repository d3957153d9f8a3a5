"""What may go wrong with a form before its page sees it: a token that is too old, and more than can be read."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge

from ckanext.citizendata.views.expired import expired, is_own
from ckanext.citizendata.views.form_page import Form, Posted, Said, shown
from ckanext.citizendata.views.form_saving import stored_package
from ckanext.citizendata.views.said import said

__all__ = ["allow_large", "guard_forms"]

# Bytes of a form. Far more than anybody types: what is too long for a question should be told at that question.
LARGEST = 16_000_000


def guard_forms(blueprint: Blueprint, form: Form) -> None:
    """Lets the pages of a blueprint answer such requests themselves, with all that was typed."""

    def token_is_old(error: CSRFError) -> ResponseReturnValue:
        return _typed_again(form) if _is_form(form) and is_own() else _pressed_again(error)

    blueprint.url_value_preprocessor(allow_large)
    blueprint.register_error_handler(CSRFError, token_is_old)
    blueprint.register_error_handler(RequestEntityTooLarge, _is_too_large)


def allow_large(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Lets a request be as large as a form with a text far too long, for a page that says so."""
    # Before the check of the token, which reads the form; also where the site allows less elsewhere.
    request.max_content_length = LARGEST
    request.max_form_memory_size = LARGEST


def _is_form(form: Form) -> bool:
    """Whether this request is for a page of the form, of a type of dataset that is ours."""
    return request.endpoint in (form.new, form.edit) and tk.h.citizendata_is_ours(form.package_type)


def _typed_again(form: Form) -> ResponseReturnValue:
    posted = Posted.of(form)
    id_ = (request.view_args or {}).get("id")
    stored = stored_package(id_) if id_ else None
    return shown(form, (stored or {}) | posted.package, Said("token"), posted), 400


def _pressed_again(error: CSRFError) -> ResponseReturnValue:
    """The page of a button anew; any other form says that it was open for too long."""
    if request.endpoint == "citizendata_quick.publish":
        tk.h.flash_notice(tk._("This page was open for a long time. Please press once more."))
        return tk.redirect_to(request.endpoint, **(request.view_args or {}))
    return expired(error)


def _is_too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    advice = tk._(
        "This is more text than can be sent at once. Go back in your browser: what you typed is still there."
        " Shorten the longest answer, or put a long document on the web and give its address."
    )
    return said(413, advice)
