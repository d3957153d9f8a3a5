"""A search that failed: by the fault of its query, or because the search engine is away."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SolrConnectionError  # type: ignore[attr-defined]
from ckan.lib.search.common import SearchQueryError
from pysolr import SolrError

__all__ = ["FAILED", "is_away", "why_away", "why_refused"]

# What CKAN raises for either.
FAILED = (SolrConnectionError, SearchError)
# How pysolr tells that Solr doesn't understand the query.
REFUSED = "(HTTP 400)"


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


def why_refused() -> str:
    """What programs are told whose query is at fault."""
    return tk._("The search in q or fq can't be understood; write it as in /api/3/action/package_search.")
