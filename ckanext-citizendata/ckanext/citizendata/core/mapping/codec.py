"""One value and its terms of RDF, both ways: text by language, concept, literal, date, IRI."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode

from ckanext.citizendata.core.graph import Node
from ckanext.citizendata.core.lexical import canonical_tag, is_date, strange_character
from ckanext.citizendata.core.terms import XSD
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["NO_LANGUAGE", "Codec", "ConceptCodec", "Decoded", "TextCodec", "date_codec", "iri_codec", "literal_codec"]

# The key of a text without a language tag (BCP 47: undetermined); written as a plain literal, never as `@und`.
NO_LANGUAGE = "und"
STRING = XSD.string
DATE_TYPES: Mapping[int, NamedNode] = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}


class Decoded(NamedTuple):
    """What terms say.

    `said` are the terms that `encode(value)` gives again; `exact` says whether these are all that it gives; `left` are
    the terms that couldn't be read.
    """

    value: Any
    said: Sequence[Node] = ()
    exact: bool = True
    left: Sequence[Node] = ()


NOTHING = Decoded(None)


class Codec(Protocol):
    """Both directions of one kind of value; neither ever raises on odd input."""

    def encode(self, value: Any) -> list[Node]:
        """The terms of a value; what can't be said in RDF is left out."""
        ...

    def decode(self, terms: Sequence[Node]) -> Decoded:
        """The value of terms, in an order that doesn't depend on theirs; None where nothing could be read."""
        ...

    def rank(self, value: Any) -> str:
        """What to sort a value by: codes by their place in the list, all else by letter."""
        ...


class TextCodec:
    """{"en": "Water", "und": "Maji"} <-> "Water"@en, "Maji"; of two texts in one language the first by letter."""

    def encode(self, value: Any) -> list[Node]:
        if not isinstance(value, Mapping):
            return []
        return [term for tag, text in value.items() if (term := _text_term(tag, text)) is not None]

    def decode(self, terms: Sequence[Node]) -> Decoded:
        if not terms:
            return NOTHING
        texts: dict[str, Literal] = {}
        left: list[Node] = []
        for term in terms:
            tag = _tag(term)
            if tag is None or not isinstance(term, Literal):
                left.append(term)
            elif tag not in texts or term.value < texts[tag].value:
                texts[tag] = term
        if not texts:
            return Decoded(None, left=left)
        return Decoded({tag: texts[tag].value for tag in sorted(texts)}, list(texts.values()), left=left)

    def rank(self, value: Any) -> str:
        return repr(value)


def _text_term(tag: Any, text: Any) -> Literal | None:
    if not isinstance(text, str) or not text or strange_character(text):
        return None
    if tag == NO_LANGUAGE:
        return Literal(text)
    try:
        return Literal(text, language=tag)
    except (ValueError, TypeError):
        return None


def _tag(term: Node) -> str | None:
    """The key of a literal's language; None for what isn't a text, and for `@und`, which would be written plain."""
    if not isinstance(term, Literal) or not term.value or term.direction is not None or strange_character(term.value):
        return None
    if term.language is None:
        return NO_LANGUAGE if term.datatype == STRING else None
    tag = canonical_tag(term.language)
    return None if tag == NO_LANGUAGE else tag


class ConceptCodec:
    """["KEN"] <-> <…/country/KEN>: only concepts of one vocabulary are read, so that fields may share a predicate.

    A concept that isn't written in RDF (the `unknown` of the EU's lists) is what absence reads as.
    """

    def __init__(self, vocabulary: Vocabulary, *, many: bool, otherwise_literal: bool) -> None:
        written = [concept for concept in vocabulary if concept.written]
        self._vocabulary = vocabulary
        self._many = many
        self._otherwise_literal = otherwise_literal
        self._nodes = {concept.code: NamedNode(concept.iri) for concept in written}
        self._codes = {concept.iri: concept.code for concept in written}
        self._order = {concept.code: place for place, concept in enumerate(vocabulary)}
        silent = next((concept.code for concept in vocabulary if not concept.written), None)
        self._absent = NOTHING if silent is None else Decoded([silent] if many else silent)

    def encode(self, value: Any) -> list[Node]:
        codes = value if isinstance(value, (list, tuple)) else (value,)
        return [term for code in codes if isinstance(code, str) and (term := self._term(code)) is not None]

    def decode(self, terms: Sequence[Node]) -> Decoded:
        exact: dict[str, Node] = {}
        like: set[str] = set()
        left: list[Node] = []
        for term in terms:
            code = self._codes.get(term.value) if isinstance(term, NamedNode) else None
            if code is not None:
                exact[code] = term
            elif (code := self._similar(term)) is None:
                left.append(term)
            elif self._term(code) == term:
                exact[code] = term
            else:
                like.add(code)
        if not exact and not like:
            return self._absent._replace(left=left) if left else self._absent
        found = sorted({*exact, *like}, key=lambda code: (self._order.get(code, len(self._order)), code))
        chosen = found if self._many else found[:1]
        said = [exact[code] for code in chosen if code in exact and code not in like]
        return Decoded(found if self._many else found[0], said, len(said) == len(chosen), left)

    def rank(self, value: Any) -> str:
        codes = value if isinstance(value, (list, tuple)) else (value,)
        return " ".join(f"{self._order.get(code, len(self._order)):06}{code}" for code in codes)

    def _term(self, code: str) -> Node | None:
        node = self._nodes.get(code)
        if node is None and self._otherwise_literal and code and code not in self._order:
            return Literal(code)
        return node

    def _similar(self, term: Node) -> str | None:
        """The code of a term that isn't the one we write: an IRI declared to be the same, a code as text."""
        if isinstance(term, BlankNode):
            return None
        concept = (
            self._vocabulary.by_iri(term.value) if isinstance(term, NamedNode) else self._vocabulary.by_code(term.value)
        )
        if concept is not None:
            return concept.code
        if not self._otherwise_literal or not isinstance(term, Literal):
            return None
        return self._capital(term.value) or None

    def _capital(self, text: str) -> str:
        """The code that a text means but for its case (csv), else the text."""
        return text.upper() if text.upper() in self._order else text


class ScalarCodec:
    """One text <-> one term: `to_term` and `from_term` are total, None where there is nothing to say or read."""

    def __init__(self, to_term: Callable[[str], Node | None], from_term: Callable[[Node], str | None]) -> None:
        self._to_term = to_term
        self._from_term = from_term

    def encode(self, value: Any) -> list[Node]:
        if value is None or value == "" or isinstance(value, (list, tuple, Mapping)):
            return []
        term = self._to_term(str(value))
        return [] if term is None else [term]

    def decode(self, terms: Sequence[Node]) -> Decoded:
        if not terms:
            return NOTHING
        read = [(term, text) for term in terms if (text := self._from_term(term))]
        left = [term for term in terms if not self._from_term(term)] if len(read) < len(terms) else ()
        if not read:
            return Decoded(None, left=left)
        term, text = min(read, key=self._preference)
        said = self._to_term(text) == term and sum(1 for _, other in read if other == text) == 1
        return Decoded(text, [term] if said else (), said, left)

    def rank(self, value: Any) -> str:
        return str(value)

    def _preference(self, pair: tuple[Node, str]) -> tuple[bool, str, str]:
        """First what we would write ourselves, then by letter."""
        term, text = pair
        return self._to_term(text) != term, text, str(term)


def literal_codec(datatype: NamedNode | None) -> ScalarCodec:
    """Office <-> "Office", with the datatype where one is given."""

    def to_term(text: str) -> Node | None:
        if strange_character(text):
            return None
        return Literal(text) if datatype is None else Literal(text, datatype=datatype)

    return ScalarCodec(to_term, lambda term: term.value if isinstance(term, Literal) else None)


def date_codec() -> ScalarCodec:
    """2023-04 <-> "2023-04"^^xsd:gYearMonth: the datatype follows the length; of a date with time the day is read."""

    def to_term(text: str) -> Node | None:
        return Literal(text, datatype=DATE_TYPES[len(text)]) if is_date(text) else None

    def from_term(term: Node) -> str | None:
        if not isinstance(term, Literal):
            return None
        return next((part for part in (term.value, term.value[:10]) if is_date(part)), None)

    return ScalarCodec(to_term, from_term)


def iri_codec(scheme: str) -> ScalarCodec:
    """desk@example.org <-> <mailto:desk@example.org> with scheme `mailto:`; a literal is read too."""

    def to_term(text: str) -> Node | None:
        try:
            return NamedNode(scheme + text)
        except ValueError:
            return None

    def from_term(term: Node) -> str | None:
        if isinstance(term, BlankNode):
            return None
        has_scheme = term.value[: len(scheme)].lower() == scheme
        if not has_scheme and isinstance(term, NamedNode):
            return None
        return (term.value[len(scheme) :] if has_scheme else term.value.strip()) or None

    return ScalarCodec(to_term, from_term)
