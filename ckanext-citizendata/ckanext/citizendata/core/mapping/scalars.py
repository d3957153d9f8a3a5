"""Single values and their terms of RDF, both ways: literal, number, date, IRI; and lists of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from ckanext.citizendata.core.lexical import is_date, strange_character
from ckanext.citizendata.core.mapping.codec import NOTHING, Decoded
from ckanext.citizendata.core.terms import XSD
from ckanext.citizendata.core.tokens import (
    Token,
    iri_token,
    is_unescaped,
    lexical,
    literal_token,
    token,
    value_of,
    written_iri,
)
from ckanext.citizendata.core.tokens import typed_token as typed

__all__ = ["ScalarCodec", "SeveralCodec", "date_codec", "iri_codec", "literal_codec", "number_codec"]

# By the length of the date.
DATE_SUFFIXES: Mapping[int, str] = {
    length: f"^^{token(datatype)}" for length, datatype in ((4, XSD.gYear), (7, XSD.gYearMonth), (10, XSD.date))
}
# Beyond these a number is none of a description, and a float no longer exact.
DIGITS = 15
MOST = 10**DIGITS
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

    def exact(self, terms: Sequence[Token]) -> Any:
        return self.single(terms[0]) if len(terms) == 1 else None

    def single(self, term: Token) -> Any:
        """The value that `encode` gives just this term for; None for all other terms."""
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

    single = None

    def __init__(self, one: ScalarCodec) -> None:
        self._one = one
        self.fault = one.fault

    def encode(self, value: Any) -> Sequence[Token]:
        values = value if isinstance(value, (list, tuple)) else (value,)
        return [term for each in values for term in self._one.encode(each)]

    def exact(self, terms: Sequence[Token]) -> Any:
        values = [value for term in terms if (value := self._one.single(term)) is not None]
        # Two terms of one value are no list of ours.
        return sorted(values) if len(set(values)) == len(terms) else None

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

    def encode(self, value: Any) -> Sequence[Token]:
        if isinstance(value, str) and value and is_unescaped(value):
            return (f'"{value}"{self._behind}',)
        return super().encode(value)

    def single(self, term: Token) -> Any:
        parts = term.split('"')
        if len(parts) == 3 and parts[2] == self._behind and "\\" not in term and parts[1].isprintable():
            return parts[1] or None
        return super().single(term)

    def _write(self, value: Any) -> Token | None:
        text = str(value)
        plain = None if strange_character(text) else literal_token(text)
        return None if plain is None else plain + self._behind

    def _read(self, term: Token) -> str | None:
        return (lexical(term)[0] or None) if term[0] == '"' else None


def literal_codec(datatype: Token | None) -> ScalarCodec:
    """Office <-> "Office", with the datatype where one is given."""
    return _LiteralCodec(datatype)


class _NumberCodec(ScalarCodec):
    """Integers are told by their digits."""

    def __init__(self, datatype: Token) -> None:
        self._datatype = datatype
        self._behind = f"^^{datatype}"
        self._is_whole = datatype in INTEGERS
        super().__init__(self._write, self._read, "no_number")

    def encode(self, value: Any) -> Sequence[Token]:
        # What nearly every number is, told fast.
        if type(value) is int and self._is_whole and -MOST < value < MOST:
            return (f'"{value}"{self._behind}',)
        return super().encode(value)

    def single(self, term: Token) -> Any:
        end = term.find('"', 1)
        if term[end + 1 :] != self._behind:
            return None
        number = (_whole if self._is_whole else _decimal)(term[1:end])
        return super().single(term) if number is None else number

    def _write(self, value: Any) -> Token | None:
        number = _number(value, self._is_whole)
        return None if number is None else typed(_digits(number, self._is_whole), self._datatype)

    def _read(self, term: Token) -> int | float | None:
        return _number(lexical(term)[0], self._is_whole) if term[0] == '"' else None


def number_codec(datatype: Token) -> ScalarCodec:
    """463 <-> "463"^^xsd:nonNegativeInteger, 30 <-> "30.0"^^xsd:decimal; integers stay integers.

    A decimal has its point, as XML Schema 1.0 wants it in canonical form and as Turtle must write it.
    """
    return _NumberCodec(datatype)


def _whole(digits: str) -> int | None:
    """The number that is written with just these digits, if it is a usual one."""
    number = int(digits) if len(digits) < DIGITS and digits.isdecimal() else None
    return number if str(number) == digits else None


def _decimal(digits: str) -> int | float | None:
    try:
        number = float(digits)
    except ValueError:
        return None
    if repr(number) != digits or not -MOST < number < MOST or "e" in digits:
        return None
    return _whole(digits[:-2]) if number.is_integer() else number


def _number(value: Any, whole: bool) -> int | float | None:
    # What nearly every number is, told fast.
    if type(value) is int and -MOST < value < MOST:
        return value
    if type(value) is float and not whole and -MOST < value < MOST and not value.is_integer():
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


class _DateCodec(ScalarCodec):
    """A date as written has the datatype of its length."""

    def __init__(self) -> None:
        super().__init__(self._write, self._read, "no_date")

    def encode(self, value: Any) -> Sequence[Token]:
        is_told = isinstance(value, str) and len(value) in DATE_SUFFIXES and _is_day(value)
        return (f'"{value}"{DATE_SUFFIXES[len(value)]}',) if is_told else ()

    def single(self, term: Token) -> Any:
        end = term.find('"', 1)
        text = term[1:end]
        return text if term[end + 1 :] == DATE_SUFFIXES.get(end - 1) and _is_day(text) else None

    def _write(self, value: Any) -> Token | None:
        return f'"{value}"{DATE_SUFFIXES[len(value)]}' if isinstance(value, str) and is_date(value) else None

    def _read(self, term: Token) -> str | None:
        if term[0] != '"':
            return None
        text = lexical(term)[0]
        return next((part for part in (text, text[:10]) if is_date(part)), None)


# The days of a catalogue are said again and again.
_is_day = lru_cache(maxsize=4096)(is_date)


def date_codec() -> ScalarCodec:
    """2023-04 <-> "2023-04"^^xsd:gYearMonth: the datatype follows the length; of a date with time the day is read."""
    return _DateCodec()


class _IriCodec(ScalarCodec):
    """An address is what stands behind its scheme."""

    def __init__(self, scheme: str) -> None:
        self._scheme = scheme
        self._start = f"<{scheme}"
        super().__init__(self._write, self._read, "no_address")

    def single(self, term: Token) -> Any:
        value = term[len(self._start) : -1]
        return value if value and term.startswith(self._start) and written_iri(term) else None

    def _write(self, value: Any) -> Token | None:
        return iri_token(f"{self._scheme}{value}")

    def _read(self, term: Token) -> str | None:
        if term[0] == "_":
            return None
        value = value_of(term)
        has_scheme = value[: len(self._scheme)].lower() == self._scheme.lower()
        if not has_scheme and term[0] == "<":
            return None
        return (value[len(self._scheme) :] if has_scheme else value.strip()) or None


def iri_codec(scheme: str) -> ScalarCodec:
    """desk@example.org <-> <mailto:desk@example.org> with scheme `mailto:`; a literal is read too."""
    return _IriCodec(scheme)
