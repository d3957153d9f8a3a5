"""Codes of long lists: the form asks for them as words, in any language of the list."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.citizendata.core.vocabulary import Vocabulary

# Up to here all answers stand in sight; beyond, a person types the first letters and the browser offers what fits.
IN_SIGHT = 100


def is_typed(vocabulary: Vocabulary) -> bool:
    """Whether the form asks for words instead of showing every answer."""
    return len(vocabulary) > IN_SIGHT


def codes_from_words(vocabulary: Vocabulary, words: Sequence[str]) -> list[str]:
    """The code of each word: a code, or a name in any language whatever its case and accents; others stay as typed."""
    return list(dict.fromkeys(_code(vocabulary, word) for word in words))


def _code(vocabulary: Vocabulary, word: str) -> str:
    concept = None if word in vocabulary else vocabulary.by_label(word)
    return concept.code if concept else word
