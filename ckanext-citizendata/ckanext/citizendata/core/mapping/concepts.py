"""Codes of a vocabulary and their terms of RDF, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ckanext.citizendata.core.mapping.codec import NOTHING, Decoded
from ckanext.citizendata.core.tokens import Token, iri_token, literal_token, value_of
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["ConceptCodec"]


class ConceptCodec:
    """["KEN"] <-> <…/country/KEN>: only concepts of one vocabulary are read, so that fields may share a predicate.

    Where `absence_speaks`, a concept that isn't written in RDF (the `unknown` of the EU's lists) is what absence reads
    as.
    """

    fault = "unknown_code"

    def __init__(self, vocabulary: Vocabulary, *, many: bool, otherwise_literal: bool, absence_speaks: bool) -> None:
        written = [concept for concept in vocabulary if concept.written]
        self._vocabulary = vocabulary
        self._many = many
        self._otherwise_literal = otherwise_literal
        self._tokens = {concept.code: term for concept in written if (term := iri_token(concept.iri))}
        self._codes = {term: code for code, term in self._tokens.items()}
        self.single = None if many or otherwise_literal else self._codes.get
        self._order = {concept.code: place for place, concept in enumerate(vocabulary)}
        silent = next((concept.code for concept in vocabulary if not concept.written), None)
        self._absent = NOTHING if silent is None or not absence_speaks else Decoded([silent] if many else silent)

    @property
    def terms(self) -> frozenset[Token]:
        """The terms that are written for codes of the list."""
        return frozenset(self._codes)

    def code_of(self, term: Token) -> str | None:
        """The code that exactly this term is written for."""
        return self._codes.get(term)

    def encode(self, value: Any) -> Sequence[Token]:
        if isinstance(value, str) and (known := self._tokens.get(value)) is not None:
            return (known,)
        codes = value if isinstance(value, (list, tuple)) else (value,)
        try:
            return list(map(self._tokens.__getitem__, codes))
        except (KeyError, TypeError):
            pass  # Not all of them are codes that we write.
        return [term for code in codes if isinstance(code, str) and (term := self._term(code)) is not None]

    def exact(self, terms: Sequence[Token]) -> Any:
        if len(terms) == 1:
            code = self._codes.get(terms[0])
            if code is None and self._otherwise_literal and terms[0][0] == '"':
                decoded = self.decode(terms)
                return decoded.value if decoded.said else None
            return [code] if self._many and code is not None else code
        if not self._many or not self._codes.keys() >= set(terms):
            return None
        return sorted((self._codes[term] for term in terms), key=self._order.__getitem__)

    def decode(self, terms: Sequence[Token]) -> Decoded:
        return self._of_several(terms) if terms else self._absent

    def _of_several(self, terms: Sequence[Token]) -> Decoded:
        exact: dict[str, Token] = {}
        like: dict[str, Token] = {}
        left: list[Token] = []
        for term in terms:
            code = self._codes.get(term)
            if code is None and (code := self._similar(term)) is None:
                left.append(term)
            elif self._term(code) == term:
                exact[code] = term
            else:
                like[code] = term
        if not exact and not like:
            return self._absent._replace(left=left) if left else self._absent
        found = sorted({*exact, *like}, key=lambda code: (self._order.get(code, len(self._order)), code))
        chosen = found if self._many else found[:1]
        said = [exact[code] for code in chosen if code in exact and code not in like]
        spare = [(exact | like)[code] for code in found if code not in chosen]
        return Decoded(found if self._many else found[0], said, len(said) == len(chosen), left, spare)

    def rank(self, value: Any) -> str:
        codes = value if isinstance(value, (list, tuple)) else (value,)
        return " ".join(f"{self._order.get(code, len(self._order)):06}{code}" for code in codes)

    def _term(self, code: str) -> Token | None:
        term = self._tokens.get(code)
        if term is None and self._otherwise_literal and code and code not in self._order:
            return literal_token(code)
        return term

    def _similar(self, term: Token) -> str | None:
        """The code of a term that isn't the one we write: an IRI declared to be the same, a code as text."""
        if term[0] == "_":
            return None
        value = value_of(term)
        concept = self._vocabulary.by_iri(value) if term[0] == "<" else self._vocabulary.by_code(value)
        if concept is not None:
            return concept.code
        return (self._capital(value) or None) if self._otherwise_literal and term[0] == '"' else None

    def _capital(self, text: str) -> str:
        """The code that a text means but for its case (csv), else the text."""
        return text.upper() if text.upper() in self._order else text
