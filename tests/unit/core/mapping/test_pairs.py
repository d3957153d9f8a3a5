"""Every pair of `tests/data/pairs`: a package, and the record that it is, both written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.fingerprint import fingerprint
from ckanext.citizendata.core.graph import Graph
from ckanext.citizendata.core.mapping import Subject, fragment_from_package, own_statements, package_from_fragment

PAIRS = Path(__file__).parents[3] / "data" / "pairs"
NAMES = sorted(path.stem for path in PAIRS.glob("*.json"))
OURS = [name for name in NAMES if not name.startswith("foreign")]
# A foreign record is read; what we would write is less than it says.
FOREIGN = [name for name in NAMES if name.startswith("foreign")]


def pair(name: str) -> tuple[dict[str, Any], Graph]:
    described = json.loads((PAIRS / f"{name}.json").read_text(encoding="utf-8"))
    turtle = (PAIRS / f"{name}.ttl").read_text(encoding="utf-8")
    return described, frozenset(quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE))


@pytest.mark.parametrize("name", OURS)
class TestOurs:
    def test_package_becomes_the_graph(self, name: str) -> None:
        """A package is written as the Turtle beside it says, up to labels of blank nodes."""
        described, graph = pair(name)
        written = fragment_from_package(load(), described["package"], Subject(described["dataset"]))
        assert fingerprint(written) == fingerprint(graph)

    def test_graph_becomes_the_package(self, name: str) -> None:
        """The Turtle reads as the package; nothing is left over and nothing is wrong."""
        described, graph = pair(name)
        projection = package_from_fragment(load(), described["dataset"], graph)
        assert (projection.package, projection.residue, projection.problems) == (described["package"], frozenset(), ())


@pytest.mark.parametrize("name", FOREIGN)
class TestForeign:
    def test_what_can_be_taken_is_taken(self, name: str) -> None:
        """A record of others shows what can be understood, and says what could not."""
        described, graph = pair(name)
        projection = package_from_fragment(load(), described["dataset"], graph)
        assert projection.package == described["package"]
        assert sorted(f"{problem.path} {problem.code}" for problem in projection.problems) == described["problems"]

    def test_residue_is_what_we_would_not_write(self, name: str) -> None:
        """Only statements that we would write exactly so leave the residue."""
        described, graph = pair(name)
        projection = package_from_fragment(load(), described["dataset"], graph)
        assert len(graph) - len(projection.residue) == described["claimed"]


@pytest.mark.parametrize("name", NAMES)
class TestLaw:
    def test_package_and_residue_give_the_graph_again(self, name: str) -> None:
        """Writing the projection over its residue gives back every statement, and no other but the own ones."""
        described, graph = pair(name)
        projection = package_from_fragment(load(), described["dataset"], graph)
        written = fragment_from_package(load(), projection.package, Subject(described["dataset"]), projection.residue)
        assert fingerprint(written) == fingerprint(graph | own_statements(described["dataset"]))
