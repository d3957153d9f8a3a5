from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.citizendata.core.graph import (
    Index,
    graph_from_ntriples,
    ntriples_from_graph,
    objects,
    subjects,
    value,
)
from ckanext.citizendata.core.terms import DCAT, DCT

A, B = NamedNode("https://example.org/a"), NamedNode("https://example.org/b")
BLANK = BlankNode("b0")
ODD = Literal('a "quote", a\nline, a\ttab, \u2028, \x01, ü', language="en")
TRIPLES = (
    Triple(A, DCT.title, Literal("Zebra", language="en")),
    Triple(A, DCT.title, Literal("Âne", language="fr")),
    Triple(A, DCAT.contactPoint, BLANK),
    Triple(BLANK, DCT.description, ODD),
    Triple(B, DCT.relation, A),
)
GRAPH = frozenset(TRIPLES)


class TestNtriplesFromGraph:
    def test_writes_one_sorted_statement_a_line(self) -> None:
        """Lines are sorted, so equal graphs give equal text."""
        text = ntriples_from_graph(TRIPLES)
        assert text.split("\n")[:-1] == sorted(text.split("\n")[:-1])
        assert text.count("\n") == len(TRIPLES)
        assert text == ntriples_from_graph(reversed(TRIPLES))

    def test_an_empty_graph_is_empty_text(self) -> None:
        """No statement, no line."""
        assert ntriples_from_graph(frozenset()) == ""


class TestGraphFromNtriples:
    def test_reads_back_what_was_written(self) -> None:
        """Odd characters and blank-node labels survive."""
        assert graph_from_ntriples(ntriples_from_graph(GRAPH)) == GRAPH

    def test_refuses_other_text(self) -> None:
        """Text that isn't N-Triples is an error."""
        with pytest.raises(SyntaxError):
            graph_from_ntriples("<html>")


class TestLookUps:
    def test_objects_come_in_a_stable_order(self) -> None:
        """All objects of one subject and predicate, sorted."""
        assert objects(GRAPH, A, DCT.title) == (Literal("Zebra", language="en"), Literal("Âne", language="fr"))

    def test_subjects_are_found_from_the_object(self) -> None:
        """All subjects that point at an object."""
        assert subjects(GRAPH, DCT.relation, A) == (B,)

    def test_value_is_the_first_object_or_none(self) -> None:
        """One object, or None where nothing is said."""
        assert value(GRAPH, A, DCT.title) == Literal("Zebra", language="en")
        assert value(GRAPH, B, DCT.title) is None


class TestIndex:
    def test_answers_as_the_plain_functions_do(self) -> None:
        """The index and the functions on the graph agree."""
        index = Index(GRAPH)
        assert index.objects(A, DCT.title) == objects(GRAPH, A, DCT.title)
        assert index.subjects(DCT.relation, A) == subjects(GRAPH, DCT.relation, A)
        assert index.value(A, DCT.title) == value(GRAPH, A, DCT.title)
        assert index.value(B, DCT.title) is None

    def test_knows_both_ends_of_a_node(self) -> None:
        """What is said about a node, and who mentions it."""
        index = Index(TRIPLES)
        assert index.statements(A) == TRIPLES[:3]
        assert index.mentions(A) == TRIPLES[4:]
        assert index.mentions(BLANK) == TRIPLES[2:3]
        assert index.statements(NamedNode("https://example.org/none")) == ()

    def test_described_nodes_come_in_the_order_of_reading(self) -> None:
        """Every subject once, in the order of first mention."""
        index = Index(TRIPLES)
        assert tuple(index.described) == (A, BLANK, B)
        assert A in index
        assert DCT.title not in index
