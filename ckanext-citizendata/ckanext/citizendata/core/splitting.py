"""A catalogue's graph cut into one fragment for each dataset; nothing that is said about a dataset gets lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pyoxigraph import BlankNode, NamedNode, Triple

from ckanext.citizendata.core.fingerprint import fingerprint, relabelled
from ckanext.citizendata.core.graph import Graph, Index, Node, Subject
from ckanext.citizendata.core.identity import minted_iri
from ckanext.citizendata.core.listing import Listing, Tombstone, listing_of, tombstones_in
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import DCAT, DCT, DQV, FOAF, OA, OWL, RDF, RDFS, SKOS

__all__ = ["LINKS", "Limits", "Received", "Split", "split"]

T = TypeVar("T")

# Their objects name something that stands for itself: the statement is kept, the description of the other thing isn't.
LINKS = frozenset(
    [
        *(
            DCT[name]
            for name in ("isPartOf", "hasPart", "relation", "hasVersion", "isVersionOf", "replaces", "isReplacedBy")
        ),
        *(
            DCT[name]
            for name in ("references", "isReferencedBy", "requires", "isRequiredBy", "hasFormat", "isFormatOf")
        ),
        *(DCAT[name] for name in ("inCatalog", "prev", "next", "previousVersion", "hasVersion", "isVersionOf")),
        *(
            DCAT[name]
            for name in (
                "hasCurrentVersion",
                "seriesMember",
                "dataset",
                "service",
                "catalog",
                "record",
                "servesDataset",
            )
        ),
        *(SKOS[name] for name in ("hasTopConcept", "narrower", "related", "member", "exactMatch", "closeMatch")),
        *(SKOS[name] for name in ("broadMatch", "narrowMatch", "relatedMatch")),
        FOAF.primaryTopic,
        FOAF.isPrimaryTopicOf,
        OWL.sameAs,
        RDFS.isDefinedBy,
        RDFS.seeAlso,
    ]
)

# What points at a dataset or a distribution and belongs to its description.
INVERSE = (DQV.computedOn, OA.hasTarget)

# A series is no record of its own here, so that its description would be lost if it didn't ride with its datasets.
RECORDS = frozenset([DCAT.Dataset, DCAT.Catalog])
SCHEMA_TERMS = frozenset(
    [
        *(RDFS[name] for name in ("Class", "Datatype")),
        *(
            OWL[name]
            for name in ("Class", "Restriction", "Ontology", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
        ),
        RDF.Property,
    ]
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many nodes one record may have, and how many steps from its dataset they may lie."""

    nodes: int = 10_000
    depth: int = 1_000


@dataclass(frozen=True, slots=True)
class Received:
    """One dataset as a feed describes it: every statement, blank nodes named by content.

    `unnamed` says that the source gave it no IRI: `iri` was minted, and export puts the blank node back.
    """

    iri: str
    graph: Graph
    fingerprint: str
    listing: Listing
    unnamed: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """What a graph holds for a registry.

    `refused` are datasets that can't be taken, with their IRI as path ("" where they have none); `problems` the rest.
    """

    records: tuple[Received, ...]
    tombstones: tuple[Tombstone, ...]
    refused: tuple[Problem, ...]
    problems: tuple[Problem, ...]


def split(graph: Graph, mint: str, foreign: Callable[[str], bool], limits: Limits | None = None) -> Split:
    """One record for each `dcat:Dataset` of `graph` that isn't withdrawn, in the order of IRIs.

    :param mint: first part of the IRIs of datasets that have none.
    :param foreign: whether an IRI belongs to somebody else; such a subject is set aside and reported.
    """
    cutter = _Cutter(Index(graph), foreign, limits or Limits())
    tombstones = tombstones_in(cutter.index)
    names, refused = _names(cutter.index, mint)
    both = {each.iri for each in tombstones} & {name.value for name in names.values()}
    found = [cutter.record(root, names) for root in names if names[root].value not in both]
    records = [each for each in found if isinstance(each, Received)]
    refused += [each for each in found if isinstance(each, Problem)]
    records.sort(key=lambda each: (each.iri, each.fingerprint))
    return Split(tuple(records), tombstones, tuple(refused), tuple(_contradiction(iri) for iri in sorted(both)))


def _contradiction(iri: str) -> Problem:
    message = f"{iri} is listed and withdrawn in the same feed; it counts as withdrawn"
    return Problem(iri, "withdrawn_and_listed", message, "warning")


def _names(index: Index, mint: str) -> tuple[dict[Subject, NamedNode], list[Problem]]:
    """The IRI of each dataset, minted where it has none, and a problem for each that nothing tells apart."""
    names: dict[Subject, NamedNode] = {}
    problems: list[Problem] = []
    for root in _typed(index, frozenset([DCAT.Dataset])):
        iri = root if isinstance(root, NamedNode) else minted_iri(index, root, mint)
        if iri is None:
            reason = "A dataset without address, identifier, landing page and title can't be told from others"
            problems.append(Problem("", "no_identity", reason))
        else:
            names[root] = iri
    return names, problems


def _typed(index: Index, classes: frozenset[NamedNode]) -> list[Subject]:
    return [
        node
        for node in index.described
        if any(t.predicate == RDF.type and t.object in classes for t in index.statements(node))
    ]


class _Cutter:
    """Follows the statements of one graph from a dataset outwards."""

    def __init__(self, index: Index, foreign: Callable[[str], bool], limits: Limits) -> None:
        self.index = index
        self._foreign = foreign
        self._limits = limits
        self._apart = frozenset(_typed(index, RECORDS | SCHEMA_TERMS))
        self._listings = frozenset(
            node for node in _typed(index, frozenset([DCAT.CatalogRecord])) if isinstance(node, NamedNode)
        )

    def record(self, root: Subject, names: dict[Subject, NamedNode]) -> Received | Problem:
        """The dataset `root` with all that is said about it, or why it can't be taken."""
        iri = names[root].value
        set_aside: list[Problem] = []
        statements = self._follow(root, set_aside)
        if statements is None:
            return Problem(iri, "too_large", f"It has more than {self._limits.nodes} parts or is nested too deeply")
        graph = relabelled(frozenset(_named(statements, names)))
        unnamed = isinstance(root, BlankNode)
        return Received(iri, graph, fingerprint(graph), listing_of(self.index, root), unnamed, tuple(set_aside))

    def _follow(self, root: Subject, set_aside: list[Problem]) -> list[Triple] | None:
        """The statements of every node that `root` leads to, or None beyond the limits."""
        queue = deque([(root, 0)])
        seen: set[Node] = {root}
        about_data = {root, *self.index.objects(root, DCAT.distribution)}
        statements: list[Triple] = []
        while queue:
            node, depth = queue.popleft()
            statements += self.index.statements(node)
            steps = [*self._forward(node), *(self._backward(node) if node in about_data else ())]
            for step in dict.fromkeys(steps):
                if step not in seen and not self._set_aside(step, set_aside):
                    queue.append((step, depth + 1))
                seen.add(step)
            if len(seen) > self._limits.nodes or depth > self._limits.depth:
                return None
        return statements

    def _forward(self, node: Subject) -> Iterator[Subject]:
        for statement in self.index.statements(node):
            target = statement.object
            if isinstance(target, (NamedNode, BlankNode)) and self._leads_on(statement.predicate, target):
                yield target

    def _leads_on(self, predicate: NamedNode, target: NamedNode | BlankNode) -> bool:
        if predicate == RDF.type or target not in self.index or target in self._apart or target in self._listings:
            return False
        # Nobody can look up a blank node elsewhere, so it is followed even where an IRI would only be linked.
        return isinstance(target, BlankNode) or predicate not in LINKS

    def _backward(self, node: Subject) -> Iterator[Subject]:
        for predicate in INVERSE:
            yield from (other for other in self.index.subjects(predicate, node) if other not in self._apart)

    def _set_aside(self, node: Subject, problems: list[Problem]) -> bool:
        if isinstance(node, BlankNode) or not self._foreign(node.value):
            return False
        reason = f"The description of {node.value} was left out: it belongs to another member or to this registry"
        problems.append(Problem(node.value, "not_yours", reason, "warning"))
        return True


def _named(statements: Iterable[Triple], names: Mapping[Subject, NamedNode]) -> Iterator[Triple]:
    """The statements with the IRI of each dataset that had none in the place of its blank node."""
    for subject, predicate, target in statements:
        yield Triple(_name(subject, names), predicate, _name(target, names))


def _name(node: T, names: Mapping[Subject, NamedNode]) -> T | NamedNode:
    return names.get(node, node) if isinstance(node, BlankNode) else node
