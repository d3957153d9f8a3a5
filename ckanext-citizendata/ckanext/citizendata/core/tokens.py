"""Terms as N-Triples writes them: `<https://example.org/a>`, `_:c0`, `"Water"@en`.

The mapping works on these texts instead of on objects: they are what the database holds, they compare and hash as
fast as anything in Python, and a code has its token before the first record is written. All are canonical
(https://www.w3.org/TR/n-triples/#canonical-ntriples, language tags in lower case), as `graph.ntriples_from_graph`
writes them, so that equal terms are equal texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import compress, repeat
from operator import ne
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

__all__ = [
    "Line",
    "Token",
    "iri_token",
    "is_blank",
    "is_iri",
    "is_literal",
    "is_unescaped",
    "lexical",
    "lines_of",
    "literal_token",
    "split_lines",
    "suffix",
    "text_of",
    "text_of_written",
    "token",
    "token_of_subject",
    "typed_token",
    "value_of",
    "written_iri",
]

Token: TypeAlias = str
# One statement: subject, predicate, object.
Line: TypeAlias = tuple[Token, Token, Token]

# What N-Triples escapes in a literal, and what no literal may hold.
SPECIAL = re.compile('["\\\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]')
ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf"\'\\]))')
# What may not stand in an IRI of N-Triples (IRIREF).
BREAKERS = re.compile(r'[\x00-\x20<>"{}|^`\\]')
LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def lines_of(text: str) -> list[Line]:
    """The statements of canonical N-Triples, as (subject, predicate, object)."""
    return list(map(tuple, split_lines(text)))  # type: ignore[arg-type]


def split_lines(text: str) -> Iterable[list[Token]]:
    """The subject, predicate and object of each statement of canonical N-Triples."""
    # No literal holds a line break, and no IRI a blank: N-Triples escapes both. Behind the last statement is nothing.
    return map(str.split, text.split(" .\n")[:-1], repeat(" "), repeat(2))


def text_of(lines: Iterable[Line]) -> str:
    """Canonical N-Triples of the statements: each once, sorted."""
    return text_of_written([f"{line[0]} {line[1]} {line[2]} .\n" for line in lines])


def text_of_written(lines: Iterable[str]) -> str:
    """Canonical N-Triples of statements that are written already."""
    # Once sorted, a line that was written twice stands before itself: told faster than by a set of long texts.
    ordered = sorted(lines)
    return "".join(compress(ordered, map(ne, ordered, [*ordered[1:], ""])))


def token(node: NamedNode) -> Token:
    """The token of a node that is known to be well-formed."""
    return f"<{node.value}>"


def iri_token(iri: str) -> Token | None:
    """<https://example.org/a>, or None for a text that is no absolute IRI."""
    try:
        return f"<{NamedNode(iri).value}>"
    except ValueError:
        return None


def written_iri(term: Token) -> str | None:
    """The IRI that just this token is written for; None for one that only lenient parsers read."""
    iri = term[1:-1]
    try:
        NamedNode(iri)
    except ValueError:
        return None
    return iri


def token_of_subject(iri: str) -> Token:
    """The token that a record's subject has in its fragment, also for an IRI that only lenient parsers read."""
    return f"<{BREAKERS.sub(lambda found: f'{chr(92)}u{ord(found[0]):04X}', iri)}>"


def literal_token(text: str) -> Token | None:
    """The token of a plain literal, or None for a text that holds a lone surrogate."""
    if is_unescaped(text) or not SPECIAL.search(text):
        return f'"{text}"'
    try:
        return str(Literal(text))
    except ValueError:
        return None


def is_unescaped(text: str) -> bool:
    """Whether a text is written as it is, in every serialisation; True for nearly every text, False for some others."""
    return text.isprintable() and '"' not in text and "\\" not in text


def typed_token(text: str, datatype: Token) -> Token | None:
    """The token of a literal with a datatype (a token too)."""
    plain = literal_token(text)
    return None if plain is None else f"{plain}^^{datatype}"


@lru_cache(maxsize=4096)
def suffix(tag: str) -> str | None:
    """What stands behind a text in this language (`@zh-hant`), or None for a tag that can't be written."""
    try:
        return f"@{Literal('', language=tag).language}"
    except ValueError:
        return None


def is_iri(term: Token) -> bool:
    """Whether the token names something."""
    return term[0] == "<"


def is_blank(term: Token) -> bool:
    """Whether the token is a blank node."""
    return term[0] == "_"


def is_literal(term: Token) -> bool:
    """Whether the token is a text."""
    return term[0] == '"'


def lexical(literal: Token) -> tuple[str, str]:
    """The text of a literal and what stands behind it: `"5"^^<…integer>` gives 5 and ^^<…integer>."""
    end = literal.rindex('"')
    text = literal[1:end]
    return (ESCAPE.sub(_unescaped, text) if "\\" in text else text), literal[end + 1 :]


def value_of(term: Token) -> str:
    """What a person would read: the IRI, the text of a literal, the label of a blank node."""
    if term[0] == '"':
        return lexical(term)[0]
    if term[0] == "<":
        iri = term[1:-1]
        return ESCAPE.sub(_unescaped, iri) if "\\" in iri else iri
    return term[2:]


def _unescaped(found: re.Match[str]) -> str:
    return LETTERS[found[3]] if found[3] else chr(int(found[1] or found[2], 16))
