"""Which names come to mind while somebody types: a word of the name begins so."""

from __future__ import annotations

import re
from unicodedata import category

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.vocabulary import Concept, language_chain

__all__ = ["FOREIGN", "as_written", "begins", "is_enough", "rank", "words"]

LEAST, MOST = 2, 100
# Scripts without blanks, in which one letter is a word.
IDEOGRAPHS = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
# How far away a name in another language is.
FOREIGN = 2
# The article, which people leave out when they look for a word.
ARABIC_THE = "\u0627\u0644"
# Letters, marks on them, figures: all else parts words.
PARTS_OF_WORDS = "LMN"


def is_enough(typed: str) -> bool:
    """Whether it says enough to suggest something, and is no whole text."""
    return len(typed) <= MOST and (len("".join(words(typed))) >= LEAST or IDEOGRAPHS.search(typed) is not None)


def words(text: str) -> list[str]:
    """The words of a text without capitals and accents."""
    return as_written(folded(text))


def as_written(text: str) -> list[str]:
    """The words of a text without capitals; whatever means something to a search engine parts them."""
    return "".join(each if category(each)[0] in PARTS_OF_WORDS else " " for each in text.lower()).split()


def begins(name: str, typed: str) -> bool:
    """Whether each word that is typed begins a word of the name, or is part of it where words aren't parted."""
    known = words(name)
    return all(any(_begins(word, each) for word in known) for each in words(typed))


def rank(concept: Concept, typed: str, language: str) -> int | None:
    """How close a code is to what is typed: 0 by its label, 1 by another name, both in the reader's language.

    `FOREIGN` by a name in another language; None where no name begins so.
    """
    tags = language_chain(language)[:-1] or (language,)
    own = [concept.labels[tag] for tag in tags if tag in concept.labels]
    if any(begins(name, typed) for name in own):
        return 0
    if any(begins(name, typed) for tag in tags for name in concept.alt_labels.get(tag, ())):
        return 1
    others = (*concept.labels.values(), *(name for names in concept.alt_labels.values() for name in names))
    return FOREIGN if any(begins(name, typed) for name in others) else None


def _begins(word: str, typed: str) -> bool:
    bare = word.removeprefix(ARABIC_THE)
    return word.startswith(typed) or bare.startswith(typed) or (typed in word and IDEOGRAPHS.search(typed) is not None)
