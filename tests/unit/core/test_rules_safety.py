"""What is done by itself for safety, and what doesn't go together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.rules import asks_for_care, coarse, consistency, safe_defaults

SCHEMA = catalogue_model.load().schema
POINT = json.dumps({"type": "Point", "coordinates": [36.78, -1.31]})
TODAY = "2026-11-26"


def _box(size: float) -> str:
    west, south = 36.0, -1.5
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


class TestSafeDefaults:
    @pytest.mark.parametrize(
        "answer",
        [
            {"indigenous_data": "yes"},
            {"sensitivity": "high"},
            {"sensitivity": "severe"},
            {"personal_data": "identifiable"},
        ],
    )
    def test_are_narrow(self, answer: dict[str, str]) -> None:
        """Own people alone, and no public files, until a person says otherwise."""
        assert asks_for_care(answer)
        assert safe_defaults(answer) == {"access_rights": "NON_PUBLIC", "audience": "producer"}

    @pytest.mark.parametrize(
        "package",
        [
            {},
            {"indigenous_data": "no", "sensitivity": "moderate", "personal_data": "anonymised"},
            {"sensitivity": "severe", "access_rights": "PUBLIC", "audience": "everyone"},
        ],
    )
    def test_leave_what_a_person_chose(self, package: dict[str, str]) -> None:
        """And every record that asks for no care."""
        assert safe_defaults(package) == {}


AROUND_3 = '{"type":"Polygon","coordinates":[[[36,-2],[39,-2],[39,2],[36,2],[36,-2]]]}'
AROUND_2 = '{"type":"Polygon","coordinates":[[[36,-2],[38,-2],[38,1],[36,1],[36,-2]]]}'
WELLS = '{"type":"Polygon","coordinates":[[[36,-2],[38,-2],[38,1],[36,1],[36,-2]]]}'


class TestCoarse:
    @pytest.mark.parametrize(
        ("place", "kept"),
        [
            ({"name": "Makina", "geom": POINT}, None),
            ({"name": "Makina", "centroid": POINT}, None),
            ({"name": "Makina", "bbox": _box(0.9)}, None),
            ({"name": "Makina", "bbox": "not JSON"}, None),
            ({"name": "Makina", "geom": '{"type":"Point","coordinates":[]}'}, None),
            ({"name": "Rift Valley", "bbox": _box(3), "geom": POINT}, None),
            ({"uri": "https://www.geonames.org/184745"}, None),
            ({"name": "Nairobi", "uri": "https://www.geonames.org/184745"}, {"name": "Nairobi"}),
            ({"name": "Rift Valley", "bbox": _box(3), "centroid": POINT}, {"name": "Rift Valley", "bbox": AROUND_3}),
            (
                {"geom": json.dumps({"type": "GeometryCollection", "geometries": [json.loads(_box(2))]})},
                {"bbox": AROUND_2},
            ),
            # Three villages far apart: the box is told, the villages aren't.
            (
                {"geom": '{"type":"MultiPoint","coordinates":[[36.12345,-1.12345],[37.9,0.9],[36.5,0.1]]}'},
                {"bbox": WELLS},
            ),
        ],
    )
    def test_no_exact_place_leaves(self, place: dict[str, str], kept: dict[str, str] | None) -> None:
        """Shapes finer than a degree take their place with them, of wider ones the box in whole degrees is told."""
        package = {"title": "Wells", "sensitivity": "high", "country": ["KEN"], "spatial_coverage": [place]}
        expected = {"title": "Wells", "sensitivity": "high", "country": ["KEN"]}

        assert coarse(package) == (expected | {"spatial_coverage": [kept]} if kept else expected)

    def test_other_records_keep_their_places(self) -> None:
        """Nobody is protected by hiding where a public well is."""
        package = {"sensitivity": "low_or_none", "spatial_coverage": [{"name": "Makina", "geom": POINT}]}

        assert coarse(package) == package

    def test_a_shape_without_end_is_fine(self) -> None:
        """Deep nesting is read to a point, and counts as an exact place."""
        deep = "[" * 50 + "]" * 50
        place = {"geom": f'{{"type":"Polygon","coordinates":{deep}}}'}

        assert "spatial_coverage" not in coarse({"indigenous_data": "yes", "spatial_coverage": [place]})


class TestConsistency:
    @pytest.mark.parametrize(
        ("package", "paths"),
        [
            ({}, []),
            ({"embargo_until": "2027", "access_rights": "PUBLIC"}, ["embargo_until"]),
            ({"embargo_until": "2026", "access_rights": "PUBLIC"}, []),
            ({"embargo_until": "2027", "access_rights": "RESTRICTED"}, []),
            ({"withdrawal_until": "2023-04", "issued": "2023-05-01"}, ["withdrawal_until"]),
            ({"withdrawal_until": "2023", "issued": "2023-05-01"}, []),
            ({"withdrawal_possible": "no", "withdrawal_procedure": {"en": "Call."}}, ["withdrawal_possible"]),
            ({"withdrawal_possible": "no", "withdrawal_until": "2030"}, ["withdrawal_possible"]),
            ({"withdrawal_possible": "both", "withdrawal_until": "2030"}, []),
            ({"retention_period": [{"start": "2020", "end": "2025"}]}, ["retention_period[0].end"]),
            ({"retention_period": [{"start": "2020"}]}, []),
            ({"sensitivity": "severe", "access_rights": "PUBLIC"}, ["access_rights"]),
            ({"personal_data": "identifiable", "audience": "everyone"}, ["audience"]),
            (
                {"indigenous_data": "yes", "access_rights": "PUBLIC", "audience": "everyone"},
                ["access_rights", "audience"],
            ),
            ({"sensitivity": "high", "access_rights": "RESTRICTED", "audience": "partners"}, []),
            ({"sensitivity": "low_or_none", "access_rights": "PUBLIC", "audience": "everyone"}, []),
            ({"sensitivity": ["high"], "access_rights": "PUBLIC"}, []),
        ],
    )
    def test_warns_of_what_does_not_go_together(self, package: dict[str, Any], paths: list[str]) -> None:
        """Dates and promises that contradict each other; a year lies neither before nor after its own days."""
        problems = consistency(package, SCHEMA, TODAY)

        assert [problem.path for problem in problems] == paths
        assert {problem.severity for problem in problems} <= {"warning"}

    def test_speaks_in_labels(self) -> None:
        """The reader finds the questions by what they are called on the page."""
        (problem,) = consistency({"embargo_until": "2027", "access_rights": "PUBLIC"}, SCHEMA, TODAY)

        assert problem.message == (
            "Opens on: “2027” is still to come, but “Who may get the data” says everyone. Say who may get the data"
            " till then, or take the date away."
        )

    def test_tells_what_would_be_safer(self) -> None:
        """Both answers by what they are called, and a way out; nothing is changed by itself."""
        (problem,) = consistency({"sensitivity": "severe", "audience": "everyone"}, SCHEMA, TODAY)

        assert problem.message == (
            "“Could it hurt someone?” asks for care, but “Who may see this description” says everyone. Safer: show the"
            " description only to your organisation, or to partners whom you name."
        )
