"""Other records that a reader of one may look for: about the same people and goals, those in the same country first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.search_fields import PREFIX
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.contexts import nobody
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.reading import Text, readable_text, reader_language, site_fallbacks
from ckanext.citizendata.logic.search_failure import FAILED

__all__ = ["Related", "related"]

MOST = 4
MOST_CODES = 20
MOST_SHARED = 3
LISTS = {"population_group": "population-group", "sdg_goal": "sdg-goal", "theme": "data-theme", "country": "country"}
# What makes two records akin, and how much; a country alone does not.
KIN = {"population_group": 4, "sdg_goal": 2, "theme": 1}
NEAR = {"country": 2}
SAYS_NOTHING = ("unknown", "none")


@dataclass(frozen=True)
class Related:
    """A record of our type, and what it has in common with the other, in words."""

    name: str
    type: str
    title: Text | None
    shared: tuple[str, ...]


def related(package: Mapping[str, Any]) -> tuple[Related, ...]:
    """The records that everyone may read and that are most akin to this one; none while search is out of order."""
    akin, near = _any_of(package, KIN), _any_of(package, NEAR)
    if not akin:
        return ()
    query = {
        "q": f"{akin} OR {near}" if near else akin,
        "fq": f'+dataset_type:{dataset_type()} -id:"{package["id"]}" +({akin})',
        "sort": "score desc, metadata_modified desc",
        "rows": MOST,
        "facet": "false",
    }
    try:
        found = tk.get_action("package_search")(nobody(), query)["results"]
    except FAILED:
        return ()
    return tuple(_related(package, other) for other in found)


def _any_of(package: Mapping[str, Any], weights: Mapping[str, int]) -> str:
    clauses = ((name, _codes(package, name)[:MOST_CODES], weight) for name, weight in weights.items())
    return " OR ".join(f"{PREFIX}{name}:({_quoted(codes)})^{weight}" for name, codes, weight in clauses if codes)


def _quoted(codes: Sequence[str]) -> str:
    return " OR ".join(f'"{code}"' for code in codes)


def _codes(package: Mapping[str, Any], name: str) -> list[str]:
    """The codes of a field that are in its list and say something: a feed may bring anything."""
    given, known = package.get(name), site_model.vocabulary(LISTS[name])
    return [code for code in given if code in known and code not in SAYS_NOTHING] if isinstance(given, list) else []


def _related(package: Mapping[str, Any], other: Mapping[str, Any]) -> Related:
    return Related(
        name=str(other["name"]),
        type=str(other["type"]),
        title=readable_text(other.get("title_translated"), reader_language(), site_fallbacks()),
        shared=tuple(_shared(package, other))[:MOST_SHARED],
    )


def _shared(package: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    for name in (*KIN, *NEAR):
        words, others = site_model.vocabulary(LISTS[name]), _codes(other, name)
        yield from (words.label(code, reader_language()) for code in _codes(package, name) if code in others)
