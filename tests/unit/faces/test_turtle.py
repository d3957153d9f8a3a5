"""Turtle for people: short names, nodes in their places, and nothing that a parser reads otherwise."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from ckanext.citizendata.core.graph import ntriples_from_graph
from ckanext.citizendata.core.tree import Tree
from ckanext.citizendata.faces.turtle import Items, Names, Node, nested, statement, text

IRI = "https://data.example.org/dataset/1"


class TestNames:
    @pytest.mark.parametrize(
        ("iri", "name"),
        [
            ("http://purl.org/dc/terms/title", "dct:title"),
            ("http://publications.europa.eu/resource/authority/country", "eu:country"),
            ("http://publications.europa.eu/resource/authority/country/KEN", None),
            ("https://example.org/a(b)", None),
        ],
    )
    def test_shortens_what_a_prefix_covers(self, iri: str, name: str | None) -> None:
        """An IRI with more behind the prefix than a name stays whole."""
        assert Names().of(iri) == (name or f"<{iri}>")

    def test_declares_the_prefixes_in_use(self) -> None:
        """And none that only stands in a text or an IRI."""
        assert Names().head('dct:title "dcat:Dataset"@en ; a <foaf:Agent> .') == (
            "@prefix dct: <http://purl.org/dc/terms/> .\n"
        )


class TestStatement:
    def test_wraps_long_lists(self) -> None:
        """Several entries a line, within the width."""
        body = statement("dct:a", (("dct:b", Items(tuple(f'"{number:08}"' for number in range(40)))),))
        assert max(map(len, body.splitlines())) <= 120
        assert len(list(parse(f"{Names().head(body)}{body}", format=RdfFormat.TURTLE))) == 81

    def test_keeps_short_nodes_on_the_line(self) -> None:
        assert statement("dct:a", (("dct:b", Node((("a", "dct:C"),))),)) == "dct:a dct:b [ a dct:C ] .\n"


class TestText:
    def test_refuses_what_no_file_can_hold(self) -> None:
        with pytest.raises(ValueError, match="can't be written"):
            text("\ud800")


class TestNested:
    def test_reads_as_the_same_graph(self) -> None:
        """A fragment with a node in a node, a datatype and a name."""
        turtle = (
            "@prefix dct: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
            f' <{IRI}> a dct:A ; dct:date "2023"^^xsd:gYear ;'
            ' dct:creator [ dct:title "q \\"x\\""@en ; dct:b [ a dct:C ] ] .'
        )
        fragment = canonical(turtle)
        body = nested(Tree(fragment), f"<{IRI}>", Names())
        assert canonical(f"{Names().head(body)}{body}") == fragment


def canonical(turtle: str) -> str:
    """Canonical N-Triples; of two blank nodes the outer is a, so that labels compare."""
    text = ntriples_from_graph(quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE))
    outer = next(line.split()[2] for line in text.splitlines() if "/creator>" in line)
    inner = next(line.split()[2] for line in text.splitlines() if "/terms/b>" in line)
    renamed = text.replace(outer, "_:a").replace(inner, "_:b")
    return "".join(sorted(renamed.splitlines(keepends=True)))
