"""Values and their terms of RDF, both ways: what every codec does, and texts by language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from ckanext.citizendata.core.lexical import canonical_tag, strange_character
from ckanext.citizendata.core.tokens import Token, lexical, literal_token, suffix, value_of

__all__ = ["NOTHING", "NO_LANGUAGE", "Codec", "Decoded", "TextCodec", "TextsCodec", "text_term"]

# The key of a text without a language tag (BCP 47: undetermined); written as a plain literal, never as `@und`.
NO_LANGUAGE = "und"


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
