"""Canonical N-Triples through the other serialisations of RDF, written and read by two libraries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import rdflib
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from ckanext.citizendata.core.graph import graph_from_ntriples, ntriples_from_graph

__all__ = ["FORMATS", "WAYS", "same"]

FORMATS: Mapping[str, RdfFormat] = {
    "turtle": RdfFormat.TURTLE,
    "xml": RdfFormat.RDF_XML,
    "json-ld": RdfFormat.JSON_LD,
}


def _by_rdflib(text: str) -> Iterator[tuple[str, str]]:
    graph = rdflib.Graph().parse(data=text, format="nt")
    for name in FORMATS:
        read = rdflib.Graph().parse(data=graph.serialize(format=name), format=name)
        yield name, ntriples_from_graph(graph_from_ntriples(read.serialize(format="nt")))


def _by_pyoxigraph(text: str) -> Iterator[tuple[str, str]]:
    graph = graph_from_ntriples(text)
    for name, known in FORMATS.items():
        written = serialize(graph, format=known)
        yield name, ntriples_from_graph({quad.triple for quad in parse(written, format=known)})


# The statements as they come back from each serialisation, by the name of the library.
WAYS: Mapping[str, Callable[[str], Iterator[tuple[str, str]]]] = {"rdflib": _by_rdflib, "pyoxigraph": _by_pyoxigraph}


def same(one: str, other: str) -> bool:
    """Whether two texts are one graph, whatever its blank nodes are called (by RDFC 1.0)."""
    return one == other or _canonical(one) == _canonical(other)


def _canonical(text: str) -> Dataset:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in graph_from_ntriples(text))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset
