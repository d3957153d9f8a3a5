"""A graph as an immutable set of triples, and small look-ups on it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

__all__ = [
    "LANGUAGE",
    "Graph",
    "Index",
    "Node",
    "Subject",
    "graph_from_ntriples",
    "ntriples_from_graph",
    "term_text",
]

Graph: TypeAlias = frozenset[Triple]
Subject: TypeAlias = NamedNode | BlankNode
Node: TypeAlias = NamedNode | BlankNode | Literal

# What may not stand in an IRI of N-Triples (IRIREF): lenient parsers let it through, and it would end the IRI early.
BREAKERS = re.compile(r'[\x00-\x20<>"{}|^`\\]')
LANGUAGE = re.compile(r"[a-zA-Z]+(?:-[a-zA-Z0-9]+)*")


def graph_from_ntriples(text: str) -> Graph:
    """The graph written in `text`, blank-node labels as written.

    IRIs are taken as they stand, since a harvested record may hold some that only lenient parsers read. Raises
    `SyntaxError` with the line for text that isn't N-Triples.
    """
    return frozenset(quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES, lenient=True))


def ntriples_from_graph(graph: Iterable[Triple]) -> str:
    """The N-Triples of `graph`, one statement a line, lines sorted: equal graphs give equal text.

    Raises `ValueError` for what N-Triples can't say: an impossible language tag, a label that is none.
    """
    lines = (f"{term_text(t.subject)} {term_text(t.predicate)} {term_text(t.object)} .\n" for t in graph)
    return "".join(sorted(lines))


def term_text(node: NamedNode | BlankNode | Literal | Triple) -> str:
    """One node as N-Triples writes it; whatever an IRI of a stranger holds, it stays inside its brackets.

    Raises `ValueError` as `ntriples_from_graph` does.
    """
    if isinstance(node, NamedNode):
        return f"<{_escaped(node.value)}>"
    if isinstance(node, BlankNode):
        return f"_:{_safe(node.value, not BREAKERS.search(node.value), 'label of a blank node')}"
    if isinstance(node, Literal):
        return _literal_text(node)
    raise ValueError(f"{node} is a statement about a statement, which no record holds")


def _literal_text(literal: Literal) -> str:
    if literal.language is not None:
        _safe(literal.language, LANGUAGE.fullmatch(literal.language), "language tag")
        return str(literal)
    datatype = literal.datatype.value
    if not BREAKERS.search(datatype):
        return str(literal)
    return f"{Literal(literal.value)}^^<{_escaped(datatype)}>"


def _safe(text: str, is_safe: object, kind: str) -> str:
    if not is_safe:
        raise ValueError(f"{text!r} is no {kind}")
    return text


def _escaped(iri: str) -> str:
    return BREAKERS.sub(lambda found: f"\\u{ord(found[0]):04X}", iri)


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
