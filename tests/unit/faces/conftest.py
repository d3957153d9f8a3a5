"""What the tests of derived files share: the model, and shapes that are read once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pyshacl
import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import SH

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.faces.shacl import shapes_turtle
from tests.generation.shapes import ShapesGraph

# The violations of a graph, each as its path and the messages in English.
Violations: TypeAlias = "Callable[[str], list[tuple[str, str]]]"


@pytest.fixture(scope="session")
def model() -> Model:
    return catalogue_model.load()


@pytest.fixture(scope="session")
def shapes(model: Model) -> Graph:
    return ShapesGraph().parse(data=shapes_turtle(model.public, catalogue_model.profile()), format="turtle")


@pytest.fixture(scope="session")
def violations(shapes: Graph) -> Violations:
    def found(turtle: str) -> list[tuple[str, str]]:
        data = Graph().parse(data=turtle, format="turtle")
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
        assert isinstance(report, Graph)
        # What a result has as its detail is no result of its own.
        results = [each for each in report.objects(None, SH.result) if isinstance(each, BNode | URIRef)]
        broken = [each for each in results if report.value(each, SH.resultSeverity) == SH.Violation]
        return sorted((str(report.value(each, SH.resultPath)), _message(report, each)) for each in broken)

    return found


def _message(report: Graph, result: BNode | URIRef) -> str:
    messages = [text for text in report.objects(result, SH.resultMessage) if isinstance(text, Literal)]
    return next((str(text) for text in messages if text.language in ("en", None)), "")
