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
from ckanext.citizendata.faces.shacl import shapes_turtle

SHAPE = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://example.org/shape> a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dct:title ; sh:maxLength 3 ; sh:message "Too long for us." ] ;
  sh:property [ sh:path dct:title ; sh:minCount 9 ; sh:severity sh:Warning ; sh:message "We like nine titles." ] .
"""
IN_LANGUAGES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://example.org/shape> a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dct:title ; sh:maxLength 3 ; sh:message "Trop long."@fr, "Too long."@en, "Largo."@es ] .
"""
RECORD = """\
<https://example.org/1> <http://purl.org/dc/terms/title> "Water" .
<https://example.org/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .
"""
OURS = shapes_turtle(catalogue_model.load().public, catalogue_model.profile())


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPE, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def own() -> Shapes:
    return shapes_from(OURS, ())


class TestShapes:
    def test_of_a_file_join_ours(self, file: str) -> None:
        """Each result has node, property, constraint, message, value and severity."""
        found = {
            problem.code: problem
            for problem in shapes_from(OURS, [file]).problems(RECORD, "en")
            if "us." in problem.message
        }
        problem = found["shacl:MaxLengthConstraintComponent"]
        assert problem.path == "https://example.org/1 http://purl.org/dc/terms/title"
        assert problem.message == "Too long for us. (“Water”)"
        assert problem.severity == "error"

    def test_warnings_stay_warnings(self, file: str) -> None:
        """What a shape calls a warning is one."""
        found = [
            each.severity for each in shapes_from(OURS, [file]).problems(RECORD, "en") if "nine titles" in each.message
        ]
        assert found == ["warning"]

    @pytest.mark.parametrize(("language", "message"), [("fr-CA", "Trop long."), ("ar", "Too long."), ("", "Too long.")])
    def test_say_it_in_one_language(self, language: str, message: str) -> None:
        """The reader's, else English."""
        found = shapes_from(IN_LANGUAGES, ()).problems(RECORD, language)
        assert [problem.message for problem in found] == [f"{message} (“Water”)"]

    def test_find_a_sample_record_right(self, own: Shapes, model: Model, package: Mapping[str, Any]) -> None:
        """A package is described as its site would do it."""
        checker = Checker(model, catalogue_model.profile(), ENGLISH, "2024-03-15", own)
        problems = [problem for problem, _ in checker.check(PlacedPackage(dict(package))).problems]
        assert [problem for problem in problems if problem.severity == "error"] == []

    def test_name_no_other_organisation(self, own: Shapes, model: Model, package: Mapping[str, Any]) -> None:
        """The publisher that a package is lent is nobody's mistake."""
        checker = Checker(model, catalogue_model.profile(), ENGLISH, "2024-03-15", own)
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
            shapes_from("", [str(path)])
