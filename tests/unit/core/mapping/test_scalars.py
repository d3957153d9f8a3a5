from __future__ import annotations

from typing import Any

import pytest

from ckanext.citizendata.core.mapping.codec import Codec
from ckanext.citizendata.core.mapping.scalars import SeveralCodec, date_codec, iri_codec, literal_codec, number_codec
from ckanext.citizendata.core.terms import XSD
from ckanext.citizendata.core.tokens import token

INTEGER = token(XSD.nonNegativeInteger)
DECIMAL = token(XSD.decimal)
YEAR, MONTH, DAY = (f"^^{token(XSD[name])}" for name in ("gYear", "gYearMonth", "date"))


class TestScalars:
    @pytest.mark.parametrize(
        ("codec", "value", "term"),
        [
            (literal_codec(None), "Office", '"Office"'),
            (literal_codec(INTEGER), "5", f'"5"^^{INTEGER}'),
            (date_codec(), "2023", f'"2023"{YEAR}'),
            (date_codec(), "2023-04", f'"2023-04"{MONTH}'),
            (date_codec(), "2023-04-15", f'"2023-04-15"{DAY}'),
            (number_codec(INTEGER), 463, f'"463"^^{INTEGER}'),
            (number_codec(INTEGER), 0, f'"0"^^{INTEGER}'),
            (number_codec(DECIMAL), 92.6, f'"92.6"^^{DECIMAL}'),
            (number_codec(DECIMAL), 30, f'"30.0"^^{DECIMAL}'),
            (number_codec(DECIMAL), 0.0000001, f'"0.0000001"^^{DECIMAL}'),
            (iri_codec(""), "https://a.example/ü", "<https://a.example/ü>"),
            (iri_codec("mailto:"), "a@b.example", "<mailto:a@b.example>"),
        ],
    )
    def test_both_ways(self, codec: Codec, value: Any, term: str) -> None:
        """A value is one term and the term that value."""
        assert list(codec.encode(value)) == [term]
        assert codec.decode([term]) == (value, [term], True, (), ())
        assert codec.exact([term]) == value
        assert type(codec.exact([term])) is type(value)

    @pytest.mark.parametrize(
        ("codec", "term", "value"),
        [
            (literal_codec(None), '"Amt"@de', "Amt"),
            (literal_codec(None), f'"5"^^{INTEGER}', "5"),
            (date_codec(), f'"2020-01-01T00:00:00"^^{token(XSD.dateTime)}', "2020-01-01"),
            (date_codec(), f'"2020-01-01Z"{DAY}', "2020-01-01"),
            (date_codec(), '"2020"', "2020"),
            (number_codec(INTEGER), '"463"', 463),
            (number_codec(INTEGER), f'"0463"^^{INTEGER}', 463),
            (number_codec(INTEGER), f'"463"^^{token(XSD.integer)}', 463),
            (number_codec(INTEGER), f'"463.0"^^{DECIMAL}', 463),
            (number_codec(DECIMAL), f'"30"^^{DECIMAL}', 30),
            (number_codec(DECIMAL), f'"9.26E1"^^{token(XSD.double)}', 92.6),
            (iri_codec("mailto:"), '"a@b.example"', "a@b.example"),
            (iri_codec("mailto:"), "<MAILTO:a@b.example>", "a@b.example"),
        ],
    )
    def test_understood_but_not_claimed(self, codec: Codec, term: str, value: Any) -> None:
        """What others write differently is shown; writing would give another term, so that it isn't claimed."""
        decoded = codec.decode([term])
        assert (decoded.value, decoded.said, decoded.exact) == (value, (), False)
        assert codec.exact([term]) is None

    @pytest.mark.parametrize(
        ("codec", "term"),
        [
            (date_codec(), '"spring"'),
            (date_codec(), "_:b"),
            (number_codec(INTEGER), '"many"'),
            (number_codec(INTEGER), '"4.5"'),
            (number_codec(DECIMAL), '"NaN"'),
            (number_codec(DECIMAL), "<https://a.example>"),
            (iri_codec("mailto:"), "<https://a.example>"),
            (iri_codec(""), "_:b"),
            (literal_codec(None), "<https://a.example>"),
        ],
    )
    def test_left(self, codec: Codec, term: str) -> None:
        """What can't be read is named as left."""
        assert codec.decode([term]) == (None, (), True, [term], ())
        assert codec.exact([term]) is None

    def test_what_we_would_write_wins(self) -> None:
        """Of several values the one that we would write ourselves is shown; the other is spare."""
        plain, tagged = '"Z"', '"A"@en'
        assert literal_codec(None).decode([tagged, plain]) == ("Z", (plain,), True, [], [tagged])

    def test_one_value_said_twice(self) -> None:
        """Where a record says a value in two ways, neither is claimed: writing would drop one."""
        plain, tagged = '"A"', '"A"@en'
        assert literal_codec(None).decode([tagged, plain]) == ("A", (), False, [], [tagged])

    @pytest.mark.parametrize("value", [None, "", [], {}, ["a"], "a b"])
    def test_nothing_to_say(self, value: Any) -> None:
        """Empty values, values of another kind and malformed addresses say nothing."""
        assert list(iri_codec("").encode(value)) == []

    @pytest.mark.parametrize("value", [True, "x", "", None, float("nan"), float("inf"), 10**15, 4.5])
    def test_no_number(self, value: Any) -> None:
        """Truth, text, what has no end and, for whole numbers, what isn't whole says nothing."""
        assert list(number_codec(INTEGER).encode(value)) == []


class TestSeveralCodec:
    A, B = "<https://a.example/>", "<https://b.example/>"

    def test_both_ways(self) -> None:
        """A list is as many terms, in the order of letters."""
        codec = SeveralCodec(iri_codec(""))
        assert codec.encode(["https://b.example/", "https://a.example/"]) == [self.B, self.A]
        for terms in ([self.A, self.B], [self.B, self.A]):
            assert codec.decode(terms).value == ["https://a.example/", "https://b.example/"]
            assert (set(codec.decode(terms).said), codec.decode(terms).exact) == ({self.A, self.B}, True)
        assert codec.exact([self.A]) == ["https://a.example/"]

    def test_said_in_two_ways(self) -> None:
        """A value that is said by an address and a text is shown once and not claimed."""
        decoded = SeveralCodec(iri_codec("")).decode([self.A, '"https://a.example/"', self.B])
        assert (decoded.value, decoded.said) == (["https://a.example/", "https://b.example/"], [self.B])
        assert not decoded.exact

    def test_left(self) -> None:
        """What can't be read is named, beside what can."""
        codec = SeveralCodec(iri_codec(""))
        assert codec.decode(["_:b", self.A]).left == ["_:b"]
        assert (codec.decode(["_:b"]).value, codec.decode([]).value) == (None, None)
