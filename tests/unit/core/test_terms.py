from __future__ import annotations

import copy

import pytest
from pyoxigraph import NamedNode

from ckanext.citizendata.core.terms import DCT, EU, PREFIXES, SCHEMA, STAT, Namespace, node


class TestNamespace:
    def test_attribute_and_item_are_the_same_node(self) -> None:
        """A term can be reached as an attribute or as an item."""
        assert DCT.title == DCT["title"] == NamedNode("http://purl.org/dc/terms/title")

    @pytest.mark.parametrize("name", ["format", "title", "replace", "_iri2"])
    def test_no_name_is_hidden_by_python(self, name: str) -> None:
        """Names that a string would have as methods are terms too."""
        assert getattr(DCT, name) == NamedNode(f"http://purl.org/dc/terms/{name}")

    def test_codes_that_are_no_identifiers_are_items(self) -> None:
        """A code that Python can't write as an attribute is reached as an item."""
        assert EU["country/1A0"].value == "http://publications.europa.eu/resource/authority/country/1A0"

    def test_contains_only_its_own_nodes(self) -> None:
        """A node is in a namespace when its IRI begins with it; anything else isn't."""
        assert DCT.title in DCT
        assert SCHEMA.name not in DCT
        assert "http://purl.org/dc/terms/title" not in DCT

    def test_can_be_copied_and_shown(self) -> None:
        """Python's own protocols don't become terms."""
        assert copy.copy(DCT).title == DCT.title
        assert repr(Namespace("http://example.org/")) == "Namespace('http://example.org/')"
        assert str(STAT) == "http://data.europa.eu/m8g/"


class TestNode:
    @pytest.mark.parametrize(
        ("text", "iri"),
        [
            ("dct:title", "http://purl.org/dc/terms/title"),
            ("stat:statUnitMeasure", "http://data.europa.eu/m8g/statUnitMeasure"),
            ("dpv:hasConsentControl", "https://w3id.org/dpv#hasConsentControl"),
            ("hydra:PagedCollection", "http://www.w3.org/ns/hydra/core#PagedCollection"),
            ("oa:hasBody", "http://www.w3.org/ns/oa#hasBody"),
            ("cdata:audience", "https://w3id.org/citizen-data/ns#audience"),
            ("https://example.org/a?b=c:d", "https://example.org/a?b=c:d"),
            ("urn:uuid:1", "urn:uuid:1"),
            ("mailto:a@example.org", "mailto:a@example.org"),
        ],
    )
    def test_expands_a_curie_and_keeps_an_absolute_iri(self, text: str, iri: str) -> None:
        """A CURIE with a known prefix is expanded; an absolute IRI is kept."""
        assert node(text) == NamedNode(iri)

    @pytest.mark.parametrize("text", ["dtc:title", "title", "", "dct", "/dataset/x", "http://exa mple.org/", "dct:a b"])
    def test_refuses_anything_else_by_its_text(self, text: str) -> None:
        """An unknown prefix, a relative IRI and a malformed one raise an error that names the text."""
        with pytest.raises(ValueError, match="neither|well-formed") as error:
            node(text)
        assert repr(text) in str(error.value)


class TestPrefixes:
    def test_no_two_prefixes_share_a_namespace(self) -> None:
        """Each namespace has one prefix."""
        assert len({str(space) for space in PREFIXES.values()}) == len(PREFIXES)
