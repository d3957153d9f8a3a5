from __future__ import annotations

from typing import Any

import pytest

from ckanext.citizendata.core.mapping.codec import TextCodec, TextsCodec
from ckanext.citizendata.core.mapping.scalars import literal_codec
from ckanext.citizendata.core.terms import XSD
from ckanext.citizendata.core.tokens import token

INTEGER = token(XSD.nonNegativeInteger)


class TestTextCodec:
    def test_tags(self) -> None:
        """Tags come back in their usual case; a plain literal has the key `und`."""
        terms = ['"水"@zh-hant', '"Maji"']
        decoded = TextCodec().decode(terms)
        assert decoded.value == {"und": "Maji", "zh-Hant": "水"}
        assert set(decoded.said) == set(TextCodec().encode(decoded.value)) == set(terms)

    def test_two_texts_in_one_language(self) -> None:
        """The first by letter is shown; the other is spare and isn't claimed."""
        first, second = '"A"@en', '"B"@en'
        for terms in ([first, second], [second, first]):
            decoded = TextCodec().decode(terms)
            assert (decoded.value, list(decoded.said)) == ({"en": "A"}, [first])
            assert (decoded.exact, decoded.spare) == (False, [second])

    @pytest.mark.parametrize("term", [f'"5"^^{INTEGER}', "<https://a.example>", "_:b", '""', '"x"@und', '"x"@ar--rtl'])
    def test_no_text(self, term: str) -> None:
        """Numbers, nodes, empty texts and the tag `und`, which we write plain, are left."""
        assert TextCodec().decode([term]) == (None, (), True, [term], ())
        assert TextCodec().exact([term]) is None

    def test_characters_outside_xml(self) -> None:
        """A text that RDF/XML can't carry is neither written nor claimed."""
        assert list(TextCodec().encode({"en": "a\x01"})) == list(literal_codec(None).encode("a\x01")) == []
        assert TextCodec().decode(['"a\\u0001"@en']).value is None
        assert literal_codec(None).decode(['"a\\u0001"']).said == ()
        assert literal_codec(None).exact(['"a\\u0001"']) is None

    @pytest.mark.parametrize("text", ['a"b\\c', "a\nb\tc", "\u2028\u0085\u200f\ufffd", "e\u0301 😀", "{}<>&%", " "])
    def test_odd_characters(self, text: str) -> None:
        """What XML can carry comes back as it was, and a term holds no line break."""
        (term,) = TextCodec().encode({"en": text})
        assert "\n" not in term
        assert TextCodec().exact([term]) == TextCodec().decode([term]).value == {"en": text}

    @pytest.mark.parametrize("value", [None, "text", 5, {"not a tag": "x"}, {"en": None}, {"en": ""}, {5: "x"}])
    def test_nothing_to_say(self, value: Any) -> None:
        """What isn't a text in a language says nothing."""
        assert list(TextCodec().encode(value)) == []


class TestTextsCodec:
    def test_several_words(self) -> None:
        """Words come by language and letter, whatever the order of statements."""
        terms = ['"tap"@en', '"maji"', '"queue"@en']
        for order in (terms, terms[::-1]):
            decoded = TextsCodec().decode(order)
            assert (decoded.value, decoded.exact) == ({"en": ["queue", "tap"], "und": ["maji"]}, True)
            assert set(decoded.said) == set(TextsCodec().encode(decoded.value)) == set(terms)

    def test_one_word(self) -> None:
        """One term alone is told fast."""
        assert TextsCodec().exact(['"tap"@en']) == {"en": ["tap"]}
        assert TextsCodec().exact(["_:b"]) is None

    def test_no_word(self) -> None:
        """What isn't a text is left, beside what is."""
        assert TextsCodec().decode(['"tap"@en', "_:b"]) == ({"en": ["tap"]}, ['"tap"@en'], True, ["_:b"], ())
        assert TextsCodec().decode(["_:b"]) == (None, (), True, ["_:b"], ())
        assert TextsCodec().decode([]).value is None

    @pytest.mark.parametrize("value", [None, ["tap"], {"en": "tap"}, {"en": [5]}])
    def test_nothing_to_say(self, value: Any) -> None:
        """Only lists of texts by language say something."""
        assert list(TextsCodec().encode(value)) == []
