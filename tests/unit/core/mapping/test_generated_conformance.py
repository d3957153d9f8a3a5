"""Made-up packages and their records are right by every check: of packages, of records, of shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.citizendata.catalogue_model import load, profile
from ckanext.citizendata.core.conformance import check_package, check_record
from ckanext.citizendata.core.mapping import Subject, fragment_from_package

from ....generation.packages import DATASET, maker
from ....generation.shapes import violations_by_record

PACKAGES = 500
SHOWN_TO_SHAPES = 50
SUBJECT = Subject(DATASET)
SEEDS = st.integers(0, 2**32 - 1)
generated = settings(max_examples=PACKAGES, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def typed_in(package: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a person: what follows from others isn't theirs to write."""
    derived = {field.name for field in load().schema.fields if field.obligation == "derived"}
    return {key: value for key, value in package.items() if key not in derived}


@generated
@given(SEEDS)
def test_package(seed: int) -> None:
    """A package that the schema allows has no error, and what is typed in no word that isn't taken."""
    package = maker(load()).package(seed)
    codes = {problem.code for problem in check_package(load(), package) if problem.severity == "error"}
    assert codes <= {"not_yours"}, seed
    assert check_package(load(), typed_in(package)) == (), seed


@generated
@given(SEEDS)
def test_record(seed: int) -> None:
    """Its public record has no error either, by the schema and by DCAT-AP."""
    fragment = fragment_from_package(load().public, maker(load()).package(seed), SUBJECT)
    problems = check_record(load(), DATASET, fragment, profile())
    assert [problem for problem in problems if problem.severity == "error"] == [], seed


def test_shapes() -> None:
    """Public records have no violation by the shapes, all in one graph; a file's address differs by record."""
    records: dict[str, str] = {}
    for seed in range(SHOWN_TO_SHAPES):
        fragment = fragment_from_package(load().public, maker(load()).package(seed), SUBJECT)
        site = f"https://node{seed}.example/"
        records[site] = fragment.replace("https://node.example/", site)
    assert violations_by_record(records) == {}
