"""The terms of our own: each that is used is defined, and none is defined that isn't used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from rdflib import Graph

from ckanext.citizendata.core.graph import Index
from ckanext.citizendata.core.terms import CDATA, OWL, RDF, RDFS

ROOT = Path(__file__).parents[3]
ONTOLOGY = ROOT / "schemas" / "cdata.ttl"
CODE = ROOT / "ckanext-citizendata" / "ckanext" / "citizendata"
USED = re.compile(r"\bcdata:([A-Za-z]\w*)|\bCDATA\.([A-Za-z]\w*)|<" + re.escape(str(CDATA)) + r"(\w+)>")
COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(quad.triple for quad in parse(ONTOLOGY.read_text(encoding="utf-8"), format=RdfFormat.TURTLE))


def used() -> Iterator[str]:
    files = [*(ROOT / "schemas").glob("*.yaml"), *(ROOT / "vocabularies").glob("*.ttl"), *CODE.rglob("*.py")]
    for file in files:
        for found in USED.finditer(COMMENT.sub("", file.read_text(encoding="utf-8"))):
            yield next(filter(None, found.groups()))


def defined(index: Index) -> set[str]:
    return {node.value.removeprefix(str(CDATA)) for node in index.described if node in CDATA}


class TestOntology:
    def test_defines_what_is_used(self, index: Index) -> None:
        """In the schema, the code lists and the code; and nothing else."""
        assert defined(index) == set(used())

    def test_explains_every_term(self, index: Index) -> None:
        """With a kind, a name and a definition in English."""
        for name in defined(index):
            term = CDATA[name]
            assert index.value(term, RDF.type), name
            for predicate in (RDFS.label, RDFS.comment):
                texts = [text for text in index.objects(term, predicate) if isinstance(text, Literal)]
                assert [text.language for text in texts] == ["en"], name

    def test_has_a_head(self, index: Index) -> None:
        """At the address that the terms' IRIs lead to."""
        head = NamedNode(str(CDATA).removesuffix("#"))
        assert index.value(head, RDF.type) == OWL.Ontology
        assert index.value(head, OWL.versionInfo)

    def test_is_read_by_rdflib_too(self, index: Index) -> None:
        """The same statements."""
        statements = sum(len(index.statements(subject)) for subject in index.described)
        assert len(Graph().parse(ONTOLOGY, format="turtle")) == statements
