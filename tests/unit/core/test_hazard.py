"""Statements that can't leave."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from ckanext.citizendata.core.hazard import is_harmless, is_xml, without_hazards
from ckanext.citizendata.core.terms import DCT, RDF
from ckanext.citizendata.feeds.fragment import statements_from_fragment

DATASET = NamedNode("https://data.example.org/dataset/1")


def read(iri: str) -> tuple[list[Triple], int]:
    return statements_from_fragment(f"{DATASET} {DCT.relation} <{iri}> .\n", "b")


class TestIsHarmless:
    @pytest.mark.parametrize(
        "iri",
        [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "vbscript:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "http://example.org/a b",
            "http://example.org/a\\u0001b",
            "http://example.org/a\\u00A0b",
            "http://example.org/a\\u2003b",
            "http://example.org/a\\u0022b",
            "relative/path",
            "http://example.org/\\uFFFE",
        ],
    )
    def test_hazards_are_withheld(self, iri):
        """Script and data IRIs, and what a second parser can't read, stay out and are counted."""
        assert read(iri) == ([], 1)
        healthy = f'{DATASET} {DCT.title} "A < b" .\n'
        assert without_hazards(f"{healthy}{DATASET} {DCT.relation} <{iri}> .\n") == (healthy, 1)

    @pytest.mark.parametrize(
        "iri",
        [
            "http://example.org/",
            "mailto:desk@example.org",
            "tel:+254-20-1",
            "urn:uuid:1",
            "doi:10.1/x",
            "http://example.org/%zz",
            "http://example.org/[1]",
            "http://example.org/{id}",
            "http://example.org/données",
            "database:x",
        ],
    )
    def test_other_addresses_survive(self, iri):
        """Imperfect addresses that others read are kept as received."""
        kept, withheld = read(iri)
        assert [triple.object.value for triple in kept] == [iri]
        assert withheld == 0

    def test_datatype_counts(self):
        """A literal whose datatype is a hazard is one."""
        assert not is_harmless(Triple(DATASET, DCT.title, Literal("x", datatype=NamedNode("javascript:x"))))

    def test_long_language_tag(self):
        """A language tag that BCP 47 can't have is withheld: strict readers refuse the whole file over it."""
        kept, withheld = statements_from_fragment(
            f'{DATASET} {DCT.title} "x"@abcdefghijklm .\n{DATASET} {DCT.title} "y"@en .\n', "b"
        )
        assert [triple.object for triple in kept] == [Literal("y", language="en")]
        assert withheld == 1


class TestIsXml:
    @pytest.mark.parametrize("text", ["\x01", "a\x0bb", "\ufffe", "\uffff"])
    def test_characters_outside_xml(self, text):
        """XML 1.0 has no escape for these."""
        assert not is_xml(Triple(DATASET, DCT.title, Literal(text)))

    @pytest.mark.parametrize("text", ["", "\t\r\n", "é", "\U0001f4a7", "\u200f"])
    def test_characters_of_xml(self, text):
        """Any text of any script passes."""
        assert is_xml(Triple(DATASET, DCT.title, Literal(text)))

    @pytest.mark.parametrize(
        "predicate", ["http://example.org/12", "http://example.org/", str(RDF["li"])[1:-1], str(RDF["about"])[1:-1]]
    )
    def test_predicates_without_a_name(self, predicate):
        """A predicate that doesn't end in a name, or is one of the syntax's own, has no RDF/XML."""
        assert not is_xml(Triple(DATASET, NamedNode(predicate), Literal("x")))

    @pytest.mark.parametrize(
        "predicate",
        [
            "http://example.org/a1",
            "urn:x:y",
            "http://example.org/a-b.c",
            "http://example.org/é",
            "http://example.org/1a",
        ],
    )
    def test_predicates_with_a_name(self, predicate):
        """The longest ending that is a name will do."""
        assert is_xml(Triple(DATASET, NamedNode(predicate), Literal("x")))

    def test_class_without_a_name(self):
        """A class is written as an element, so it needs a name too."""
        assert not is_xml(Triple(DATASET, RDF.type, NamedNode("http://example.org/12")))
