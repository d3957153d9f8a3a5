"""Codes of long lists: the form asks for them as words, in any language of the list."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from ckanext.citizendata.core.vocabulary import Vocabulary

# Up to here all answers stand in sight; beyond, a person types the first letters and the browser offers what fits.
IN_SIGHT = 100


def is_typed(vocabulary: Vocabulary) -> bool:
    """Whether the form asks for words instead of showing every answer."""
    return len(vocabulary) > IN_SIGHT


def codes_from_words(vocabulary: Vocabulary, words: Sequence[str]) -> list[str]:
    """The code of each word: a code, or a name in any language whatever its case and accents; others stay as typed."""
    names = _codes_by_name(vocabulary)
    return list(dict.fromkeys(word if word in vocabulary else names.get(_folded(word), word) for word in words))


def _codes_by_name(vocabulary: Vocabulary) -> Mapping[str, str]:
    """The first code of each name: labels before other names, so that a second name never takes another's label."""
    labels = [(label, concept.code) for concept in vocabulary for label in concept.labels.values()]
    others = [(name, concept.code) for concept in vocabulary for names in concept.alt_labels.values() for name in names]
    return {_folded(name): code for name, code in reversed([*labels, *others])}


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().strip())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
