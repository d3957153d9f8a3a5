"""SHACL reports in plain lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.conformance import ENGLISH
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.exchange.checking import Checker
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.exchange.shacl import Shapes, shapes_from
from ckanext.citizendata.exchange.spreadsheet import PlacedPackage

SHAPE = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://example.org/shape> a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dct:title ; sh:maxLength 3 ; sh:message "Too long for us." ] ;
  sh:property [ sh:path dct:title ; sh:minCount 9 ; sh:severity sh:Warning ; sh:message "We like nine titles." ] .
"""
RECORD = """\
<https://example.org/1> <http://purl.org/dc/terms/title> "Water" .
<https://example.org/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPE, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def own() -> Shapes:
    return shapes_from(())


class TestShapes:
    def test_of_a_file_join_ours(self, file: str) -> None:
        """Each result has node, property, constraint, message, value and severity."""
        found = {problem.code: problem for problem in shapes_from([file]).problems(RECORD) if "us." in problem.message}
        problem = found["shacl:MaxLengthConstraintComponent"]
        assert problem.path == "https://example.org/1 http://purl.org/dc/terms/title"
        assert problem.message == "Too long for us. (“Water”)"
        assert problem.severity == "error"

    def test_warnings_stay_warnings(self, file: str) -> None:
        """What a shape calls a warning is one."""
        found = [each.severity for each in shapes_from([file]).problems(RECORD) if "nine titles" in each.message]
        assert found == ["warning"]

    def test_find_a_sample_record_right(self, own: Shapes, model: Model, package: Mapping[str, Any]) -> None:
        """A package is described as its site would do it."""
        checker = Checker(model, catalogue_model.profile(), ENGLISH, own)
        problems = [problem for problem, _ in checker.check(PlacedPackage(dict(package))).problems]
        assert [problem for problem in problems if problem.severity == "error"] == []

    def test_name_no_other_organisation(self, own: Shapes, model: Model, package: Mapping[str, Any]) -> None:
        """The publisher that a package is lent is nobody's mistake."""
        checker = Checker(model, catalogue_model.profile(), ENGLISH, own)
        problems = checker.check(PlacedPackage(dict(package))).problems
        assert not [problem for problem, _ in problems if "organization/publisher" in problem.message]


class TestShapesFrom:
    @pytest.mark.parametrize(("content", "sentence"), [("<html>", "no Turtle"), (None, "There is no file")])
    def test_refuses_what_is_no_shapes(self, tmp_path: Path, content: str | None, sentence: str) -> None:
        """In a sentence."""
        path = tmp_path / "odd.ttl"
        if content:
            path.write_text(content, encoding="utf-8")
        with pytest.raises(Unusable, match=sentence):
            shapes_from([str(path)])
