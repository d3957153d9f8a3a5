"""What a word is, in any script, and which words say nothing of what is looked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from ckanext.citizendata.core.folding import folded

__all__ = ["GOALS", "folded_words", "is_han", "telling", "words"]

# Letters, the marks that belong to them, and numbers.
KEPT = "LMN"
# The short name of the Goals in en, fr, es and ru.
GOALS = ("sdg", "sdgs", "odd", "ods", "цур")
# Folded: articles, prepositions, words of questions and the like of the languages whose words have rules here; then
# words for data and for people, which everything here is about, and for the Goals without a number.
SMALL_OF = (
    "a an and are as at about by for from in into is of on or that the their to was were",
    "who with what when where which why how without do does did many much there",
    "au aux avec ce ces chez dans de des du elle en est et la le les leur ou par pas pour",
    "qu que qui sans se sur un une combien comment quand quel quelle quelles quels pourquoi",
    "al con del el las lo los para por si sin su sus una unas unos",
    "como cual cuales cuando cuanta cuantas cuanto cuantos donde quien quienes",
    "ao aos com da das dos em na nas nos os uma onde qual quais quando quantas quantos quem",
    "من في على الى عن مع و او ما لا هي هو التي الذي ذوي ذات بلا بدون كم كيف اين متى لماذا ماذا هل",
    "и в во на с со о об от для по к из у не что без где как какие какой когда кто сколько",
    "data dataset datasets donnees jeu datos dato بيانات данные данных 数据",
    "people peoples person persons personne personnes gens persona personas gente",
    "люди людеи лицо лица лиц الناس الاشخاص اشخاص",
    *GOALS,
)
SMALL = frozenset(word for line in SMALL_OF for word in line.split())


def words(text: str) -> tuple[str, ...]:
    """The words as they are written, in lower case; numbers keep their points.

    "Women's data, SDG 5.2.1!" gives ("women", "s", "data", "sdg", "5.2.1").
    """
    apart = "".join(map(_kept, text.lower()))
    return tuple(word for part in apart.split() if (word := part.strip(".")))


def folded_words(text: str) -> tuple[str, ...]:
    """The words without accents, for looking up."""
    return words(folded(text))


def telling(found: Iterable[str]) -> tuple[str, ...]:
    """Those of the words that say something; all, where none does. `sdg` says something before a number.

    A letter by itself is what is left of an elision, as of "d'eau" or "women's", or a part of "FGM/C".
    """
    every = tuple(found)
    pairs = zip(every, (*every, "")[1:], strict=True)
    kept = tuple(word for word, after in pairs if not _is_small(folded(word)) or _is_goal(word, after))
    return kept or every


def _is_small(word: str) -> bool:
    return word in SMALL or (len(word) == 1 and word.isascii() and word.isalpha())


def _is_goal(word: str, after: str) -> bool:
    return folded(word) in GOALS and after[:1].isdigit()


def is_han(word: str) -> bool:
    """Whether the word is written without blanks between words, as in Chinese."""
    return any("\u3400" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff" for letter in word)


@lru_cache(5_000)
def _kept(letter: str) -> str:
    return letter if letter == "." or unicodedata.category(letter)[0] in KEPT else " "
