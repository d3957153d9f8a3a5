"""CKAN's pages with a search in them while the search engine is away: they say so, and the front page stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SolrConnectionError  # type: ignore[attr-defined]
from ckan.lib.search.common import SearchQueryError
from flask import has_request_context, request
from pysolr import SolrError

from ckanext.citizendata.logic.own_type import dataset_type

__all__ = ["FAILED", "is_away", "pages_say_so", "why_away"]

# What CKAN raises where a search failed, by the fault of the query or of the search engine.
FAILED = (SolrConnectionError, SearchError)
# How pysolr tells that Solr doesn't understand the query.
REFUSED = "(HTTP 400)"
# It has more to say than what is found, and CKAN makes it without what it can't search for.
FRONT = "home.index"
# CKAN says on these that the query can't be understood, whatever Solr answers.
PAGES = ("organization.read", "group.read")


def is_away(error: Exception) -> bool:
    """Whether the search engine can't be reached or can't search, so that no query is at fault."""
    if isinstance(error, SolrConnectionError):
        return True
    before = error.__cause__ or error.__context__
    if isinstance(before, SolrError):
        return not isinstance(error, SearchQueryError) and REFUSED not in str(before)
    return isinstance(before, SolrConnectionError)


def why_away() -> str:
    """What a page says instead of what it would have found."""
    return tk._("The search is out of order for the moment. Ask again in a few seconds.")


@contextmanager
def pages_say_so() -> Iterator[None]:
    """On the pages where CKAN has an answer of its own to its error: 503 with a sentence, and a front page."""
    try:
        yield
    except FAILED as error:
        page = request.endpoint if has_request_context() else None
        if not is_away(error):
            raise
        if page == FRONT:
            raise SearchError(*error.args) from error
        if page in (*PAGES, f"{dataset_type()}.search"):
            tk.abort(503, why_away())
        raise
