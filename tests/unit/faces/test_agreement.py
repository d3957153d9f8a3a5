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
from ckanext.citizendata.core.terms import DCAT, RDF, node

Violations = Callable[[str], list[tuple[str, str]]]
WRONG = sorted((Path(__file__).parents[2] / "data" / "wrong").glob("*.ttl"))
HEAD = re.compile(r"^# (breaks|path|shapes): (.*)$", re.MULTILINE)
FIELD = re.compile(r"(\w+)(?:\[\d+\])?(?:\.(\w+))?")


def properties_of(model: Model, path: str) -> set[str]:
    """The properties by which the value at the path of a problem is said, as IRIs.

    `https://… dct:license` -> that of dct:license; `contact[0].email` -> dcat:contactPoint and vcard:hasEmail; a row
    that isn't understood may have any of its parts wrong.
    """
    if " " in path:
        return {node(path.rpartition(" ")[2]).value}
    found = FIELD.fullmatch(path)
    assert found
    field = next(field for field in model.schema.fields if field.name == found[1])
    named = (field, *(part for part in field.subfields if found[2] in (None, part.name)))
    return {each.shape.predicate.value for each in named if each.shape}


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

    def test_is_refused_by_the_shapes(self, model: Model, violations: Violations, file: Path) -> None:
        """At the property that the path of the head stands for, unless the head says that SHACL can't tell."""
        text = file.read_text(encoding="utf-8")
        head = dict(HEAD.findall(text))
        broken = {path for path, _ in violations(text)}
        if head.get("shapes") == "no":
            assert broken == set()
        else:
            assert broken & properties_of(model, head["path"])
