"""Single values and their terms of RDF, both ways: literal, number, date, IRI; and lists of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from ckanext.citizendata.core.lexical import is_date, strange_character
from ckanext.citizendata.core.mapping.codec import NOTHING, Decoded
from ckanext.citizendata.core.terms import XSD
from ckanext.citizendata.core.tokens import Token, iri_token, lexical, literal_token, token, value_of
from ckanext.citizendata.core.tokens import typed_token as typed

__all__ = ["ScalarCodec", "SeveralCodec", "date_codec", "iri_codec", "literal_codec", "number_codec"]

DATE_TYPES: Mapping[int, Token] = {4: token(XSD.gYear), 7: token(XSD.gYearMonth), 10: token(XSD.date)}
# Beyond these a number is none of a description, and a float no longer exact.
MOST = 10**15
INTEGERS = frozenset(token(XSD[name]) for name in ("integer", "nonNegativeInteger", "positiveInteger", "int", "long"))


class ScalarCodec:
    """One value <-> one term: `to_term` and `from_term` are total, None where there is nothing to say or read."""

    def __init__(self, to_term: Callable[[Any], Token | None], from_term: Callable[[Token], Any], fault: str) -> None:
        self._to_term = to_term
        self._from_term = from_term
        self.fault = fault

    def encode(self, value: Any) -> Sequence[Token]:
        if not isinstance(value, (str, int, float)) or value == "":
            return ()
        term = self._to_term(value)
        return () if term is None else (term,)

    def exact(self, term: Token) -> Any:
        value = self._from_term(term)
        return value if value is not None and self._to_term(value) == term else None

    def decode(self, terms: Sequence[Token]) -> Decoded:
        if len(terms) == 1:
            value = self._from_term(terms[0])
            if value is None:
                return Decoded(None, left=terms)
            exact = self._to_term(value) == terms[0]
            return Decoded(value, terms if exact else (), exact)
        return self._of_several(terms) if terms else NOTHING

    def rank(self, value: Any) -> str:
        return str(value)

    def _of_several(self, terms: Sequence[Token]) -> Decoded:
        read = [(term, value) for term in terms if (value := self._from_term(term)) is not None]
        left = [term for term in terms if self._from_term(term) is None]
        if not read:
            return Decoded(None, left=left)
        term, value = min(read, key=self._preference)
        said = self._to_term(value) == term and sum(1 for _, other in read if other == value) == 1
        return Decoded(value, (term,) if said else (), said, left, [other for other, _ in read if other != term])

    def _preference(self, pair: tuple[Token, Any]) -> tuple[bool, str, str]:
        """First what we would write ourselves, then by letter."""
        term, value = pair
        return self._to_term(value) != term, str(value), term


class SeveralCodec:
    """A list of values <-> as many terms, in alphabetical order: ["https://a.example/"] <-> <https://a.example/>."""

    def __init__(self, one: ScalarCodec) -> None:
        self._one = one
        self.fault = one.fault

    def encode(self, value: Any) -> Sequence[Token]:
        values = value if isinstance(value, (list, tuple)) else (value,)
        return [term for each in values for term in self._one.encode(each)]

    def exact(self, term: Token) -> Any:
        value = self._one.exact(term)
        return None if value is None else [value]

    def decode(self, terms: Sequence[Token]) -> Decoded:
        by_value: dict[Any, list[Token]] = {}
        left: list[Token] = []
        for term in terms:
            read = self._one.decode((term,)).value
            if read is None:
                left.append(term)
            else:
                by_value.setdefault(read, []).append(term)
        if not by_value:
            return Decoded(None, left=left) if left else NOTHING
        values = sorted(by_value)
        said = [same[0] for value in values if [*self._one.encode(value)] == (same := by_value[value])]
        return Decoded(values, said, len(said) == len(values), left)

    def rank(self, value: Any) -> str:
        return repr(value)


class _LiteralCodec(ScalarCodec):
    """A text whose term is known by what stands behind it, since every token is canonical."""

    def __init__(self, datatype: Token | None) -> None:
        self._behind = f"^^{datatype}" if datatype else ""
        super().__init__(self._write, self._read, "no_text")

    def exact(self, term: Token) -> Any:
        if term[0] != '"':
            return None
        text, behind = lexical(term)
        return text if text and behind == self._behind and strange_character(text) is None else None

    def _write(self, value: Any) -> Token | None:
        text = str(value)
        plain = None if strange_character(text) else literal_token(text)
        return None if plain is None else plain + self._behind

    def _read(self, term: Token) -> str | None:
        return (lexical(term)[0] or None) if term[0] == '"' else None


def literal_codec(datatype: Token | None) -> ScalarCodec:
    """Office <-> "Office", with the datatype where one is given."""
    return _LiteralCodec(datatype)


def number_codec(datatype: Token) -> ScalarCodec:
    """463 <-> "463"^^xsd:nonNegativeInteger, 30 <-> "30.0"^^xsd:decimal; integers stay integers.

    A decimal has its point, as XML Schema 1.0 wants it in canonical form and as Turtle must write it.
    """
    whole = datatype in INTEGERS

    def to_term(value: Any) -> Token | None:
        number = _number(value, whole)
        return None if number is None else typed(_digits(number, whole), datatype)

    def from_term(term: Token) -> int | float | None:
        return _number(lexical(term)[0], whole) if term[0] == '"' else None

    return ScalarCodec(to_term, from_term, "no_number")


def _number(value: Any, whole: bool) -> int | float | None:
    # What nearly every number is, told fast.
    if type(value) is int and abs(value) < MOST:
        return value
    try:
        exact = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if isinstance(value, bool) or not exact.is_finite() or abs(exact) >= MOST:
        return None
    if exact == exact.to_integral_value():
        return int(exact)
    return None if whole else float(exact)


def _digits(number: float, whole: bool) -> str:
    if isinstance(number, int):
        return str(number) if whole else f"{number}.0"
    return format(Decimal(repr(number)), "f")


def date_codec() -> ScalarCodec:
    """2023-04 <-> "2023-04"^^xsd:gYearMonth: the datatype follows the length; of a date with time the day is read."""

    def to_term(value: Any) -> Token | None:
        return f'"{value}"^^{DATE_TYPES[len(value)]}' if isinstance(value, str) and is_date(value) else None

    def from_term(term: Token) -> str | None:
        if term[0] != '"':
            return None
        text = lexical(term)[0]
        return next((part for part in (text, text[:10]) if is_date(part)), None)

    return ScalarCodec(to_term, from_term, "no_date")


def iri_codec(scheme: str) -> ScalarCodec:
    """desk@example.org <-> <mailto:desk@example.org> with scheme `mailto:`; a literal is read too."""

    def to_term(value: Any) -> Token | None:
        return iri_token(f"{scheme}{value}")

    def from_term(term: Token) -> str | None:
        if term[0] == "_":
            return None
        value = value_of(term)
        has_scheme = value[: len(scheme)].lower() == scheme.lower()
        if not has_scheme and term[0] == "<":
            return None
        return (value[len(scheme) :] if has_scheme else value.strip()) or None

    return ScalarCodec(to_term, from_term, "no_address")
