"""In whose language problems are told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.vocabulary import language_chain

__all__ = ["ENGLISH", "N_", "Wording", "printable", "shortened"]

SHOWN = 80
# Halves of characters, as JSON can name them; no terminal or file takes them.
SURROGATE = re.compile("[\ud800-\udfff]")


def N_(sentence: str) -> str:  # noqa: N802
    """The sentence itself; the name is what collects it for translators."""
    return sentence


@dataclass(frozen=True, slots=True)
class Wording:
    """The reader's language as a BCP 47 tag, and what puts an English sentence into it."""

    language: str
    translate: Callable[[str], str]

    def label(self, field: Field) -> str:
        """What the reader calls a field; its name where it has no label."""
        return self._best(field.label) or field.name

    def help_text(self, field: Field) -> str:
        """What the reader is told about a field; "" where there is nothing."""
        return self._best(field.help_text)

    def _best(self, texts: Mapping[str, str]) -> str:
        return next((texts[tag] for tag in language_chain(self.language) if tag in texts), "")


ENGLISH = Wording("en", N_)


def shortened(value: object) -> str:
    """The value as people see it in a message: at most 80 characters."""
    text = str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def printable(text: str) -> str:
    """The text with lone surrogates by their numbers, as U+D800."""
    return text if text.isprintable() else SURROGATE.sub(lambda half: f"U+{ord(half.group()):04X}", text)
