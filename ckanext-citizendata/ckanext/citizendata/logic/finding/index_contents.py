"""What the search index holds of this site's datasets, read from Solr as it is, a page at a time.

Each function raises `SearchError` where Solr doesn't answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import ckan.plugins.toolkit as tk
from ckan.lib.search import make_connection
from ckan.lib.search.common import SearchError
from pysolr import Results, Solr, SolrError

__all__ = ["PAGE", "Copy", "commit", "copies", "count", "pages", "take_out", "with_just_these_labels"]

PAGE = 500
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Copy:
    """One document: when its dataset was changed, to the millisecond, and whether it is private."""

    modified: str
    capacity: str


def count(*filters: str) -> int:
    """How many documents there are that fit."""
    return _found(fq=[*_site(), *filters], rows=0).hits


def pages(*filters: str) -> Iterator[list[str]]:
    """The ids of the datasets whose documents fit."""
    at, before = "*", ""
    while at != before:
        found = _found(fq=[*_site(), *filters], fl="id", sort="index_id asc", rows=PAGE, cursorMark=at)
        yield [document["id"] for document in found.docs]
        at, before = found.nextCursorMark or at, at


def copies(package_ids: Collection[str]) -> dict[str, list[Copy]]:
    """The documents of these datasets; a dataset has one unless somebody meddled with the index."""
    found: dict[str, list[Copy]] = {}
    for document in _of(package_ids, fl="id,metadata_modified,capacity"):
        copy = Copy(document.get("metadata_modified", ""), document.get("capacity", ""))
        found.setdefault(document["id"], []).append(copy)
    return found


def with_just_these_labels(package_ids: Collection[str], labels: Collection[str]) -> set[str]:
    """Those of the datasets that are shown to the bearers of these labels and of no other.

    Solr doesn't give labels back, so it is asked for them: each must be there, and none before, between and behind.
    """
    terms = [f'"{_escaped(label)}"' for label in sorted(labels)]
    bounds = zip(["*", *terms], [*terms, "*"], strict=True)
    others = [f"-permission_labels:{'[' if a == '*' else '{'}{a} TO {b}{']' if b == '*' else '}'}" for a, b in bounds]
    wanted = " ".join([*(f"+permission_labels:{term}" for term in terms), *others])
    return {document["id"] for document in _of(package_ids, fl="id", filters=["{!lucene cache=false}" + wanted])}


def take_out(package_ids: Collection[str]) -> None:
    """Remove the documents of these datasets from every search at once."""
    # As terms, since Solr takes no more than a thousand clauses.
    ids = _escaped(",".join(package_ids))
    query = " ".join(f"+{each}" for each in [*_site(), f'_query_:"{{!terms f=id}}{ids}"'])
    _answer(lambda solr: solr.delete(q=query, commit=True))


def commit() -> None:
    """Make all that was sent to Solr so far visible."""
    _answer(lambda solr: solr.commit())


def _site() -> list[str]:
    return ["entity_type:package", f'site_id:"{_escaped(tk.config["ckan.site_id"])}"']


def _of(package_ids: Collection[str], fl: str, filters: Collection[str] = ()) -> list[dict[str, Any]]:
    if not package_ids:
        return []
    query = "{!terms f=id}" + ",".join(package_ids)
    # Somebody who meddles may have added a second document.
    return _found(query, fq=[*_site(), *filters], fl=fl, rows=2 * len(package_ids)).docs


def _found(query: str = "*:*", **params: Any) -> Results:
    return _answer(lambda solr: solr.search(query, **params))


def _answer(request: Callable[[Solr], R]) -> R:
    try:
        return request(make_connection(decode_dates=False))
    except (SolrError, OSError) as error:
        raise SearchError("The search engine doesn't answer") from error


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
