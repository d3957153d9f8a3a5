"""Fragments of several datasets in one graph, so that no one's statements end up on what another describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.terms import DCAT, RDF, SKOS

__all__ = ["Claims"]

TYPE = RDF.type
# What is said of an entry of a list beside its name.
OF_LISTS = frozenset([TYPE, SKOS.inScheme])
# A class that would make a thing of another's into a record.
RECORDS = frozenset(DCAT[name] for name in ("Dataset", "Catalog", "CatalogRecord", "Distribution", "DatasetSeries"))


class Claims:
    """Which entry describes which IRI in one graph: the first that does, but a dataset's own IRI is its own.

    Two fragments may both describe an agent or a place. Merged, they would give it two names; so the later description
    stays out of the merged graph but for its class, and is whole in the dataset's own file. An entry of a code list has
    the name that the list gives it, whoever comes first.
    """

    def __init__(self, reserved: Iterable[str]) -> None:
        self._owner: dict[str, str | None] = dict.fromkeys(reserved)
        self._reserved = set(self._owner)
        self._listed = _names_in_lists()

    def reserve(self, iri: str, owner: str) -> None:
        """Keeps `iri` for `owner`, unless it is taken."""
        self._owner.setdefault(iri, owner)
        self._reserved.add(iri)

    def admitted(self, triples: list[Triple], owner: str) -> list[Triple]:
        """The statements about what `owner` may describe, and the blank nodes that they lead to."""
        mine = [triple for triple in triples if self._may_describe(owner, triple)]
        if len(mine) == len(triples):
            return triples
        kept = set(map(id, mine))
        return _without_orphans(mine, [triple for triple in triples if id(triple) not in kept])

    def _may_describe(self, owner: str, triple: Triple) -> bool:
        subject = triple.subject
        if not isinstance(subject, NamedNode):
            return True
        iri = subject.value
        names = self._listed.get(iri)
        if names is not None:
            return triple.predicate in OF_LISTS or triple.object in names
        if self._owner.setdefault(iri, owner) == owner:
            return True
        return iri not in self._reserved and triple.predicate == TYPE and triple.object not in RECORDS


@cache
def _names_in_lists() -> Mapping[str, frozenset[Literal]]:
    """The names of each entry of the shipped lists, by its IRI."""
    concepts = (concept for vocabulary in catalogue_model.vocabularies().values() for concept in vocabulary)
    return {
        concept.iri: frozenset(Literal(text, language=tag) for tag, text in concept.labels.items() if tag)
        for concept in concepts
    }


def _without_orphans(kept: list[Triple], dropped: list[Triple]) -> list[Triple]:
    """What remains of `kept` when the blank nodes that only `dropped` led to go too."""
    candidates = _reached([triple.object for triple in dropped], kept)
    if not candidates:
        return kept
    roots = [triple.object for triple in kept if triple.subject not in candidates]
    orphans = candidates - _reached(roots, kept)
    return [triple for triple in kept if triple.subject not in orphans]


def _reached(start: Iterable[object], triples: list[Triple]) -> set[BlankNode]:
    steps: dict[BlankNode, list[object]] = {}
    for triple in triples:
        if isinstance(triple.subject, BlankNode):
            steps.setdefault(triple.subject, []).append(triple.object)
    found: set[BlankNode] = set()
    queue = list(start)
    while queue:
        node = queue.pop()
        if isinstance(node, BlankNode) and node not in found:
            found.add(node)
            queue += steps.get(node, [])
    return found
