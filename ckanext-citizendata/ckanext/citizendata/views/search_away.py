"""Pages that ask the search engine while it is away, by whatever way CKAN asks: 503 with a sentence, never 500."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
from flask import Flask
from flask.typing import ResponseReturnValue

from ckanext.citizendata.logic.finding.search_down import AWAY, why_away

__all__ = ["say_that_search_is_away"]

log = logging.getLogger(__name__)


def say_that_search_is_away(app: Flask) -> None:
    """Has all pages of the site say so that don't see to it themselves."""
    for error in AWAY:
        app.register_error_handler(error, _away)


def _away(error: Exception) -> ResponseReturnValue:
    log.error("The search engine did not answer: %s", error)
    # The frame of an error page asks nothing of the search engine.
    variables = {"code": 503, "content": why_away(), "name": ""}
    return tk.render("error_document_template.html", extra_vars=variables), 503
