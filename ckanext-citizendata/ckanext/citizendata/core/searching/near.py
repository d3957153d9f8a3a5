"""Where nothing has all that was typed: what comes near, and what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.searching.names import Names, slips_allowed
from ckanext.citizendata.core.searching.query import CALLED, PARTLY, either, others, plain_words
from ckanext.citizendata.core.searching.stems import STEMMED, stem
from ckanext.citizendata.core.searching.typed import Term
from ckanext.citizendata.core.searching.words import folded_words, is_han

__all__ = ["Near", "corrected", "near_queries"]

# Of more words than these the query would be long, and any of them will do.
MANY = 6
PAIR = 2


@dataclass(frozen=True, slots=True)
class Near:
    """What was asked where nothing has all of it, and the same with its slips mended if there seem to be any."""

    asked: str
    meant: str | None


def near_queries(terms: Sequence[Term], names: Names) -> Iterator[str]:
    """Queries for each word, what it is but for a slip, and the codes called like either; each asks less than the last.

    First all words, of three or more all but one; then any word.
    """
    rest = [*others(terms)]
    clauses = [*_clauses(plain_words(terms), names)]
    if not clauses:
        return
    yield " ".join([_all_but_one(clauses) if 3 <= len(clauses) <= MANY else " ".join(clauses), *rest])
    yield " ".join([f"({' OR '.join(clauses)})", *rest])


def corrected(text: str, terms: Sequence[Term], names: Names, titles: Iterable[str]) -> str | None:
    """The text with each slip mended that a name or one of the titles tells; None where there is none.

    Only what a reader may find anyway is told: names are public, and titles are those that she found.
    """
    seen = {word for title in titles for word in folded_words(title)}
    slips = {word: right for word in plain_words(terms) if (right := _right(folded(word), seen, names))}
    return _replaced(text, slips) if slips else None


def _all_but_one(clauses: Sequence[str]) -> str:
    """Solr is told by CKAN that all is wanted, so this is spelled out."""
    groups = (f"({' AND '.join(each for each in clauses if each is not left)})" for left in clauses)
    return f"({' OR '.join(groups)})"


def _clauses(words: Sequence[str], names: Names) -> Iterator[str]:
    for word in words:
        if is_han(word):
            yield from (_han_clause(part, codes) for part, codes in names.within(word))
        else:
            yield _clause(word, names)


def _han_clause(part: str, codes: frozenset[str]) -> str:
    """Without blanks nobody knows where a word ends: any two letters in a row will do."""
    pairs = [f'"{part[place : place + 2]}"' for place in range(len(part) - 1)] if len(part) > PAIR else []
    return either([part], [(codes, CALLED)], pairs)


def _clause(word: str, names: Names) -> str:
    plain, allowed = folded(word), slips_allowed(word)
    codes = names.having(plain)
    near = frozenset(code for each in names.near(plain) for code in names.having(each)) - codes
    return either([word], [(codes, CALLED), (near, PARTLY)], [f"{word}~{allowed}"] if allowed else [])


def _right(word: str, seen: set[str], names: Names) -> str | None:
    allowed = slips_allowed(word)
    if not allowed or names.knows(word) or _is_form(word, seen):
        return None
    in_titles = [
        (near, away) for near, away, _ in process.extract(word, seen, scorer=OSA.distance, score_cutoff=allowed)
    ]
    in_names = [(near, OSA.distance(word, near)) for near in names.near(word)]
    best = min([*in_titles, *in_names], key=lambda each: each[1], default=None)
    return best[0] if best else None


def _is_form(word: str, seen: set[str]) -> bool:
    """Whether one of the words seen is another form of the word."""
    stems = {(tag, stem(word, tag)) for tag in STEMMED}
    return word in seen or any((tag, stem(each, tag)) in stems for each in seen for tag in STEMMED)


def _replaced(text: str, slips: Mapping[str, str]) -> str:
    """The text as it was typed, but for the words with slips."""
    pattern = "|".join(re.escape(word) for word in sorted(slips, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", lambda found: slips[found.group().lower()], text, flags=re.IGNORECASE)
