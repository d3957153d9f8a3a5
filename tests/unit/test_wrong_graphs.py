"""The graphs of `tests/data/wrong` are as their heads say: the minimal record with one fault.

`faces/test_agreement.py` shows that each is refused.
"""

from __future__ import annotations

import re
from difflib import ndiff
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.conformance import PROBLEM_CODES, check_record
from ckanext.citizendata.core.graph import Index, ntriples_from_graph
from ckanext.citizendata.core.terms import DCAT, RDF

DATA = Path(__file__).parents[1] / "data"
MINIMAL = (DATA / "pairs" / "minimal.ttl").read_text(encoding="utf-8")
WRONG = sorted((DATA / "wrong").glob("*.ttl"))
HEAD = re.compile(r"# breaks: (\w+)\n# path: (.+)\n(?:# shapes: no\n)?# a record whose .+\n")


def errors(turtle: str) -> list[tuple[str, str]]:
    """Code and path of each error that the check of records finds."""
    triples = {quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)}
    iri = Index(triples).subjects(RDF.type, DCAT.Dataset)[0].value
    problems = check_record(catalogue_model.load(), iri, ntriples_from_graph(triples), catalogue_model.profile())
    return [(problem.code, problem.path) for problem in problems if problem.severity == "error"]


def test_the_record_without_a_fault_is_right() -> None:
    """What the wrong graphs start from has no error."""
    assert errors(MINIMAL) == []


def test_there_are_enough() -> None:
    """Forty graphs or more, numbered without gaps."""
    assert len(WRONG) >= 40
    assert [int(file.name[:2]) for file in WRONG] == list(range(1, len(WRONG) + 1))


@pytest.mark.parametrize("file", WRONG, ids=[file.stem for file in WRONG])
class TestWrongGraph:
    def test_head(self, file: Path) -> None:
        """It says which code it breaks, where, and what is wrong with it."""
        head = HEAD.match(file.read_text(encoding="utf-8"))
        assert head
        assert head[1] in PROBLEM_CODES

    def test_one_fault(self, file: Path) -> None:
        """It is the minimal record but for a few lines that belong together."""
        text = HEAD.sub("", file.read_text(encoding="utf-8"))
        changed = [line for line in ndiff(MINIMAL.splitlines(), text.splitlines()) if line[0] in "+-"]
        assert 1 <= len(changed) <= 6
