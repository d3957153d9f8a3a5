"""What templates of a registry call; each name begins with `citizendata_`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.federation.grouping import ORDER
from ckanext.citizendata.federation.reasons import Reason, reason_of
from ckanext.citizendata.logic.harvesting import report_words
from ckanext.citizendata.logic.harvesting.needs import needs_number
from ckanext.citizendata.logic.harvesting.report_shown import plain
from ckanext.citizendata.logic.reading import moment_text, number_text, reader_language

__all__ = [
    "citizendata_by_kind",
    "citizendata_counts",
    "citizendata_ending",
    "citizendata_heading",
    "citizendata_moment",
    "citizendata_needs_count",
    "citizendata_outcome",
    "citizendata_plain",
    "citizendata_progress",
    "citizendata_reason",
]


def citizendata_reason(kind: str, code: str) -> Reason:
    """The words for a code, and how to mend it."""
    reason = reason_of(kind, code)
    return Reason(tk._(reason.words), tk._(reason.mend) if reason.mend else "")


def citizendata_outcome(outcome: str) -> str:
    """What people read for an outcome of a record."""
    return report_words.outcome_told(outcome, tk._)


def citizendata_heading(kind: str) -> str:
    """What stands above the problems of a kind."""
    return tk._(report_words.HEADINGS[kind]) if kind in report_words.HEADINGS else kind


def citizendata_by_kind(found: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Reasons or groups of problems by their kinds, what matters most first."""
    kinds = ((kind, [each for each in found if each["kind"] == kind]) for kind in ORDER)
    return [(kind, those) for kind, those in kinds if those]


def citizendata_counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """How many datasets had which outcome, in words."""
    return report_words.counts_told(counts, tk._)


def citizendata_ending(run: Mapping[str, Any]) -> str:
    """How a harvest ended, in a sentence."""
    return report_words.ending_told(run, tk._)


def citizendata_progress(progress: Mapping[str, Any]) -> str:
    """How far a harvest is."""
    return report_words.progress_told(progress, tk._, lambda number: number_text(number, "", reader_language()))


def citizendata_moment(stated: str | None) -> str:
    """A day and an hour in the reader's words, in the site's time; "" for none."""
    zone = tk.h.get_display_timezone()
    return moment_text(datetime.fromisoformat(stated), reader_language(), zone) if stated else ""


def citizendata_plain(message: str | None) -> str:
    """A message without what stands in it for programs."""
    return plain(message)


def citizendata_needs_count() -> int:
    """How many things need the reader."""
    return needs_number(tk.current_user.name) if tk.current_user.is_authenticated else 0
