"""The entries of a code list as people choose and type them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["Choices", "choices_of"]

# Longer labels (the texts of the Goals' targets) are cut, or no drop-down could show them.
SHOWN_LENGTH = 120
SEPARATORS = re.compile(r"\s*[;؛；\n]\s*")
# How many separators a label may have inside; no shipped one has more.
INSIDE = 12
COMMAS = re.compile(r"\s*[,،、]\s*")


class Choices:
    """A code list in words: what its drop-down shows, and the code of whatever is typed."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._shown = _shown_texts(vocabulary)
        self._by_shown = {folded(text): code for code, text in self._shown.items()}
        self._by_code = {folded(code): code for code in vocabulary.codes}

    @property
    def shown(self) -> Sequence[str]:
        """What a drop-down offers, in the order of the list, without entries that others have replaced."""
        return [self._shown[concept.code] for concept in self._vocabulary if not concept.replaced_by]

    def code(self, text: str) -> str | None:
        """The code that a text stands for: code, IRI, label or other label in any language; None for no entry.

        What the drop-down shows goes before what else an entry is called.
        """
        if text in self._vocabulary:
            return text
        words = folded(text)
        if words in self._by_shown:
            return self._by_shown[words]
        concept = self._vocabulary.by_iri(text) or self._vocabulary.by_label(text)
        return concept.code if concept else self._by_code.get(words)

    def codes(self, text: str) -> list[str]:
        """The codes of several entries with semicolons between them; what is no entry stays as it was typed.

        "Kenya; Uganda" and "Kenya, Uganda" -> ["KEN", "UGA"]; a semicolon inside a label parts nothing.
        """
        found: list[str] = []
        for part, code in _pieces(text, SEPARATORS, self.code):
            by_comma = [] if code else _pieces(part, COMMAS, self.code)
            known = [each for _, each in by_comma if each is not None]
            found += known if by_comma and len(known) == len(by_comma) else [code or part]
        return list(dict.fromkeys(found))

    def text(self, code: str) -> str:
        """What to write into a cell for a code: the words that lead back to it, else the code itself."""
        shown = self._shown.get(code, code)
        return shown if self.code(shown) == code and self.codes(shown) == [code] else code


def choices_of(vocabularies: Mapping[str, Vocabulary]) -> Mapping[str, Choices]:
    """The choices of each list under its name."""
    return {name: Choices(vocabulary) for name, vocabulary in vocabularies.items()}


def _pieces(
    text: str, separators: re.Pattern[str], code_of: Callable[[str], str | None]
) -> list[tuple[str, str | None]]:
    """The parts of a text between separators with their codes; the longest run that is an entry is one part."""
    bounds = [(0, 0), *((m.start(), m.end()) for m in separators.finditer(text)), (len(text), len(text))]
    pieces: list[tuple[str, str | None]] = []
    at = 0
    while at < len(bounds) - 1:
        last = min(len(bounds) - 1, at + INSIDE)
        runs = ((text[bounds[at][1] : bounds[end][0]].strip(), end) for end in range(last, at, -1))
        part, end = next(((run, end) for run, end in runs if code_of(run)), ("", at + 1))
        part = part or text[bounds[at][1] : bounds[end][0]].strip()
        if part:
            pieces.append((part, code_of(part)))
        at = end
    return pieces


def _shown_texts(vocabulary: Vocabulary) -> dict[str, str]:
    shown: dict[str, str] = {}
    taken: set[str] = set()
    for concept in vocabulary:
        text = _shortened(vocabulary.label(concept.code, "en"))
        text = f"{text} ({concept.code})" if folded(text) in taken else text
        taken.add(folded(text))
        shown[concept.code] = text
    return shown


def _shortened(label: str) -> str:
    if len(label) <= SHOWN_LENGTH:
        return label
    return label[:SHOWN_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
