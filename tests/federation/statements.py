"""What a catalogue says about a dataset, cut with another library and other code than a registry's.

What this reaches from a dataset is what a registry must hand on, statement by statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.compare import to_canonical_graph
from rdflib.term import Node

from ckanext.citizendata.core.identity import is_minted

__all__ = ["Statement", "about", "canonical", "hazards", "of_things"]

Statement = tuple[Node, Node, Node]

NOT_FOLLOWED = {
    RDF.type,
    *(
        DCTERMS[name]
        for name in ("isPartOf", "hasPart", "relation", "hasVersion", "isVersionOf", "references", "source")
    ),
    *(URIRef(f"{DCAT}{name}") for name in ("inCatalog", "dataset", "record")),
    FOAF.primaryTopic,
    FOAF.isPrimaryTopicOf,
    RDFS.seeAlso,
    RDFS.isDefinedBy,
    SKOS.hasTopConcept,
}
APART = {DCAT.Dataset, DCAT.Catalog, RDFS.Class, OWL.Class, RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty}
# By whatever vocabulary: some catalogues have their own.
NAMES_AGENT = re.compile(r"[#/](publisher|creator|contributor|rightsHolder|contactPoint|maintainer|originator)\Z")
HAZARD = re.compile(r"(javascript|vbscript|data|file):|.*[\s\x00-\x1f\x7f]", re.IGNORECASE | re.DOTALL)


def about(source: Graph, dataset: Node) -> Graph:
    """All that `source` says about a dataset and whatever describes it."""
    apart = {node for kind in APART for node in source.subjects(RDF.type, kind)} - {dataset}
    cut, todo, seen = Graph(), [dataset], {dataset}
    while todo:
        node = todo.pop()
        for _, predicate, target in source.triples((node, None, None)):
            cut.add((node, predicate, target))
            link = predicate in NOT_FOLLOWED and (predicate == RDF.type or isinstance(target, URIRef))
            if not (isinstance(target, Literal) or link or target in apart or target in seen):
                seen.add(target)
                todo.append(target)
    return cut


def of_things(source: Graph) -> set[Statement]:
    """What `source` says about datasets, distributions, and the agents that these name."""
    things = {*source.subjects(RDF.type, DCAT.Dataset), *source.subjects(RDF.type, DCAT.Distribution)}
    things |= set(source.objects(None, DCAT.distribution))
    said = [each for thing in things for each in source.triples((thing, None, None))]
    things |= {target for _, predicate, target in said if NAMES_AGENT.search(str(predicate))}
    return {each for thing in things for each in source.triples((thing, None, None))}


def hazards(statements: Iterable[Statement]) -> set[Statement]:
    """The statements that no reader should be given: scripts, files, and addresses with blanks or controls in them."""
    return {each for each in statements if any(isinstance(node, URIRef) and HAZARD.match(node) for node in each)}


def canonical(statements: Iterable[Statement]) -> frozenset[Statement]:
    """The same for equal graphs: blank nodes named by content, also those that a registry gave an IRI; tags lowered."""
    graph = Graph()
    for subject, predicate, target in statements:
        graph.add((_put_back(subject), predicate, _lowered(_put_back(target))))
    return frozenset(to_canonical_graph(graph))


def _put_back(node: Node) -> Node:
    return _blank(node) if isinstance(node, URIRef) and is_minted(node) else node


@cache
def _blank(_minted: URIRef) -> BNode:
    return BNode()


def _lowered(node: Node) -> Node:
    return Literal(str(node), lang=node.language.lower()) if isinstance(node, Literal) and node.language else node
