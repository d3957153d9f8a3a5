"""Canonical N-Triples through the other serialisations of RDF, written and read by two libraries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Protocol

import rdflib
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from ckanext.citizendata.core.graph import graph_from_ntriples, ntriples_from_graph

__all__ = ["FORMATS", "PAIRS", "Pair", "pairs_of", "same", "through"]

FORMATS: Mapping[str, RdfFormat] = {
    "turtle": RdfFormat.TURTLE,
    "xml": RdfFormat.RDF_XML,
    "json-ld": RdfFormat.JSON_LD,
}
# Who writes, and who reads.
Pair = tuple[str, str]


class _Library(Protocol):
    def graph(self, text: str) -> Any:
        """The library's own graph of N-Triples."""
        ...

    def written(self, graph: Any, name: str) -> Any:
        """The graph in a format by name."""
        ...

    def read(self, document: Any, name: str) -> str:
        """The canonical N-Triples of a document."""
        ...


class _Rdflib:
    def graph(self, text: str) -> rdflib.Graph:
        return rdflib.Graph().parse(data=text, format="nt")

    def written(self, graph: rdflib.Graph, name: str) -> str:
        return graph.serialize(format=name)

    def read(self, document: str | bytes, name: str) -> str:
        graph = rdflib.Graph().parse(data=document, format=name)
        return ntriples_from_graph(graph_from_ntriples(graph.serialize(format="nt")))


class _Pyoxigraph:
    def graph(self, text: str) -> Any:
        return graph_from_ntriples(text)

    def written(self, graph: Any, name: str) -> bytes | None:
        return serialize(graph, format=FORMATS[name])

    def read(self, document: str | bytes, name: str) -> str:
        return ntriples_from_graph({quad.triple for quad in parse(document, format=FORMATS[name])})


LIBRARIES: Mapping[str, _Library] = {"rdflib": _Rdflib(), "pyoxigraph": _Pyoxigraph()}
PAIRS: Sequence[Pair] = tuple(product(LIBRARIES, repeat=2))
CROSSED: Sequence[Pair] = tuple(pair for pair in PAIRS if pair[0] != pair[1])


def pairs_of(number: int) -> Sequence[Pair]:
    """All four pairs for seven records of twenty, for the others one of the two that cross, in turn."""
    return PAIRS if number % 20 < 7 else (CROSSED[number % 2],)


def through(text: str, pairs: Sequence[Pair]) -> Iterator[tuple[str, str]]:
    """The statements as they come back from each format and pair, with the name of the way; equal ones once."""
    graphs = {writer: LIBRARIES[writer].graph(text) for writer in sorted({writer for writer, _ in pairs})}
    seen: set[str] = set()
    for name in FORMATS:
        documents = {writer: LIBRARIES[writer].written(graph, name) for writer, graph in graphs.items()}
        for writer, reader in pairs:
            back = LIBRARIES[reader].read(documents[writer], name)
            if back not in seen:
                seen.add(back)
                yield f"{name} written by {writer}, read by {reader}", back


def same(one: str, other: str) -> bool:
    """Whether two texts are one graph, whatever its blank nodes are called (by RDFC 1.0)."""
    return one == other or _canonical(one) == _canonical(other)


def _canonical(text: str) -> Dataset:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in graph_from_ntriples(text))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset
