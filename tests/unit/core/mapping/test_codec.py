from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from ckanext.citizendata.core.mapping.codec import (
    ConceptCodec,
    ScalarCodec,
    TextCodec,
    date_codec,
    iri_codec,
    literal_codec,
)
from ckanext.citizendata.core.terms import XSD
from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle

LIST = """
@prefix : <https://example.org/c/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix cdata: <https://w3id.org/citizen-data/ns#> .
<https://example.org/c> a skos:ConceptScheme .
:b skos:inScheme <https://example.org/c> ; skos:notation "B" ; skos:prefLabel "B"@en ;
    skos:exactMatch <http://o.example/b> .
:a skos:inScheme <https://example.org/c> ; skos:notation "A" ; skos:prefLabel "A"@en .
:u skos:inScheme <https://example.org/c> ; skos:notation "unknown" ; skos:prefLabel "?"@en ; cdata:notWritten true .
"""
A, B, LIKE_B = (NamedNode(iri) for iri in ("https://example.org/c/a", "https://example.org/c/b", "http://o.example/b"))


@pytest.fixture(scope="module")
def letters() -> Vocabulary:
    return vocabulary_from_turtle("letters", LIST)


class TestTextCodec:
    def test_tags(self) -> None:
        """Tags come back in their usual case; a plain literal has the key `und`."""
        terms = [Literal("水", language="zh-hant"), Literal("Maji")]
        decoded = TextCodec().decode(terms)
        assert decoded.value == {"und": "Maji", "zh-Hant": "水"}
        assert set(decoded.said) == set(TextCodec().encode(decoded.value)) == set(terms)

    def test_two_texts_in_one_language(self) -> None:
        """The first by letter is shown; the other isn't claimed."""
        first, second = Literal("A", language="en"), Literal("B", language="en")
        for terms in ([first, second], [second, first]):
            decoded = TextCodec().decode(terms)
            assert (decoded.value, list(decoded.said)) == ({"en": "A"}, [first])

    @pytest.mark.parametrize(
        "term", [Literal(5), NamedNode("https://a.example"), BlankNode(), Literal(""), Literal("x", language="und")]
    )
    def test_no_text(self, term: Any) -> None:
        """Numbers, nodes, empty texts and the tag `und`, which we write plain, are left."""
        assert TextCodec().decode([term]) == (None, (), True, [term])

    def test_characters_outside_xml(self) -> None:
        """A text that RDF/XML can't carry is neither written nor claimed."""
        assert TextCodec().encode({"en": "a\x01"}) == literal_codec(None).encode("a\x01") == []
        assert TextCodec().decode([Literal("a\x01", language="en")]).value is None
        assert literal_codec(None).decode([Literal("a\x01")]).said == ()


class TestConceptCodec:
    def test_order_of_the_list(self, letters: Vocabulary) -> None:
        """Codes come in the list's order, whatever the order of statements."""
        codec = ConceptCodec(letters, many=True, otherwise_literal=False)
        assert codec.decode([A, B]).value == codec.decode([B, A]).value == ["B", "A"]

    def test_absence(self, letters: Vocabulary) -> None:
        """The entry that isn't written is what absence reads as, and writes nothing."""
        assert ConceptCodec(letters, many=True, otherwise_literal=False).decode([]).value == ["unknown"]
        one = ConceptCodec(letters, many=False, otherwise_literal=False)
        assert (one.decode([]).value, one.encode("unknown")) == ("unknown", [])

    def test_only_own_concepts(self, letters: Vocabulary) -> None:
        """A concept of another list is left for the field that it belongs to."""
        other = NamedNode("https://other.example/c")
        decoded = ConceptCodec(letters, many=True, otherwise_literal=False).decode([other, A])
        assert (decoded.value, decoded.said, decoded.left) == (["A"], [A], [other])

    def test_same_concept_by_another_name(self, letters: Vocabulary) -> None:
        """An IRI declared to mean the same, or a code as text, is understood but not claimed."""
        codec = ConceptCodec(letters, many=True, otherwise_literal=False)
        for term, code in ((LIKE_B, "B"), (Literal("A"), "A")):
            decoded = codec.decode([term])
            assert (decoded.value, decoded.said, decoded.exact) == ([code], [], False)

    def test_both_names_of_a_concept(self, letters: Vocabulary) -> None:
        """Where a record says a concept by both names, neither is claimed: writing would drop one."""
        decoded = ConceptCodec(letters, many=True, otherwise_literal=False).decode([B, LIKE_B])
        assert (decoded.value, decoded.said) == (["B"], [])

    def test_text_outside_the_list(self, letters: Vocabulary) -> None:
        """Where the field allows, what isn't in the list is a text; a code in small letters is the code."""
        codec = ConceptCodec(letters, many=False, otherwise_literal=True)
        assert codec.encode("Own format") == [Literal("Own format")]
        assert codec.decode([Literal("Own format")]) == ("Own format", [Literal("Own format")], True, [])
        assert codec.decode([Literal("a")]) == ("A", [], False, [])


class TestScalars:
    @pytest.mark.parametrize(
        ("codec", "value", "term"),
        [
            (literal_codec(None), "Office", Literal("Office")),
            (literal_codec(XSD.integer), "5", Literal("5", datatype=XSD.integer)),
            (date_codec(), "2023", Literal("2023", datatype=XSD.gYear)),
            (date_codec(), "2023-04", Literal("2023-04", datatype=XSD.gYearMonth)),
            (date_codec(), "2023-04-15", Literal("2023-04-15", datatype=XSD.date)),
            (iri_codec(""), "https://a.example/ü", NamedNode("https://a.example/ü")),
            (iri_codec("mailto:"), "a@b.example", NamedNode("mailto:a@b.example")),
        ],
    )
    def test_both_ways(self, codec: ScalarCodec, value: str, term: Any) -> None:
        """A value is one term and the term that value."""
        assert codec.encode(value) == [term]
        assert codec.decode([term]) == (value, [term], True, ())

    @pytest.mark.parametrize(
        ("codec", "term", "value"),
        [
            (literal_codec(None), Literal("Amt", language="de"), "Amt"),
            (date_codec(), Literal("2020-01-01T00:00:00", datatype=XSD.dateTime), "2020-01-01"),
            (date_codec(), Literal("2020-01-01Z", datatype=XSD.date), "2020-01-01"),
            (iri_codec("mailto:"), Literal("a@b.example"), "a@b.example"),
            (iri_codec("mailto:"), NamedNode("MAILTO:a@b.example"), "a@b.example"),
        ],
    )
    def test_understood_but_not_claimed(self, codec: ScalarCodec, term: Any, value: str) -> None:
        """What others write differently is shown; writing would give another term, so that it isn't claimed."""
        decoded = codec.decode([term])
        assert (decoded.value, decoded.said, decoded.exact) == (value, (), False)

    @pytest.mark.parametrize(
        ("codec", "term"),
        [
            (date_codec(), Literal("spring")),
            (date_codec(), BlankNode()),
            (iri_codec("mailto:"), NamedNode("https://a.example")),
            (iri_codec(""), BlankNode()),
            (literal_codec(None), NamedNode("https://a.example")),
        ],
    )
    def test_left(self, codec: ScalarCodec, term: Any) -> None:
        """What can't be read is named as left."""
        assert codec.decode([term]) == (None, (), True, [term])

    def test_what_we_would_write_wins(self) -> None:
        """Of several values the one that we would write ourselves is shown."""
        plain, tagged = Literal("Z"), Literal("A", language="en")
        assert literal_codec(None).decode([tagged, plain]) == ("Z", [plain], True, ())

    @pytest.mark.parametrize("value", [None, "", [], {}, ["a"], "a b"])
    def test_nothing_to_say(self, value: Any) -> None:
        """Empty values, values of another kind and malformed addresses say nothing."""
        assert iri_codec("").encode(value) == []
