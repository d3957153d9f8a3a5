"""Pages whose search fails, by whatever way CKAN asks: a sentence, never 500."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
from flask import Flask
from flask.typing import ResponseReturnValue

from ckanext.citizendata.logic.search_failure import FAILED, is_away, why_away
from ckanext.citizendata.views.said import said

__all__ = ["say_that_search_fails"]

log = logging.getLogger(__name__)


def say_that_search_fails(app: Flask) -> None:
    """Has all pages of the site say so that don't see to it themselves: 503 while Solr is away, 400 for the query."""
    for error in FAILED:
        app.register_error_handler(error, _failed)


def _failed(error: Exception) -> ResponseReturnValue:
    # The frame of an error page asks nothing of the search engine.
    if is_away(error):
        log.error("The search engine did not answer: %s", error)
        return said(503, why_away())
    return said(400, tk._("This search can't be understood. Write plain words."))
