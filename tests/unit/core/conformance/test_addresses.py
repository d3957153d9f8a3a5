"""Addresses of rows that name something else already."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.conformance import check_package
from ckanext.citizendata.core.problem import Problem

OWN = "https://data.example.org/dataset/1"
SITE = ("https://data.example.org/organization/",)
BOARD = "https://example.org/board"
CODES = {"taken", "two_names"}


def told(package: dict[str, Any]) -> list[Problem]:
    found = check_package(load(), {"uri": OWN, **package}, taken=SITE)
    return [problem for problem in found if problem.code in CODES]


class TestAddresses:
    @pytest.mark.parametrize("field", ["creator", "rights_holder", "partner", "spatial_coverage", "in_series"])
    @pytest.mark.parametrize(
        "iri",
        [
            OWN,
            "https://data.example.org/organization/5",
            load().vocabularies["country"].iri,
            next(iter(load().vocabularies["country"])).iri,
            next(iter(load().vocabularies["sdg-goal"])).iri,
        ],
    )
    def test_taken(self, field: str, iri: str) -> None:
        """The dataset's own, a list and its answers, and what the caller names."""
        problems = told({field: [{"name": "Board", "uri": BOARD}, {"name": "Lake", "uri": iri}]})
        assert [(each.path, each.code, each.severity) for each in problems] == [(f"{field}[1].uri", "taken", "error")]
        assert f"“{iri}”"[:70] in problems[0].message
        assert " 2, " in problems[0].message

    def test_derived(self) -> None:
        """The site itself writes who publishes."""
        assert told({"publisher": [{"name": "Office", "uri": SITE[0] + "5"}]}) == []

    def test_two_names(self) -> None:
        """One address, two names, in whichever fields; twice the same is fine."""
        first, second = {"name": "Water Board", "uri": BOARD}, {"name": "Health Board", "uri": BOARD}
        assert told({"creator": [first], "partner": [first]}) == []
        (problem,) = told({"creator": [first], "partner": [{"name": "A"}, second]})
        assert (problem.code, problem.severity) == ("two_names", "warning")
        assert "“Water Board”" in problem.message
        assert "“Health Board”" in problem.message

    @pytest.mark.parametrize("odd", [True, "x", [1], [{"uri": ["x"]}], [{"uri": BOARD, "name": 5}], {"uri": OWN}])
    def test_odd(self, odd: Any) -> None:
        """What is no row has no address; the other rules refuse it."""
        assert told({"creator": odd}) == []
