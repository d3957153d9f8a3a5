"""What somebody typed into the search box: words, phrases between quotes, and words that must not be there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from ckanext.citizendata.core.searching.words import GOALS, is_han, words

__all__ = ["LONGEST", "Kind", "Term", "signs", "typed"]

# What programs write for Solr: a field, a range, a parser. People write a colon with a blank behind it, or between
# numbers and names; fields of CKAN begin with a small letter.
FOR_SOLR = re.compile(r"^\s*\{!|\*:\*|(?<!\w)[a-z_][A-Za-z0-9_]*:[^\s/]")
# The short name of the Goals with a number at its end.
GOAL = re.compile(rf"\b({'|'.join(GOALS)})(?=\d)", re.IGNORECASE)
PIECE = re.compile(r'([-+]?)"([^"]+)"|(\S+)')
# What finds everything, as CKAN has it.
EVERYTHING = ("", '""', "''")
# Words beyond the first number say nothing more, and cost the search engine time; where words aren't parted, letters
# beyond it. The box takes as many letters as the second one.
LONGEST, MOST_LETTERS = 30, 1000


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
    parted = GOAL.sub(r"\1 ", text[:MOST_LETTERS])
    return tuple(_cut(_term(*piece.groups(default="")) for piece in PIECE.finditer(parted))) or None


def signs(text: str) -> str | None:
    """A text without words for Solr, each sign of which stands for itself; None for any other, and what finds all."""
    if text.strip() in EVERYTHING or FOR_SOLR.search(text) or words(text):
        return None
    return re.sub(r"([^\w\s])", r"\\\1", text[:MOST_LETTERS])


def _cut(terms: Iterable[Term]) -> Iterator[Term]:
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
