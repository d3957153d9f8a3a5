"""The data about a country, a community or a goal that everyone may read, and what of it nobody is known to have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.search_fields import PREFIX
from ckanext.citizendata.core.vocabulary import Concept, Vocabulary
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.contexts import nobody
from ckanext.citizendata.logic.finding.open_search import LATEST_FIRST
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.reading import reader_language

__all__ = ["KINDS", "Kind", "Topic", "Under", "all_topics", "topic"]

LATEST = 10
# Answers that say that there is nothing to have a page about.
NO_TOPICS = frozenset({"unknown", "none", "not_about_people"})
# Of whom least is known stands first.
FIRST = ("persons_with_disabilities", "lgbtiq", "indigenous_peoples")


@dataclass(frozen=True)
class Kind:
    """A kind of topics by its name in addresses: its field, its list of codes, the kinds that are counted beside it."""

    name: str
    field: str
    vocabulary: str
    beside: tuple[str, ...]

    @property
    def facet(self) -> str:
        """Its filter on the search page."""
        return PREFIX + self.field


KINDS = {
    kind.name: kind
    for kind in (
        Kind("country", "country", "country", ("community", "goal")),
        Kind("community", "population_group", "population-group", ("country", "goal")),
        Kind("goal", "sdg_goal", "sdg-goal", ("community", "country")),
    )
}


@dataclass(frozen=True)
class Under:
    """The topics of a kind under which there are datasets, with how many, and those under which none is known."""

    kind: Kind
    known: Mapping[str, int]
    none_known: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """One topic: how many datasets there are, the latest ones, what is wider and narrower, what else they are about."""

    kind: Kind
    code: str
    definitions: Mapping[str, str]
    wider: tuple[str, ...]
    narrower: tuple[str, ...]
    count: int
    latest: Sequence[Mapping[str, Any]]
    beside: tuple[Under, ...]


def all_topics(kind: Kind) -> Under:
    """All topics of a kind. Raises CKAN's errors of a search that is out of order."""
    return _under(kind, _searched("", [kind], 0))


def topic(kind: Kind, code: str) -> Topic | None:
    """The topic of that code, or None. Raises CKAN's errors of a search that is out of order."""
    found = _vocabulary(kind).by_code(code)
    if found is None or not _is_topic(found):
        return None
    beside = [KINDS[name] for name in kind.beside]
    searched = _searched(f'+{kind.facet}:"{code}"', beside, LATEST)
    return Topic(
        kind=kind,
        code=code,
        definitions=found.definitions,
        wider=found.broader,
        narrower=tuple(each.code for each in _vocabulary(kind) if code in each.broader and _is_topic(each)),
        count=searched["count"],
        latest=searched["results"],
        beside=tuple(_under(each, searched) for each in beside),
    )


def _under(kind: Kind, searched: Mapping[str, Any]) -> Under:
    counts: Mapping[str, int] = searched["facets"].get(kind.facet, {})
    codes = _codes(kind)
    known = {code: counts[code] for code in codes if counts.get(code)}
    return Under(kind, known, tuple(code for code in codes if code not in known))


def _codes(kind: Kind) -> list[str]:
    """The codes of all topics of a kind: countries by the alphabet, the rest as in its list, the least known first."""
    vocabulary = _vocabulary(kind)
    codes = [each.code for each in vocabulary if _is_topic(each)]
    if kind.name == "country":
        return sorted(codes, key=lambda code: folded(vocabulary.label(code, reader_language())))
    return [*(code for code in FIRST if code in codes), *(code for code in codes if code not in FIRST)]


def _is_topic(concept: Concept) -> bool:
    return concept.replaced_by is None and concept.code not in NO_TOPICS


def _vocabulary(kind: Kind) -> Vocabulary:
    return site_model.vocabulary(kind.vocabulary)


def _searched(within: str, counted: Iterable[Kind], rows: int) -> dict[str, Any]:
    """What everyone finds, whoever looks: no page of a topic tells of a record that isn't for everyone."""
    wish = {
        "fq": f"+dataset_type:{dataset_type()} {within}",
        "rows": rows,
        "sort": LATEST_FIRST,
        "facet.field": [kind.facet for kind in counted],
        "facet.limit": -1,
    }
    return tk.get_action("package_search")(nobody(), wish)
