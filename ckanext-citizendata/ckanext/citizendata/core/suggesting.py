"""Which names come to mind while somebody types: a word of the name begins so."""

from __future__ import annotations

from functools import lru_cache

from ckanext.citizendata.core.searching.words import folded_words, is_han
from ckanext.citizendata.core.vocabulary import Concept, language_chain

__all__ = ["FOREIGN", "begins", "is_enough", "rank"]

LEAST, MOST = 2, 100
# How far away a name in another language is.
FOREIGN = 2
# The article, which people leave out when they look for a word.
ARABIC_THE = "\u0627\u0644"


def is_enough(typed: str) -> bool:
    """Whether it says enough to suggest something, and is no whole text."""
    return len(typed) <= MOST and (len("".join(folded_words(typed))) >= LEAST or is_han(typed))


def begins(name: str, typed: str) -> bool:
    """Whether each word that is typed begins a word of the name, or is part of it where words aren't parted."""
    known = _words(name)
    return all(any(_begins(word, each) for word in known) for each in _words(typed))


def rank(concept: Concept, typed: str, language: str) -> int | None:
    """How close a code is to what is typed: 0 by its label, 1 by another name, both in the reader's language.

    `FOREIGN` by a name in another language; None where no name begins so.
    """
    base = language.replace("_", "-").lower().partition("-")[0]
    tags = [tag for tag in language_chain(language) if tag.partition("-")[0] == base]
    own = [concept.labels[tag] for tag in tags if tag in concept.labels]
    if any(begins(name, typed) for name in own):
        return 0
    if any(begins(name, typed) for tag, name in concept.other_names() if tag in tags):
        return 1
    others = (*concept.labels.values(), *(name for _, name in concept.other_names()))
    return FOREIGN if any(begins(name, typed) for name in others) else None


@lru_cache(20_000)
def _words(text: str) -> tuple[str, ...]:
    # Each letter that somebody types is held against the same few thousand names.
    return folded_words(text)


def _begins(word: str, typed: str) -> bool:
    bare = word.removeprefix(ARABIC_THE)
    return word.startswith(typed) or bare.startswith(typed) or (typed in word and is_han(typed))
