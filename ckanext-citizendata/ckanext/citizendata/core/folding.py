"""Words as people type them: without regard to capitals, accents, and which apostrophe or hyphen a keyboard has."""

from __future__ import annotations

import unicodedata

__all__ = ["folded"]

# Before accents go: by itself, an acute accent would leave a blank behind.
ALIKE = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b\u02bb\u02bc\u2032\u00b4\u0060\uff07", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u058a\ufe63\uff0d", "-")
    | {"\u00ad": "", "\u0131": "i"}
)


def folded(text: str) -> str:
    """The text without capitals, accents and needless blanks, its apostrophes and hyphens plain.

    " Côte  d’Ivoire " gives "cote d'ivoire".
    """
    if text.isascii():
        # Most titles of a harvest: there is nothing to take apart.
        return " ".join(text.lower().replace("`", "'").split())
    letters = unicodedata.normalize("NFKD", text.casefold().translate(ALIKE))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
