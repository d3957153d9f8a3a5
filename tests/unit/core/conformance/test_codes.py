"""The words by which programs know a problem."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ckanext.citizendata.core import conformance
from ckanext.citizendata.core.conformance import PROBLEM_CODES

MANUAL = Path(__file__).parents[4] / "docs" / "reference" / "problems.md"
CONFORMANCE = Path(str(conformance.__file__)).parent
PACKAGE = CONFORMANCE.parents[1]
REPORTING = ("refuse", "doubt", "ask", "add", "say")
WORD = re.compile(r"[a-z_0-9]+")
# The code of SHACL follows from the shape.
SHACL = "shacl:…"


def sections() -> dict[str, str]:
    """The text under each heading of the manual."""
    found = re.split(r"^### ", MANUAL.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {section.splitlines()[0]: section for section in found}


def nodes(source: Path) -> Iterator[ast.AST]:
    yield from ast.walk(ast.parse(source.read_text(encoding="utf-8")))


def words(arguments: list[ast.expr]) -> set[str]:
    values = (argument.value for argument in arguments if isinstance(argument, ast.Constant))
    return {value for value in values if isinstance(value, str) and WORD.fullmatch(value)}


def codes_of_rules() -> set[str]:
    """Every word that the rules hand to a report as the code."""
    found: set[str] = set()
    for source in CONFORMANCE.glob("*.py"):
        for node in nodes(source):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REPORTING:
                found |= words(node.args[:2])
    return found


def codes_of_others() -> set[str]:
    """Every code that the rest of the package writes into a problem, by its text or by a constant."""
    found: set[str] = set()
    for source in PACKAGE.rglob("*.py"):
        for node in nodes(source):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                found |= words(node.args[1:2])
            if isinstance(node, ast.Assign) and [*map(ast.unparse, node.targets)] == ["CODE"]:
                found |= words([node.value])
    return found


def codes_of_lists() -> set[str]:
    """Every code of the check of code lists: an argument of `_problem`, or the first of a pair that is yielded."""
    found: set[str] = set()
    for node in nodes(PACKAGE / "core" / "vocabulary_check.py"):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_problem":
            found |= words(node.args[2:3])
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            found |= words(node.value.elts[:1])
    return found


class TestProblemCodes:
    def test_manual(self) -> None:
        """The manual begins with a heading for each code of a record, in the same order."""
        assert [*sections()][: len(PROBLEM_CODES)] == list(PROBLEM_CODES)

    def test_manual_has_the_others_and_no_more(self) -> None:
        """Those of files, feeds, spreadsheets and code lists."""
        others = (codes_of_others() | codes_of_lists()) - {*PROBLEM_CODES}
        assert {*sections()} - {*PROBLEM_CODES} == others | {SHACL}

    def test_manual_has_examples(self) -> None:
        """With what each means."""
        assert [code for code, section in sections().items() if "Example:" not in section] == []

    def test_used(self) -> None:
        """No rule uses a word that isn't listed."""
        assert codes_of_rules() <= {*PROBLEM_CODES}

    def test_none_in_vain(self) -> None:
        """Each listed word stands in the rules, in a call or in a table."""
        sources = [*CONFORMANCE.glob("*.py"), *(PACKAGE / "core" / "rules").glob("*.py")]
        found = {
            node.value
            for source in sources
            if source.name != "codes.py"
            for node in nodes(source)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert {*PROBLEM_CODES} - found == set()
