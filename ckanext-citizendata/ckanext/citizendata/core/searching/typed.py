"""What somebody typed into the search box: words, phrases between quotes, and words that must not be there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from ckanext.citizendata.core.searching.words import is_han, words

__all__ = ["LONGEST", "Kind", "Term", "typed"]

# What programs write for Solr: a field, a range, a parser. People write a colon with a blank behind it.
FOR_SOLR = re.compile(r"^\s*\{!|\*:\*|\w:[^\s/]")
PIECE = re.compile(r'([-+]?)"([^"]+)"|(\S+)')
# Words beyond it say nothing more, and cost the search engine time; where words aren't parted, letters.
LONGEST = 30


class Kind(Enum):
    """What becomes of a term."""

    WORDS = "words"
    PHRASE = "phrase"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class Term:
    """The words of one piece, as they are written, in lower case."""

    kind: Kind
    words: tuple[str, ...]


def typed(text: str) -> tuple[Term, ...] | None:
    """The terms, in their order; None for what is written for Solr itself, and where there is no word."""
    if FOR_SOLR.search(text):
        return None
    pieces = (_term(*piece.groups(default="")) for piece in PIECE.finditer(text))
    found = tuple(_first(term for term in pieces if term.words))
    return found if any(term.kind is not Kind.WITHOUT for term in found) else None


def _first(terms: Iterable[Term]) -> Iterator[Term]:
    """The terms up to LONGEST words in all; a term may hold many, as "a,b,c" does."""
    left = LONGEST
    for term in terms:
        kept: list[str] = []
        for word in term.words:
            if left > 0:
                kept.append(word[:left] if is_han(word) else word)
                left -= len(kept[-1]) if is_han(word) else 1
        if kept:
            yield Term(term.kind, tuple(kept))


def _term(sign: str, phrase: str, plain: str) -> Term:
    if phrase:
        return Term(Kind.WITHOUT if sign == "-" else Kind.PHRASE, words(phrase))
    # A hyphen before a word excludes it; one within, or before a number, is part of it.
    without = plain.startswith("-") and plain[1:2].isalpha()
    return Term(Kind.WITHOUT if without else Kind.WORDS, words(plain))
