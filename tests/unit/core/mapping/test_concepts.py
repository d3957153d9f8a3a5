from __future__ import annotations

import pytest

from ckanext.citizendata.core.mapping.concepts import ConceptCodec
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
A, B, LIKE_B = "<https://example.org/c/a>", "<https://example.org/c/b>", "<http://o.example/b>"


@pytest.fixture(scope="module")
def letters() -> Vocabulary:
    return vocabulary_from_turtle("letters", LIST)


@pytest.fixture(scope="module")
def several(letters: Vocabulary) -> ConceptCodec:
    return ConceptCodec(letters, many=True, otherwise_literal=False, absence_speaks=True)


@pytest.fixture(scope="module")
def one(letters: Vocabulary) -> ConceptCodec:
    return ConceptCodec(letters, many=False, otherwise_literal=False, absence_speaks=True)


class TestConceptCodec:
    def test_order_of_the_list(self, several: ConceptCodec) -> None:
        """Codes come in the list's order, whatever the order of statements."""
        assert several.decode([A, B]).value == several.decode([B, A]).value == ["B", "A"]

    def test_one_code(self, one: ConceptCodec, several: ConceptCodec) -> None:
        """Of several concepts where one has room, the first of the list is shown; the other is spare."""
        assert one.decode([A, B]) == ("B", [B], True, [], [A])
        assert (one.exact([A]), several.exact([A]), one.exact([LIKE_B])) == ("A", ["A"], None)

    def test_absence(self, one: ConceptCodec, several: ConceptCodec) -> None:
        """The entry that isn't written is what absence reads as, and writes nothing."""
        assert several.decode([]).value == ["unknown"]
        assert (one.decode([]).value, list(one.encode("unknown"))) == ("unknown", [])

    def test_silence(self, letters: Vocabulary) -> None:
        """Where nobody had to answer, absence says nothing."""
        codec = ConceptCodec(letters, many=False, otherwise_literal=False, absence_speaks=False)
        assert codec.decode([]).value is None

    def test_only_own_concepts(self, several: ConceptCodec) -> None:
        """A concept of another list is left for the field that it belongs to."""
        other = "<https://other.example/c>"
        decoded = several.decode([other, A])
        assert (decoded.value, decoded.said, decoded.left) == (["A"], [A], [other])
        assert several.decode([other, "_:b"]).left == [other, "_:b"]

    @pytest.mark.parametrize(("term", "code"), [(LIKE_B, "B"), ('"A"', "A"), ('"A"@en', "A")])
    def test_same_concept_by_another_name(self, several: ConceptCodec, term: str, code: str) -> None:
        """An IRI declared to mean the same, or a code as text, is understood but not claimed."""
        decoded = several.decode([term])
        assert (decoded.value, decoded.said, decoded.exact) == ([code], [], False)

    def test_both_names_of_a_concept(self, several: ConceptCodec) -> None:
        """Where a record says a concept by both names, neither is claimed: writing would drop one."""
        decoded = several.decode([B, LIKE_B])
        assert (decoded.value, decoded.said) == (["B"], [])

    def test_text_outside_the_list(self, letters: Vocabulary) -> None:
        """Where the field allows, what isn't in the list is a text; a code in small letters is the code."""
        codec = ConceptCodec(letters, many=False, otherwise_literal=True, absence_speaks=False)
        assert list(codec.encode("Own format")) == ['"Own format"']
        assert codec.decode(['"Own format"']) == ("Own format", ['"Own format"'], True, [], [])
        assert codec.decode(['"a"']) == ("A", [], False, [], [])

    def test_unknown_codes_say_nothing(self, one: ConceptCodec, several: ConceptCodec) -> None:
        """What isn't in the list isn't written."""
        assert list(one.encode("Z")) == list(several.encode(["Z", 5, None])) == list(several.encode(None)) == []
