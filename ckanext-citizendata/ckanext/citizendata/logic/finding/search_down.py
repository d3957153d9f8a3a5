"""CKAN's pages with a search in them while the search engine is away: they say so, and the front page stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from flask import request

from ckanext.citizendata.logic.finding.search_pages import is_search_page
from ckanext.citizendata.logic.search_failure import FAILED, is_away, why_away

__all__ = ["pages_say_so"]

# It has more to say than what is found, and CKAN makes it without what it can't search for.
FRONT = "home.index"


@contextmanager
def pages_say_so() -> Iterator[None]:
    """On the pages where CKAN has an answer of its own to its error: 503 with a sentence, and a front page."""
    try:
        yield
    except FAILED as error:
        if is_away(error) and request and request.endpoint == FRONT:
            raise SearchError(*error.args) from error
        if is_away(error) and is_search_page():
            tk.abort(503, why_away())
        raise
