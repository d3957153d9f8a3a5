"""What became of the checked files: sentences for people, JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.core.conformance.wording import N_
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.exchange.checking import Checked

__all__ = ["FileReport", "json_line", "lines"]

ERROR = N_("Error")
WARNING = N_("Warning")
WITHOUT_TITLE = N_("Without a title")
SUMMARY = N_("Datasets checked: {datasets}. Errors: {errors}. Warnings: {warnings}.")


@dataclass(slots=True)
class FileReport:
    """A file with its records, and the problems that belong to none of them."""

    file: str
    kind: str
    problems: tuple[Problem, ...] = ()
    records: list[Checked] = field(default_factory=list)

    def count(self, severity: str) -> int:
        """How many problems of that severity there are."""
        inside = [problem for record in self.records for problem, _ in record.problems]
        return Counter(problem.severity for problem in (*self.problems, *inside))[severity]


def lines(report: FileReport, wording: Wording) -> Iterator[str]:
    """The report for people: a line for the file, then each record that has problems."""
    yield f"{report.file} ({report.kind})"
    yield from (f"  {line}" for line in _problem_lines([(problem, "") for problem in report.problems], wording))
    for record in report.records:
        if record.problems:
            yield ""
            yield _heading(record, wording)
            yield from (f"  {line}" for line in _problem_lines(record.problems, wording))
    yield ""
    yield wording.translate(SUMMARY).format(
        datasets=len(report.records), errors=report.count("error"), warnings=report.count("warning")
    )


def _heading(record: Checked, wording: Wording) -> str:
    title = record.title or wording.translate(WITHOUT_TITLE)
    return f"{title} ({record.name})" if record.name else title


def _problem_lines(problems: Sequence[tuple[Problem, str]], wording: Wording) -> Iterator[str]:
    """Errors first; the place in a spreadsheet behind its problem."""
    for problem, place in sorted(problems, key=lambda each: each[0].severity != "error"):
        word = wording.translate(ERROR if problem.severity == "error" else WARNING)
        text = f"{problem.message} {problem.advice}".rstrip()
        where = place or (problem.path if problem.code.startswith("shacl:") else "")
        yield f"{word}: {text}" + (f" [{where}]" if where else "")


def json_line(report: FileReport) -> str:
    """The report as one line of JSON."""
    document: dict[str, Any] = {
        "file": report.file,
        "kind": report.kind,
        "problems": [asdict(problem) for problem in report.problems],
        "records": [_record(record) for record in report.records],
        "errors": report.count("error"),
        "warnings": report.count("warning"),
    }
    return json.dumps(document, ensure_ascii=False)


def _record(record: Checked) -> dict[str, Any]:
    problems = [asdict(problem) | ({"place": place} if place else {}) for problem, place in record.problems]
    return {record.key: record.name, "title": record.title, "problems": problems}
