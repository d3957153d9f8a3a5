"""Shapes and core refuse the same graphs; each file of `tests/data/wrong` breaks one rule and says which."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.conformance import check_record
from ckanext.citizendata.core.graph import Index, ntriples_from_graph
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.terms import DCAT, RDF

Violations = Callable[[str], list[tuple[str, str]]]
WRONG = sorted((Path(__file__).parents[2] / "data" / "wrong").glob("*.ttl"))
HEAD = re.compile(r"^# (breaks|path|shapes): (.*)$", re.MULTILINE)


@pytest.mark.parametrize("file", WRONG, ids=[file.stem for file in WRONG])
class TestWrongGraph:
    def test_is_refused_by_core(self, model: Model, file: Path) -> None:
        """By the code, at the path, that the head of the file names."""
        text = file.read_text(encoding="utf-8")
        head = dict(HEAD.findall(text))
        triples = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
        iri = Index(triples).subjects(RDF.type, DCAT.Dataset)[0].value
        problems = check_record(model, iri, ntriples_from_graph(triples), catalogue_model.profile())
        refused = [(problem.code, problem.path) for problem in problems if problem.severity == "error"]
        assert (head["breaks"], head["path"]) in refused

    def test_is_refused_by_the_shapes(self, violations: Violations, file: Path) -> None:
        """Unless the head says that SHACL can't tell: dates of different precision have no order there."""
        text = file.read_text(encoding="utf-8")
        says_no = dict(HEAD.findall(text)).get("shapes") == "no"
        assert bool(violations(text)) != says_no
