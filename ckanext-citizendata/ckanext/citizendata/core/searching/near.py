"""Where nothing has all that was typed: what comes near, and what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.search_fields import TITLE, WORDS
from ckanext.citizendata.core.searching.names import MANY_CODES, Names, slips_allowed
from ckanext.citizendata.core.searching.query import PARTLY, Codes, Part, either, others, parts, plain_words
from ckanext.citizendata.core.searching.stems import STEMMED, stem
from ckanext.citizendata.core.searching.typed import Term
from ckanext.citizendata.core.searching.words import folded_words, is_han

__all__ = ["Near", "NearQuery", "corrected", "near_queries"]

# Of more words than these all are wanted or any will do, and slips of the first ones alone are looked for in records:
# Solr makes up to fifty clauses of a slip in a field, and takes a thousand in all.
MANY = 6
PAIR = 2
# Where fewer have all words but one, any word will do: the closest still come first.
FEW = 5
# What may be two words in one, and the fewest letters of each.
LONGEST_PAIR, LEAST = 16, 3


@dataclass(frozen=True, slots=True)
class Near:
    """What was asked where nothing has all of it, and the same with its slips mended if there seem to be any."""

    asked: str
    meant: str | None


@dataclass(frozen=True, slots=True)
class NearQuery:
    """A query with how many clauses are wanted, as Solr's `mm`; fewer records than `enough` call for the next one."""

    text: str
    wanted: str
    enough: int


def near_queries(terms: Sequence[Term], names: Names) -> Iterator[NearQuery]:
    """A query for each word, what it is but for a slip, and the codes called like either.

    First all are wanted, of three to MANY all but one; then any. What would find no more than the words as they were
    typed is left out.
    """
    known = [*parts(plain_words(terms), names)]
    ways = [*_ways(known, names)]
    wanted = _wanted(len(ways))
    if all(way == (part.words, part.codes, ()) for way, part in zip(ways, known, strict=True)):
        wanted = tuple(number for number in wanted if number < len(ways))
    query = " ".join([" OR ".join(either(*way) for way in ways), *others(terms)])
    return (NearQuery(query, str(number), 1 if number == len(ways) else FEW) for number in wanted)


def corrected(text: str, terms: Sequence[Term], names: Names, titles: Iterable[str]) -> str | None:
    """The text with each slip mended that a name or one of the titles tells; None where there is none.

    Only what a reader may find anyway is told: names are public, and titles are those that she found.
    """
    seen = {word for title in titles for word in folded_words(title)}
    slips = {word: right for word in plain_words(terms) if (right := _right(folded(word), seen, names))}
    mended = _replaced(text, slips) if slips else text
    return None if mended == text else mended


def _wanted(clauses: int) -> tuple[int, ...]:
    if clauses < PAIR:
        return (1,) * clauses
    return (clauses - 1 if PAIR < clauses <= MANY else clauses, 1)


def _ways(known: Sequence[Part], names: Names) -> Iterator[tuple[Sequence[str], Codes, tuple[str, ...]]]:
    """What `either` makes a clause of, for each part: its words, codes, and what else will do."""
    unknown = [part for part in known if len(part.words) == 1 and _may_be_a_slip(part.words[0], names)]
    for part in known:
        (word, *_) = part.words
        if part in unknown:
            slips = (*_slips(word), *_apart(word)) if part in unknown[:MANY] else ()
            yield part.words, ((_near_codes(word, names), PARTLY),), slips
        else:
            yield part.words, part.codes, _pairs(word)


def _may_be_a_slip(word: str, names: Names) -> bool:
    return slips_allowed(word) > 0 and not names.knows(folded(word))


def _pairs(word: str) -> tuple[str, ...]:
    """Without blanks nobody knows where a word ends: any two letters in a row will do."""
    few = not is_han(word) or len(word) <= PAIR
    return () if few else tuple(f'"{word[place : place + 2]}"' for place in range(len(word) - 1))


def _near_codes(word: str, names: Names) -> frozenset[str]:
    """The codes of names that are the word but for a blank or a slip, the nearest first, if they aren't too many."""
    found = frozenset(code for cut in _cuts(folded(word)) for code in names.called(cut))
    for near in names.near(folded(word)):
        more = found | names.having(near)
        found = more if len(more) <= MANY_CODES else found
    return found


def _slips(word: str) -> tuple[str, ...]:
    """In titles as they are written, and in all words by CKAN's rules: more fields would cost more than they find.

    They count less than a code that is meant: a word that is no slip has them too.
    """
    slip = f"{word}~{slips_allowed(word)}"
    return (f"{TITLE}:{slip}^=2", f"{WORDS}:{slip}^=1")


def _apart(word: str) -> tuple[str, ...]:
    """What may be two words in one, as "bednets"."""
    return tuple(f'{WORDS}:"{one} {other}"' for one, other in _cuts(word))


def _cuts(word: str) -> Iterator[tuple[str, str]]:
    if len(word) <= LONGEST_PAIR:
        yield from ((word[:place], word[place:]) for place in range(LEAST, len(word) - LEAST + 1))


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

    def right(found: re.Match[str]) -> str:
        # A few letters are alike without regard to capitals though neither is the other's small one, as ſ and s.
        return slips.get(found.group().lower(), found.group())

    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", right, text, flags=re.IGNORECASE)
