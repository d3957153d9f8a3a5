"""One value and its terms of RDF, both ways: text by language, concept, literal, number, date, IRI."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, Protocol

from ckanext.citizendata.core.lexical import canonical_tag, is_date, strange_character
from ckanext.citizendata.core.terms import XSD
from ckanext.citizendata.core.tokens import Token, iri_token, lexical, literal_token, suffix, token, value_of
from ckanext.citizendata.core.tokens import typed_token as typed

__all__ = [
    "NO_LANGUAGE",
    "Codec",
    "Decoded",
    "ScalarCodec",
    "SeveralCodec",
    "TextCodec",
    "TextsCodec",
    "date_codec",
    "iri_codec",
    "literal_codec",
    "number_codec",
]

# The key of a text without a language tag (BCP 47: undetermined); written as a plain literal, never as `@und`.
NO_LANGUAGE = "und"
DATE_TYPES: Mapping[int, Token] = {4: token(XSD.gYear), 7: token(XSD.gYearMonth), 10: token(XSD.date)}
INTEGERS = frozenset(token(XSD[name]) for name in ("integer", "nonNegativeInteger", "positiveInteger", "int", "long"))


class Decoded(NamedTuple):
    """What terms say.

    `said` are the terms that `encode(value)` gives again; `exact` says whether these are all that it gives; `left` are
    the terms that couldn't be read, `spare` those that could, where there is room for fewer.
    """

    value: Any
    said: Sequence[Token] = ()
    exact: bool = True
    left: Sequence[Token] = ()
    spare: Sequence[Token] = ()


NOTHING = Decoded(None)


class Codec(Protocol):
    """Both directions of one kind of value; neither ever raises on odd input.

    `fault` is the code of the problem that a term is which can't be read.
    """

    fault: str

    def encode(self, value: Any) -> Sequence[Token]:
        """The terms of a value; what can't be said in RDF is left out."""
        ...

    def exact(self, term: Token) -> Any:
        """The value of one term that `encode` gives again; None for any other: what nearly every term is, told fast."""
        ...

    def decode(self, terms: Sequence[Token]) -> Decoded:
        """The value of terms, in an order that doesn't depend on theirs; None where nothing could be read."""
        ...

    def rank(self, value: Any) -> str:
        """What to sort a value by: codes by their place in the list, all else by letter."""
        ...


class TextCodec:
    """{"en": "Water", "und": "Maji"} <-> "Water"@en, "Maji"; of two texts in one language the first by letter."""

    fault = "no_text"

    def encode(self, value: Any) -> Sequence[Token]:
        if not isinstance(value, Mapping):
            return ()
        return [term for tag, text in value.items() if (term := text_term(tag, text)) is not None]

    def exact(self, term: Token) -> Any:
        read = read_text(term)
        return None if read is None else {read[0]: read[1]}

    def decode(self, terms: Sequence[Token]) -> Decoded:
        texts: dict[str, tuple[str, Token]] = {}
        left: list[Token] = []
        spare: list[Token] = []
        for term in terms:
            read = read_text(term)
            if read is None:
                left.append(term)
                continue
            tag, text = read
            if tag in texts:
                spare.append(max(term, texts[tag][1], key=value_of))
            if tag not in texts or text < texts[tag][0]:
                texts[tag] = (text, term)
        if not texts:
            return Decoded(None, left=left) if left else NOTHING
        return Decoded(
            {tag: texts[tag][0] for tag in sorted(texts)}, [t for _, t in texts.values()], not spare, left, spare
        )

    def rank(self, value: Any) -> str:
        return repr(value)


class TextsCodec:
    """{"en": ["queue", "tap"]} <-> "queue"@en, "tap"@en, in alphabetical order."""

    fault = "no_text"

    def encode(self, value: Any) -> Sequence[Token]:
        if not isinstance(value, Mapping):
            return ()
        pairs = ((tag, text) for tag, texts in value.items() if isinstance(texts, (list, tuple)) for text in texts)
        return [term for tag, text in pairs if (term := text_term(tag, text)) is not None]

    def exact(self, term: Token) -> Any:
        read = read_text(term)
        return None if read is None else {read[0]: [read[1]]}

    def decode(self, terms: Sequence[Token]) -> Decoded:
        texts: dict[str, list[str]] = {}
        said: list[Token] = []
        left: list[Token] = []
        for term in terms:
            read = read_text(term)
            if read is None:
                left.append(term)
            else:
                texts.setdefault(read[0], []).append(read[1])
                said.append(term)
        if not texts:
            return Decoded(None, left=left) if left else NOTHING
        return Decoded({tag: sorted(texts[tag]) for tag in sorted(texts)}, said, left=left)

    def rank(self, value: Any) -> str:
        return repr(value)


def text_term(tag: Any, text: Any) -> Token | None:
    """The term of a text in a language; None for what can't be said in every serialisation."""
    if not isinstance(text, str) or not text or not isinstance(tag, str) or strange_character(text):
        return None
    plain = literal_token(text)
    behind = "" if tag == NO_LANGUAGE else suffix(tag)
    return None if plain is None or behind is None else plain + behind


def read_text(term: Token) -> tuple[str, str] | None:
    """Language and text of a term; None for what isn't a text, and for `@und`, which would be written plain."""
    if term[0] != '"':
        return None
    text, behind = lexical(term)
    if not text or strange_character(text):
        return None
    if not behind:
        return NO_LANGUAGE, text
    if behind[0] != "@" or "--" in behind or behind == "@und":
        return None
    return canonical_tag(behind[1:]), text


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
    try:
        exact = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if isinstance(value, bool) or not exact.is_finite() or abs(exact) >= 10**15:
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
