"""Which records of the catalogue pass DCAT-AP, and in plain words why the others don't."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.statements import check_statements
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.feeds.entry import Dataset, Entry, Hidden
from ckanext.citizendata.logic.feeds.entries import entry_from_row
from ckanext.citizendata.logic.wording import reader_wording
from ckanext.citizendata.model import place

__all__ = ["CONFORMS", "conforming", "nonconforming"]

# The value of the parameter `conforms`.
CONFORMS = "dcat-ap"
# Nobody mends more at a time, and one record may have thousands.
MOST_REASONS = 50


def conforming(entries: Iterable[Entry]) -> list[Entry]:
    """The entries with empty places where a record breaks a rule of DCAT-AP; tombstones stay."""
    return [Hidden(entry.iri) if isinstance(entry, Dataset) and _reasons(entry) else entry for entry in entries]


def nonconforming(number: int, size: int) -> dict[str, Any]:
    """The records of the n-th page of the catalogue that break a rule of DCAT-AP, with the reasons.

    Pages go by all records, so that each costs the same; `last` is the number of the last one.
    """
    places = place.page((number - 1) * size, size)
    datasets = [entry for row in places.rows if isinstance(entry := entry_from_row(row), Dataset)]
    found = [(dataset.iri, reasons) for dataset in datasets if (reasons := _reasons(dataset))]
    return {
        "profile": catalogue_model.profile().name,
        "page": number,
        "last": max(1, -(-places.total // size)),
        "records": [
            {"iri": iri, "reasons": [_told(each) for each in reasons[:MOST_REASONS]]} for iri, reasons in found
        ],
    }


def _reasons(dataset: Dataset) -> Sequence[Problem]:
    report = Report(reader_wording())
    check_statements(catalogue_model.profile(), dataset.fragment, report)
    return [problem for problem in report.problems if problem.severity == "error"]


def _told(problem: Problem) -> dict[str, str]:
    sentence = f"{problem.message} {problem.advice}".strip()
    return {"path": problem.path, "code": problem.code, "message": sentence}
