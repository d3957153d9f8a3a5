"""What the forms of a word have in common, by language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from types import MappingProxyType

import Stemmer

__all__ = ["STEMMED", "stem"]

# Snowball's names, by language tag.
STEMMED: Mapping[str, str] = MappingProxyType(
    {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "pt": "portuguese", "ru": "russian"}
)
_STEMMERS = {tag: Stemmer.Stemmer(name) for tag, name in STEMMED.items()}
# A stemmer works on one word at a time.
_LOCK = Lock()


@lru_cache(20_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself in a language that we have no rules for.

    ("disabilities", "en") and ("disability", "en") give the same.
    """
    stemmer = _STEMMERS.get(language)
    if stemmer is None:
        return word
    with _LOCK:
        return stemmer.stemWord(word)
