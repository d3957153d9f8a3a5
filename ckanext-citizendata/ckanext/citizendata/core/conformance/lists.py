"""Rules for answers out of a list."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.rule import Rule, is_empty
from ckanext.citizendata.core.conformance.texts import warn_of_twins
from ckanext.citizendata.core.conformance.wording import N_, shortened
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.vocabulary import Vocabulary

__all__ = ["code_rule", "codes_rule", "in_words", "standing_alone"]

UNKNOWN = "unknown"
NEAR = 3
DID_YOU_MEAN = N_("Did you mean {codes}?")
CHOOSE = N_("Choose an answer of the list.")
ONE_ANSWER = N_("Choose one answer.")
ALONE = N_("This answer stands alone; take it or the others.")
REPLACED = N_("{field}: “{value}” is an old answer and still works; the new one is {codes}.")


def code_rule(field: Field, vocabulary: Vocabulary) -> Rule:
    """One code of the list."""
    current = _current(vocabulary)

    def rule(value: Any, path: str, report: Report) -> None:
        codes = list(value) if isinstance(value, (list, tuple)) else [value]
        if len(codes) > 1:
            report.refuse(path, "too_many", field, ", ".join(map(str, codes)), ONE_ANSWER)
            return
        value = codes[0]
        if not isinstance(value, str) or value not in current:
            _tell(field, vocabulary, value, path, report)

    return rule


def codes_rule(field: Field, vocabulary: Vocabulary) -> Rule:
    """Codes of the list; one that says "unknown" or "none" stands alone."""
    current = _current(vocabulary)
    alone = standing_alone(field, vocabulary)

    def rule(value: Any, path: str, report: Report) -> None:
        codes = value if isinstance(value, (list, tuple)) else [value]
        for number, code in enumerate(codes):
            if (not isinstance(code, str) or code not in current) and not is_empty(code):
                _tell(field, vocabulary, code, f"{path}[{number}]", report)
        if len(codes) > 1:
            warn_of_twins(field, codes, path, report)
            for code in sorted(alone.intersection(map(str, codes))) if len(set(map(str, codes))) > 1 else ():
                report.refuse(path, "alone", field, in_words(vocabulary, code, report.wording.language), ALONE)

    return rule


def standing_alone(field: Field, vocabulary: Vocabulary) -> frozenset[str]:
    """The codes that say that there is no other answer."""
    return frozenset(code for code in (UNKNOWN, field.default_code) if code in vocabulary)


def in_words(vocabulary: Vocabulary, code: str, language: str) -> str:
    """Kenya (KEN): what the reader knows, and what a program writes."""
    return f"{vocabulary.label(code, language)} ({code})"


def _current(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(concept.code for concept in vocabulary if concept.replaced_by is None)


def _tell(field: Field, vocabulary: Vocabulary, value: Any, path: str, report: Report) -> None:
    """Says what is wrong with a code that isn't one of today's."""
    language = report.wording.language
    concept = vocabulary.by_code(value) if isinstance(value, str) else None
    if concept is not None and concept.replaced_by is not None:
        new = in_words(vocabulary, concept.replaced_by, language)
        report.doubt(path, "replaced_code", field, REPLACED, value=shortened(value), codes=new)
        return
    near = _nearest(vocabulary, shortened(value), report)
    if near:
        codes = ", ".join(in_words(vocabulary, code, language) for code in near)
        report.refuse(path, "unknown_code", field, value, DID_YOU_MEAN, codes=codes)
    else:
        report.refuse(path, "unknown_code", field, value, CHOOSE)


def _nearest(vocabulary: Vocabulary, words: str, report: Report) -> list[str]:
    """The codes that were perhaps meant: by the reader's labels, then by the codes themselves."""
    if report.suggestions == 0:
        return []
    report.suggestions -= 1
    language = report.wording.language
    labels = {vocabulary.label(code, language).casefold(): code for code in reversed(vocabulary.codes)}
    by_label = [labels[label] for label in get_close_matches(words.casefold(), labels, cutoff=0.6)]
    return list(dict.fromkeys([*by_label, *get_close_matches(words, vocabulary.codes, cutoff=0.5)]))[:NEAR]
