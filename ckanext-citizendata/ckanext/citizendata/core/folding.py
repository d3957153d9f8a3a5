"""Words as people type them: without regard to capitals and accents."""

from __future__ import annotations

import unicodedata

__all__ = ["folded"]


def folded(text: str) -> str:
    """The text without capitals, accents and blanks around it: " Côte " gives "cote"."""
    letters = unicodedata.normalize("NFKD", text.casefold().strip())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
