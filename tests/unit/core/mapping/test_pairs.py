"""Every pair of `tests/data/pairs`: a package, and the record that it is, both written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.fingerprint import fingerprint
from ckanext.citizendata.core.graph import ntriples_from_graph
from ckanext.citizendata.core.mapping import Subject, fragment_from_package, own_statements, package_from_fragment

PAIRS = Path(__file__).parents[3] / "data" / "pairs"
NAMES = sorted(path.stem for path in PAIRS.glob("*.json"))
OURS = [name for name in NAMES if not name.startswith("foreign")]
# A foreign record is read; what we would write is less than it says.
FOREIGN = [name for name in NAMES if name.startswith("foreign")]
FIELDS = sorted(f"fields/{path.stem}" for path in PAIRS.glob("fields/*.json"))
# What is shown of a record without title or description.
MADE_UP = ("title", "notes")


def pair(name: str) -> tuple[dict[str, Any], str]:
    described = json.loads((PAIRS / f"{name}.json").read_text(encoding="utf-8"))
    turtle = (PAIRS / f"{name}.ttl").read_text(encoding="utf-8")
    return described, ntriples_from_graph({quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)})


def shape_of(fragment: str) -> str:
    """Equal for equal graphs, whatever their blank nodes are called."""
    return fingerprint(fragment)


@pytest.mark.parametrize("name", [*OURS, *FIELDS])
def test_package_becomes_the_graph(name: str) -> None:
    """A package is written as the Turtle beside it says, up to labels of blank nodes."""
    described, fragment = pair(name)
    written = fragment_from_package(load(), described["package"], Subject(described["dataset"]))
    assert shape_of(written) == shape_of(fragment)


@pytest.mark.parametrize("name", OURS)
def test_graph_becomes_the_package(name: str) -> None:
    """The Turtle reads as the package; nothing is left over and nothing is wrong."""
    described, fragment = pair(name)
    projection = package_from_fragment(load(), described["dataset"], fragment)
    assert (projection.package, projection.residue, projection.problems) == (described["package"], "", ())


@pytest.mark.parametrize("name", FIELDS)
class TestField:
    def test_graph_becomes_the_package(self, name: str) -> None:
        """The Turtle reads as the value, beside what silence means and what stands in for a title."""
        described, fragment = pair(name)
        projection = package_from_fragment(load(), described["dataset"], fragment)
        read = {key: value for key, value in projection.package.items() if key not in MADE_UP}
        assert read == {**load().plan.absent, **described["package"]}
        assert (projection.residue, {problem.code for problem in projection.problems} - {"missing"}) == ("", set())

    def test_closed_field_is_not_told(self, name: str) -> None:
        """The public model writes what the Turtle says of open fields, and nothing of closed ones."""
        described, fragment = pair(name)
        field = load().schema.field(name.rpartition("/")[2])
        written = fragment_from_package(load().public, described["package"], Subject(described["dataset"]))
        own = own_statements(load(), described["dataset"])
        assert shape_of(written) == shape_of(own if field and field.closed else fragment)


def test_every_field_has_a_pair() -> None:
    """Each field of the dataset and of its files that is written in RDF has a pair of its own name, and no other."""
    schema = load().schema
    wanted = {field.name for field in schema.fields if field.shape}
    files = {f"resources.{field.name}" for field in schema.resource_fields if field.shape}
    assert {name.removeprefix("fields/") for name in FIELDS} == wanted | files


@pytest.mark.parametrize("name", FOREIGN)
class TestForeign:
    def test_what_can_be_taken_is_taken(self, name: str) -> None:
        """A record of others shows what can be understood, and says what could not."""
        described, fragment = pair(name)
        projection = package_from_fragment(load(), described["dataset"], fragment)
        assert projection.package == described["package"]
        assert sorted(f"{problem.path} {problem.code}" for problem in projection.problems) == described["problems"]

    def test_residue_is_what_we_would_not_write(self, name: str) -> None:
        """Only statements that we would write exactly so leave the residue."""
        described, fragment = pair(name)
        projection = package_from_fragment(load(), described["dataset"], fragment)
        assert fragment.count("\n") - projection.residue.count("\n") == described["claimed"]


@pytest.mark.parametrize("name", NAMES)
def test_package_and_residue_give_the_graph_again(name: str) -> None:
    """Writing the projection over its residue gives back every statement, and no other but the own ones."""
    described, fragment = pair(name)
    projection = package_from_fragment(load(), described["dataset"], fragment)
    written = fragment_from_package(load(), projection.package, Subject(described["dataset"]), projection.residue)
    assert shape_of(written) == shape_of(fragment + own_statements(load(), described["dataset"]))
