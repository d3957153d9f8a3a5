"""The answers that a form offers from a list, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ckanext.citizendata.core.folding import folded
from ckanext.citizendata.core.vocabulary import Concept, Vocabulary
from ckanext.citizendata.logic import reading
from ckanext.citizendata.logic.forms.typed_codes import codes_from_words

__all__ = ["choices", "labels_in_order", "typed_words"]


def choices(vocabulary: Vocabulary, reader: str, chosen: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The current codes of a list with labels in its order, and chosen ones that are out of use or never were in it."""
    offered = [concept for concept in vocabulary if concept.replaced_by is None or concept.code in chosen]
    strange = [code for code in chosen if code and code not in vocabulary]
    return [*(_choice(vocabulary, concept, reader) for concept in offered), *map(_strange, strange)]


def _choice(vocabulary: Vocabulary, concept: Concept, reader: str) -> dict[str, Any]:
    return {
        "value": concept.code,
        "label": vocabulary.label(concept.code, reader),
        "narrower": bool(concept.broader),
        "help": _definition(concept.definitions, reader),
    }


def _strange(code: str) -> dict[str, Any]:
    return {"value": code, "label": code, "narrower": False, "help": ""}


def _definition(definitions: Mapping[str, str], reader: str) -> str:
    """The explanation of a choice in the reader's language; a foreign one would not help to choose."""
    text = reading.readable_text(definitions, reader)
    return text.text if text and not text.foreign else ""


def labels_in_order(vocabulary: Vocabulary, reader: str) -> list[str]:
    """The labels of the current codes, each once: by the alphabet, numbered ones in the order of the list."""
    current = [concept.code for concept in vocabulary if concept.replaced_by is None]
    labels = list(dict.fromkeys(vocabulary.label(code, reader) for code in current))
    return labels if any(label[:1].isdigit() for label in labels[:1]) else sorted(labels, key=folded)


def typed_words(vocabulary: Vocabulary, codes: Sequence[str], reader: str) -> list[str]:
    """What stands in the boxes for these codes: a label, or the code itself where the label would mean another one."""
    return list(_typed(vocabulary, codes, reader))


def _typed(vocabulary: Vocabulary, codes: Sequence[str], reader: str) -> Iterator[str]:
    for code in codes:
        label = vocabulary.label(code, reader) if code in vocabulary else code
        yield label if codes_from_words(vocabulary, [label]) == [code] else code
