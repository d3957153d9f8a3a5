"""What people call the codes of records: labels and other names, in every language, by whole name and by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.search_fields import REGION, searched_lists
from ckanext.citizendata.core.searching.stems import STEMMED, stem
from ckanext.citizendata.core.searching.words import GOALS, folded_words, is_han, telling
from ckanext.citizendata.core.vocabulary import Concept, Vocabulary

__all__ = ["Names", "code_term", "names", "slips_allowed"]

# No answer, and the region that holds every country: nothing to find a record by.
WORDLESS = {REGION: "001"}
UNKNOWN = "unknown"
# Of a longer name a single word says little; nor does a word of very many names.
SHORT_NAME = 4
MANY_CODES = 40
# A shorter word with another letter is another word; a long one has room for two. What is longer than words are costs
# the search engine minutes.
SLIPPING, LONG, LONGEST_WORD = 5, 8, 24
# Lists whose codes are numbers, and what people write before them, folded. Their titles are phrases, whose words say
# nothing by themselves, as those of their other names with a hyphen: quality is no education, wells are no well-being.
OF_GOALS = "sdg-"
GOAL_WORDS = ("goal", "target", "indicator", "objectif", "cible", "objetivo", "meta", "цель")
# Any language without rules of its own.
OTHER = ""


def names(model: Model) -> Names:
    """The names of all lists that are searched, of this model."""
    return model.kept(_names)


def _names(model: Model) -> Names:
    return Names({name: model.vocabularies[name] for name in searched_lists(model)})


def code_term(vocabulary: str, code: str) -> str | None:
    """What stands for a code in the index; None for one that is no word to find a record by."""
    return None if code in (UNKNOWN, WORDLESS.get(vocabulary)) else f"{vocabulary}/{code}"


def slips_allowed(word: str) -> int:
    """How many letters of a word may be wrong, missing, needless or changed round."""
    if not SLIPPING <= len(word) <= LONGEST_WORD or any(letter.isdigit() for letter in word) or is_han(word):
        return 0
    return 1 if len(word) < LONG else 2


class Names:
    """Looks up which codes are meant; codes are given as `code_term` writes them."""

    def __init__(self, lists: Mapping[str, Vocabulary]) -> None:
        self._whole: dict[tuple[str, ...], set[str]] = {}
        self._parts: dict[tuple[str, str], set[str]] = {}
        self._han: dict[str, set[str]] = {}
        # By their length: a word with two slips is at most two letters longer or shorter.
        self._words: dict[int, dict[str, None]] = {}
        for name, vocabulary in lists.items():
            for concept in vocabulary:
                if term := code_term(name, concept.code):
                    self._learn(term, concept)
        self._longest_han = max(map(len, self._han), default=0)

    def called(self, words: Sequence[str]) -> frozenset[str]:
        """The codes that people call exactly so, whatever the form of the words; words are folded."""
        keys = {(language, *(stem(word, language) for word in words)) for language in (OTHER, *STEMMED)}
        return frozenset(term for key in keys for term in self._whole.get(key, ()))

    def having(self, word: str) -> frozenset[str]:
        """The codes of whose names the word is a part, and those called so; none where there are too many."""
        keys = {(language, stem(word, language)) for language in (OTHER, *STEMMED)}
        found = {term for key in keys for term in self._parts.get(key, ())}
        return (frozenset(found) if len(found) <= MANY_CODES else frozenset()) | self.called([word])

    def within(self, run: str) -> tuple[tuple[str, frozenset[str]], ...]:
        """A text without blanks, cut at the names that are in it: each part with the codes that it names, if any."""
        parts: list[tuple[str, frozenset[str]]] = []
        rest = ""
        while run:
            name = next((run[:size] for size in range(self._longest_han, 0, -1) if run[:size] in self._han), "")
            if name and rest:
                parts.append((rest, frozenset()))
                rest = ""
            if name:
                parts.append((name, frozenset(self._han[name])))
            else:
                rest += run[0]
            run = run[len(name) or 1 :]
        return (*parts, *([(rest, frozenset())] if rest else []))

    def near(self, word: str) -> tuple[str, ...]:
        """The words of names that are the word but for a slip, the nearest first."""
        allowed = slips_allowed(word)
        if not allowed:
            return ()
        as_long = chain.from_iterable(self._words.get(len(word) + more, ()) for more in range(-allowed, allowed + 1))
        found = process.extract(word, [*as_long], scorer=OSA.distance, score_cutoff=allowed, limit=5)
        return tuple(near for near, *_ in found)

    def knows(self, word: str) -> bool:
        """Whether a name has the word, in any form."""
        return bool(self.having(word)) or word in self._words.get(len(word), ())

    def _learn(self, term: str, concept: Concept) -> None:
        if not concept.code.isdigit():
            self._whole.setdefault((OTHER, *folded_words(concept.code)), set()).add(term)
        whole_alone, untold = _phrases(term, concept), frozenset(_hidden(concept))
        for language, name in _called(concept):
            words = telling(folded_words(name))
            if is_han(name):
                self._han.setdefault("".join(folded_words(name)), set()).add(term)
                continue
            stems = _stems(words, language)
            self._whole.setdefault(stems, set()).add(term)
            if len(words) <= SHORT_NAME and name not in whole_alone:
                self._learn_parts(term, stems)
            if len(words) <= SHORT_NAME and name not in untold:
                self._learn_words(words)
        if term.startswith(OF_GOALS):
            self._learn_number(term, concept)

    def _learn_number(self, term: str, concept: Concept) -> None:
        """Goals, targets and indicators are called by their numbers too: SDG 5, ODD 5.2."""
        said = (concept.code, *(name for _, name in _called(concept)))
        for number in {folded_words(name) for name in said if name[:1].isdigit()}:
            for goal in (*GOALS, *GOAL_WORDS):
                self._whole.setdefault((OTHER, goal, *number), set()).add(term)

    def _learn_parts(self, term: str, stems: Sequence[str]) -> None:
        rules, *each = stems
        for part in each:
            self._parts.setdefault((rules, part), set()).add(term)

    def _learn_words(self, words: Sequence[str]) -> None:
        """What is told to whoever meant it."""
        for word in words:
            self._words.setdefault(len(word), {})[word] = None


def _stems(words: Sequence[str], language: str) -> tuple[str, ...]:
    """The rules by which the words are stemmed, and their stems."""
    rules = language if language in STEMMED else OTHER
    return (rules, *(stem(word, rules) for word in words))


def _phrases(term: str, concept: Concept) -> frozenset[str]:
    """The names of a Goal, a target or an indicator that are called whole or not at all."""
    titles = frozenset(concept.labels.values())
    names = (name for _, name in _called(concept)) if term.startswith(OF_GOALS) else ()
    return frozenset(name for name in names if name in titles or "-" in folded(name))


def _called(concept: Concept) -> Iterator[tuple[str, str]]:
    """Each name with the base of its language."""
    return _based((*concept.labels.items(), *concept.other_names()))


def _hidden(concept: Concept) -> Iterator[str]:
    return (name for names in concept.hidden_labels.values() for name in names)


def _based(named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((tag.partition("-")[0], name) for tag, name in named)
