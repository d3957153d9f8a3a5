"""CKAN's pages with a search in them while the search engine is away: they say so, and the front page stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SolrConnectionError  # type: ignore[attr-defined]
from flask import has_request_context, request

from ckanext.citizendata.logic.own_type import dataset_type

__all__ = ["AWAY", "pages_say_so", "why_away"]

# What CKAN raises where the search engine can't be reached, and where it answers that it can't search.
AWAY = (SolrConnectionError, SearchError)
# It has more to say than what is found, and CKAN makes it without what it can't search for.
FRONT = "home.index"


def why_away() -> str:
    """What a page says instead of what it would have found."""
    return tk._("The search is out of order for the moment. Ask again in a few seconds.")


@contextmanager
def pages_say_so() -> Iterator[None]:
    """On the two pages where CKAN has an answer of its own to its error: 503 with a sentence, and a front page."""
    try:
        yield
    except SolrConnectionError as error:
        page = request.endpoint if has_request_context() else None
        if page == FRONT:
            raise SearchError(*error.args) from error
        if page == f"{dataset_type()}.search":
            tk.abort(503, why_away())
        raise
