"""Values and their terms of RDF, both ways: what every codec does, and texts by language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from ckanext.citizendata.core.lexical import canonical_tag, strange_character
from ckanext.citizendata.core.tokens import Token, is_literal, lexical, literal_token, suffix, value_of

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

    @property
    def single(self) -> Callable[[Token], Any] | None:
        """What is `exact` for the one term that makes a value; None where several may make one."""
        ...

    def encode(self, value: Any) -> Sequence[Token]:
        """The terms of a value; what can't be said in RDF is left out."""
        ...

    def exact(self, terms: Sequence[Token]) -> Any:
        """The value that `encode` gives just these terms for; None for all others: what nearly every value is.

        It decodes faster than `decode`, and alike.
        """
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
    single = None

    def encode(self, value: Any) -> Sequence[Token]:
        if not isinstance(value, (dict, Mapping)):
            return ()
        terms: list[Token] = []
        for tag, text in value.items():
            term = text_term(tag, text)
            if term is not None:
                terms.append(term)
        return terms

    def exact(self, terms: Sequence[Token]) -> Any:
        texts: dict[str, str] = {}
        for term in terms:
            read = read_text(term)
            if read is None:
                return None
            texts[read[0]] = read[1]
        if len(texts) < len(terms):
            return None
        return texts if len(texts) == 1 else dict(sorted(texts.items()))

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
    single = None

    def encode(self, value: Any) -> Sequence[Token]:
        if not isinstance(value, Mapping):
            return ()
        pairs = ((tag, text) for tag, texts in value.items() if isinstance(texts, (list, tuple)) for text in texts)
        return [term for tag, text in pairs if (term := text_term(tag, text)) is not None]

    def exact(self, terms: Sequence[Token]) -> Any:
        decoded = self.decode(terms)
        return None if decoded.left else decoded.value

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
    if not isinstance(text, str) or not text or not isinstance(tag, str):
        return None
    behind = _suffix(tag)
    if behind is None:
        return None
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"{behind}'
    plain = None if strange_character(text) else literal_token(text)
    return None if plain is None else plain + behind


def read_text(term: Token) -> tuple[str, str] | None:
    """Language and text of a term; None for what isn't a text, and for `@und`, which would be written plain."""
    parts = term.split('"')
    if len(parts) == 3 and "\\" not in term and parts[1].isprintable():
        _, text, behind = parts
    else:
        # No literal, or a text that is told with more care.
        text, behind = lexical(term) if is_literal(term) else ("", "")
        if strange_character(text):
            return None
    tag = _tag_behind(behind) if text else None
    return None if tag is None else (tag, text)


@lru_cache(maxsize=4096)
def _suffix(tag: str) -> str | None:
    """What stands behind a text in this language, nothing without one; None for a tag that can't be written."""
    return "" if tag == NO_LANGUAGE else suffix(tag)


@lru_cache(maxsize=4096)
def _tag_behind(suffix: str) -> str | None:
    """@zh-hant gives zh-Hant; None for a datatype, a direction and `@und`."""
    if not suffix:
        return NO_LANGUAGE
    if suffix[0] != "@" or "--" in suffix or suffix == "@und":
        return None
    return canonical_tag(suffix[1:])
