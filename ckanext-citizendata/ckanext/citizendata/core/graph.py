"""A graph as an immutable set of triples, and small look-ups on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

__all__ = [
    "Graph",
    "Index",
    "Node",
    "Subject",
    "graph_from_ntriples",
    "ntriples_from_graph",
    "objects",
    "subjects",
    "value",
]

Graph: TypeAlias = frozenset[Triple]
Subject: TypeAlias = NamedNode | BlankNode
Node: TypeAlias = NamedNode | BlankNode | Literal


def graph_from_ntriples(text: str) -> Graph:
    """The graph written in `text`, blank-node labels as written.

    IRIs are taken as they stand, since a harvested record may hold some that only lenient parsers read. Raises
    `SyntaxError` with the line for text that isn't N-Triples.
    """
    return frozenset(quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES, lenient=True))


def ntriples_from_graph(graph: Iterable[Triple]) -> str:
    """The N-Triples of `graph`, one statement a line, lines sorted: equal graphs give equal text."""
    return "".join(sorted(f"{triple} .\n" for triple in graph))


def objects(graph: Graph, subject: Subject, predicate: NamedNode) -> tuple[Node, ...]:
    """What `subject` says by `predicate`, in a stable order."""
    return _ordered(t.object for t in graph if t.predicate == predicate and t.subject == subject)


def subjects(graph: Graph, predicate: NamedNode, target: Node) -> tuple[Subject, ...]:
    """Who says `target` by `predicate`, in a stable order."""
    return _ordered(t.subject for t in graph if t.predicate == predicate and t.object == target)


def value(graph: Graph, subject: Subject, predicate: NamedNode) -> Node | None:
    """The first object (in the order of `objects`), or None."""
    return next(iter(objects(graph, subject, predicate)), None)


class Index:
    """A graph prepared for many look-ups from either end; building it reads the graph once."""

    __slots__ = ("_by_object", "_by_subject")

    def __init__(self, graph: Iterable[Triple]) -> None:
        by_subject: defaultdict[Subject, list[Triple]] = defaultdict(list)
        by_object: defaultdict[Subject, list[Triple]] = defaultdict(list)
        for triple in graph:
            by_subject[cast("Subject", triple.subject)].append(triple)
            if isinstance(triple.object, NamedNode | BlankNode):
                by_object[triple.object].append(triple)
        self._by_subject = dict(by_subject)
        self._by_object = dict(by_object)

    def __contains__(self, subject: object) -> bool:
        return subject in self._by_subject

    @property
    def described(self) -> Iterable[Subject]:
        """Every node that is the subject of a statement, in the order of first mention."""
        return self._by_subject.keys()

    def statements(self, subject: Subject) -> tuple[Triple, ...]:
        """What is said about `subject`, in the order of reading."""
        return tuple(self._by_subject.get(subject, ()))

    def mentions(self, target: Subject) -> tuple[Triple, ...]:
        """The statements with `target` as their object, in the order of reading; literals aren't indexed."""
        return tuple(self._by_object.get(target, ()))

    def objects(self, subject: Subject, predicate: NamedNode) -> tuple[Node, ...]:
        """What `subject` says by `predicate`, in a stable order."""
        return _ordered(t.object for t in self._by_subject.get(subject, ()) if t.predicate == predicate)

    def subjects(self, predicate: NamedNode, target: Subject) -> tuple[Subject, ...]:
        """Who says `target` (no literal) by `predicate`, in a stable order."""
        return _ordered(t.subject for t in self._by_object.get(target, ()) if t.predicate == predicate)

    def value(self, subject: Subject, predicate: NamedNode) -> Node | None:
        """The first object (in the order of `objects`), or None."""
        return next(iter(self.objects(subject, predicate)), None)


def _ordered(nodes: Iterable) -> tuple:
    found = set(nodes)
    return tuple(found) if len(found) < 2 else tuple(sorted(found, key=str))
