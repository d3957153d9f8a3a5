"""How much a check looks at and tells of one field: enough for anybody, and never so much that others wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.rule import Rule
from ckanext.citizendata.core.conformance.wording import N_
from ckanext.citizendata.core.schema import Field

__all__ = ["MOST_PROBLEMS", "MOST_VALUES", "bounded", "cut", "number_of"]

MOST_VALUES = 1000
MOST_PROBLEMS = 100
KEEP = N_("Keep at most {limit}.")


def bounded(field: Field, rule: Rule) -> Rule:
    """The rule for at most 1,000 values, with at most 100 problems."""

    def within(value: Any, path: str, report: Report) -> None:
        if isinstance(value, str):
            rule(value, path, report)
            return
        if (number := number_of(value)) > MOST_VALUES:
            report.refuse(path, "too_many", field, number, KEEP, limit=MOST_VALUES)
            return
        before = len(report.problems)
        rule(value, path, report)
        cut(report, before)

    return within


def cut(report: Report, before: int) -> None:
    """Forgets the problems beyond the first 100 of those after `before`; errors stay sooner than warnings."""
    if len(report.problems) - before > MOST_PROBLEMS:
        found = sorted(report.problems[before:], key=lambda problem: problem.severity != "error")
        report.problems[before:] = found[:MOST_PROBLEMS]


def number_of(value: Any) -> int:
    """How many values there are in a list, or in the lists or texts of all languages."""
    if isinstance(value, Mapping):
        return sum(len(each) if isinstance(each, (list, tuple)) else 1 for each in value.values())
    return len(value) if isinstance(value, (list, tuple)) else 1
