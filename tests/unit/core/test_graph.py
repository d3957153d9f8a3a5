from __future__ import annotations

import random

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from ckanext.citizendata.core.graph import (
    Graph,
    Index,
    graph_from_ntriples,
    ntriples_from_graph,
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
SEEDS = range(200)
BREAKING = [*map(chr, range(33)), *'<>"{}|^`\\.', "\x85", "\u2028", "\\u003E", "> .\n<", "é", "a", ":"]


def lenient(text: str) -> Graph:
    """What a lenient parser of another format makes of it; `NamedNode` itself refuses such IRIs."""
    return frozenset(quad.triple for quad in parse(text, format=RdfFormat.TURTLE, lenient=True))


def hostile_graph(seed: int) -> Graph:
    """One statement whose IRIs hold anything, as a stranger may write them."""
    chance = random.Random(seed)

    def iri() -> str:
        return "<http://" + "".join(f"\\U{ord(c):08X}" for _ in range(9) for c in chance.choice(BREAKING)) + ">"

    return lenient(f'{iri()} {iri()} {iri()} , "x"^^{iri()} .')


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

    @pytest.mark.parametrize("seed", SEEDS)
    def test_whatever_an_iri_holds_stays_in_it(self, seed: int) -> None:
        """One line a statement, and reading back gives the same graph: nobody smuggles a statement in."""
        graph = hostile_graph(seed)
        text = ntriples_from_graph(graph)
        assert text.count("\n") == len(graph)
        assert graph_from_ntriples(text) == graph

    def test_refuses_a_language_that_is_none(self) -> None:
        """JSON-LD read leniently takes anything for a tag; N-Triples has no way to write it."""
        data = '{"@id": "http://a", "http://p": {"@value": "x", "@language": "en .\\n<http://v>"}}'
        graph = {quad.triple for quad in parse(data, format=RdfFormat.JSON_LD, lenient=True)}
        with pytest.raises(ValueError, match="is no language tag"):
            ntriples_from_graph(graph)


class TestGraphFromNtriples:
    def test_reads_back_what_was_written(self) -> None:
        """Odd characters and blank-node labels survive."""
        assert graph_from_ntriples(ntriples_from_graph(GRAPH)) == GRAPH

    def test_refuses_other_text(self) -> None:
        """Text that isn't N-Triples is an error."""
        with pytest.raises(SyntaxError):
            graph_from_ntriples("<html>")


class TestIndex:
    def test_objects_come_in_a_stable_order(self) -> None:
        """All objects of one subject and predicate, sorted."""
        texts = (Literal("Zebra", language="en"), Literal("Âne", language="fr"))
        assert Index(GRAPH).objects(A, DCT.title) == texts

    def test_subjects_are_found_from_the_object(self) -> None:
        """All subjects that point at an object."""
        assert Index(GRAPH).subjects(DCT.relation, A) == (B,)

    def test_value_is_the_first_object_or_none(self) -> None:
        """One object, or None where nothing is said."""
        assert Index(GRAPH).value(A, DCT.title) == Literal("Zebra", language="en")
        assert Index(GRAPH).value(B, DCT.title) is None

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
