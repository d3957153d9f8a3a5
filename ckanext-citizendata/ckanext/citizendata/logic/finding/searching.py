"""A search by words, as people type them: all of them first, and where nothing has all, what comes near."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import g, has_request_context

from ckanext.citizendata.core.searching import (
    Near,
    NearQuery,
    Term,
    corrected,
    names,
    near_queries,
    query_fields,
    signs,
    solr_query,
    typed,
)
from ckanext.citizendata.logic import site_model

__all__ = ["near_of_this_page", "searched"]

# Whoever says these speaks to Solr itself.
FOR_SOLR = ("defType", "qf", "mm")

Search = Callable[[Mapping[str, Any]], dict[str, Any]]


def searched(search: Search, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What `package_search` answers; a query in Solr's own words goes on as it came.

    Where nothing has all words, the answer holds what comes near, and `near_of_this_page` tells what was asked.
    """
    if any(asked.get(name) for name in FOR_SOLR):
        return search(asked)
    text = str(asked.get("q") or "")
    terms = typed(text)
    if terms is None:
        plain = signs(text)
        return search(_worded(asked, plain, ()) if plain else asked)
    known = names(site_model.model())
    _keep(None)
    found = search(_worded(asked, solr_query(terms, known), terms))
    return found if found["count"] else _near(search, asked, terms) or found


def near_of_this_page() -> Near | None:
    """What was asked of the last search by words of this request, where its answer only comes near."""
    return getattr(g, "citizendata_near", None) if has_request_context() else None


def _near(search: Search, asked: Mapping[str, Any], terms: Sequence[Term]) -> dict[str, Any] | None:
    known = names(site_model.model())
    queries = near_queries(terms, known)
    found = _enough((near, search({**_worded(asked, near.text, terms), "mm": near.wanted})) for near in queries)
    if found:
        text = str(asked["q"])
        _keep(Near(text, corrected(text, terms, known, _titles(found["results"]))))
    return found


def _enough(answers: Iterable[tuple[NearQuery, dict[str, Any]]]) -> dict[str, Any] | None:
    """The first answer that is enough, else the last that has anything."""
    found = None
    for query, answer in answers:
        if answer["count"]:
            found = answer
        if answer["count"] >= query.enough:
            break
    return found


def _keep(near: Near | None) -> None:
    if has_request_context():
        g.citizendata_near = near


def _worded(asked: Mapping[str, Any], query: str, terms: Sequence[Term]) -> dict[str, Any]:
    return {**asked, "q": query, "defType": "edismax", "qf": query_fields(terms)}


def _titles(results: Iterable[Any]) -> Iterator[str]:
    """The titles of what was found, in all languages; nothing where single fields were asked for."""
    for package in results:
        said = package.get("title_translated") if isinstance(package, Mapping) else None
        yield from said.values() if isinstance(said, Mapping) else ()
