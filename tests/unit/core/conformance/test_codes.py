"""The words by which programs know a problem."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from ckanext.citizendata.core import conformance
from ckanext.citizendata.core.conformance import PROBLEM_CODES

MANUAL = Path(__file__).parents[4] / "docs" / "reference" / "problems.md"
SOURCES = Path(str(conformance.__file__)).parent.glob("*.py")
REPORTING = ("refuse", "doubt", "ask", "add", "say")


def used_codes() -> set[str]:
    """Every word that the rules hand to a report as the code."""
    calls = (
        node
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REPORTING
    )
    words = (argument.value for call in calls for argument in call.args[:2] if isinstance(argument, ast.Constant))
    return {word for word in words if isinstance(word, str)}


class TestProblemCodes:
    def test_manual(self) -> None:
        """The manual has a heading for each code, in the same order, with what it means and an example."""
        sections = re.split(r"^### ", MANUAL.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        assert [section.splitlines()[0] for section in sections] == list(PROBLEM_CODES)
        assert [section.splitlines()[0] for section in sections if "Example:" not in section] == []

    def test_used(self) -> None:
        """No rule uses a word that isn't listed."""
        assert used_codes() <= set(PROBLEM_CODES)
