"""From what was typed to a query of Solr: each word, or a code that is called so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.search_fields import CODES, LANGUAGES, language_field, quoted
from ckanext.citizendata.core.searching.names import Names
from ckanext.citizendata.core.searching.typed import LONGEST, Kind, Term
from ckanext.citizendata.core.searching.words import is_han, telling

__all__ = ["Codes", "Part", "either", "others", "parts", "plain_words", "query_fields", "solr_query"]

# What every word is looked for in, with weights: of CKAN's own list of 2.12 what our records have.
EVERYWHERE = ("name^4", "title^4", "text")
# And what those are written with whose rules differ from CKAN's: each field more costs the search engine as much again.
LATIN = re.compile("[a-z\u00c0-\u024f]")
LETTERS = {"ar": re.compile("[\u0600-\u06ff]"), "es": LATIN, "fr": LATIN, "ru": re.compile("[\u0400-\u04ff]")}
# A name of this many words is looked for as a whole.
LONGEST_NAME = 5
# What a code counts beside words: one that is called so, and one of whose names the word is a part.
CALLED, PARTLY = 3, 1

# Codes with what each of them counts.
Codes = Sequence[tuple[frozenset[str], float]]


@dataclass(frozen=True, slots=True)
class Part:
    """Words looked for as one, the codes that are called so, and those of whose names a single word is a part."""

    words: tuple[str, ...]
    called: frozenset[str] = frozenset()
    having: frozenset[str] = frozenset()

    @property
    def codes(self) -> Codes:
        """The codes with what they count."""
        return ((self.called, CALLED), (self.having, PARTLY))


# Many people type the same words, and one person turns the pages of what she found.
@lru_cache(1_000)
def solr_query(terms: tuple[Term, ...], names: Names) -> str:
    """A query for Solr's `edismax` parser with `query_fields`: a clause for each word or name, all of them wanted."""
    clauses = [*islice(_clauses(plain_words(terms), names), LONGEST), *others(terms)]
    # Solr finds nothing by what must not be there alone.
    return " ".join(clauses if any(term.kind is not Kind.WITHOUT for term in terms) else ["*:*", *clauses])


def query_fields(terms: Sequence[Term]) -> str:
    """What the terms are looked for in, as Solr's `qf`: languages that are written with other letters are left out."""
    words = " ".join(word for term in terms for word in term.words)
    own = (tag for tag in LANGUAGES if (LETTERS[tag].search(words) if tag in LETTERS else is_han(words)))
    return " ".join([*EVERYWHERE, *(f"{language_field(tag)}^2" for tag in own)])


def plain_words(terms: Sequence[Term]) -> tuple[str, ...]:
    """The words of the terms that say something, outside of quotes."""
    return telling(word for term in terms if term.kind is Kind.WORDS for word in term.words)


def others(terms: Sequence[Term]) -> Iterator[str]:
    """The clauses of phrases and of what must not be there."""
    return (_quoted(term) for term in terms if term.kind is not Kind.WORDS)


def either(words: Sequence[str], codes: Codes, more: Sequence[str] = ()) -> str:
    """One clause: all the words, or any of the codes, each of which counts what stands beside it.

    Each of several words stands beside the codes by itself. That finds the same, and a record with a code and one of
    the words comes before those with the code alone.
    """
    each = [_either(word, codes, len(words), more) for word in words]
    return f"({' AND '.join(each)})" if len(each) > 1 else each[0]


def _either(word: str, codes: Codes, share: int, more: Sequence[str]) -> str:
    plain = f'"{word}"' if is_han(word) else word
    # A record with several of them is more about what was asked.
    coded = [f"{quoted(code)}^={weight / share:.3g}" for some, weight in codes for code in sorted(some)]
    choices = [plain, *more, *([f"{CODES}:({' OR '.join(coded)})"] if coded else [])]
    return f"({' OR '.join(choices)})" if len(choices) > 1 else plain


def parts(words: Sequence[str], names: Names) -> Iterator[Part]:
    """The longest names first; each word that is in none by itself."""
    place = 0
    while place < len(words):
        if is_han(words[place]):
            yield from (Part((piece,), codes) for piece, codes in names.within(words[place]))
            place += 1
            continue
        part = _at(words[place : place + LONGEST_NAME], names)
        yield part
        place += len(part.words)


def _clauses(words: Sequence[str], names: Names) -> Iterator[str]:
    return (either(part.words, part.codes) for part in parts(words, names))


def _at(words: Sequence[str], names: Names) -> Part:
    """The longest name that the words begin with, else the first of them."""
    plain = [folded(word) for word in words]
    for size in range(len(words), 1, -1):
        if codes := names.called(plain[:size]):
            return Part(tuple(words[:size]), codes)
    called = names.called(plain[:1])
    return Part(tuple(words[:1]), called, names.having(plain[0]) - called)


def _quoted(term: Term) -> str:
    sign = "-" if term.kind is Kind.WITHOUT else "+"
    return f'{sign}"{" ".join(term.words)}"'
