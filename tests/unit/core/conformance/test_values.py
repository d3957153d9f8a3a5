"""Rules for dates, numbers, addresses and geometries."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Check = Callable[[str, Any], list[tuple[str, str]]]
RING = [[0, 0], [0, 1], [1, 1], [0, 0]]


class TestScalars:
    @pytest.mark.parametrize(
        ("name", "good", "bad", "code"),
        [
            ("day", ["2023", "2023-04", "2024-02-29"], ["2023-13", "2023-02-29", "yesterday", 2023], "no_date"),
            ("mail", ["data@example.org"], ["data at example", "data@example", 5], "no_mail"),
            ("phone", ["+254700000000"], ["call me", "+254 700 000 000", 254700], "no_phone"),
            ("page", ["https://example.org/a"], ["javascript:alert(1)", "example.org", "https://a b", 5], "no_address"),
        ],
    )
    def test_form(self, value: Check, name: str, good: list[Any], bad: list[Any], code: str) -> None:
        """A value has the form of its kind, as packages hold it."""
        assert [value(name, each) for each in good] == [[]] * len(good)
        assert [value(name, each) for each in bad] == [[(name, code)]] * len(bad)

    def test_addresses(self, value: Check) -> None:
        """Each address of a list is one of the web, and matches the pattern."""
        listed = ["https://example.org/a", "x", "https://example.com/", "https://example.org/a"]
        assert value("pages", listed) == [("pages[1]", "no_address"), ("pages[2]", "pattern"), ("pages[3]", "twice")]


class TestNumber:
    @pytest.mark.parametrize(
        ("name", "number", "code"),
        [
            ("youngest", 0, None),
            ("youngest", 130, None),
            ("youngest", 12.0, None),
            ("youngest", -1, "too_small"),
            ("youngest", 131, "too_large"),
            ("youngest", 1.5, "no_number"),
            ("youngest", "12", "no_number"),
            ("youngest", True, "no_number"),
            ("rate", 92.5, None),
            ("rate", -0.1, "too_small"),
            ("rate", float("nan"), "no_number"),
            ("rate", float("inf"), "no_number"),
            ("rate", 10**15, "too_large"),
            ("rate", 10**400, "too_large"),
            ("shift", -3, None),
        ],
    )
    def test_bounds(self, value: Check, name: str, number: Any, code: str | None) -> None:
        """A number lies within its bounds; what is counted isn't negative."""
        assert value(name, number) == ([(name, code)] if code else [])


class TestGeometry:
    @pytest.mark.parametrize(
        ("kind", "coordinates"),
        [
            ("Point", [36.8, -1.3]),
            ("Point", [36.8, -1.3, 1700]),
            ("MultiPoint", [[1, 2]]),
            ("LineString", [[1, 2], [3, 4]]),
            ("MultiLineString", [[[1, 2], [3, 4]]]),
            ("Polygon", [RING]),
            ("MultiPolygon", [[RING], [RING, RING]]),
        ],
    )
    def test_fine(self, value: Check, kind: str, coordinates: Any) -> None:
        """Every type of GeoJSON's geometries is taken, alone and in a collection."""
        one = {"type": kind, "coordinates": coordinates}
        assert value("area", json.dumps(one)) == []
        assert value("area", json.dumps({"type": "GeometryCollection", "geometries": [one, one]})) == []

    @pytest.mark.parametrize(
        "written",
        [
            "POINT (36.8 -1.3)",
            "[" * 100_000,
            '"Point"',
            '{"type": "Circle", "coordinates": [1, 2]}',
            '{"type": ["Point"], "coordinates": [1, 2]}',
            '{"type": "Point"}',
            '{"type": "Point", "coordinates": [1]}',
            '{"type": "Point", "coordinates": [1, "2"]}',
            '{"type": "Point", "coordinates": [1, true]}',
            '{"type": "Point", "coordinates": [1, NaN]}',
            '{"type": "Point", "coordinates": [1, 1e400]}',
            '{"type": "LineString", "coordinates": [[1, 2]]}',
            '{"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [2, 2]]]}',
            '{"type": "Polygon", "coordinates": []}',
            '{"type": "GeometryCollection", "geometries": []}',
            '{"type": "Point", "coordinates": [1, 2]}\x0b',
            {"type": "Point", "coordinates": [1, 2]},
        ],
    )
    def test_refused(self, value: Check, written: Any) -> None:
        """What no map could draw is refused."""
        assert value("area", written) == [("area", "no_geometry")]

    def test_nested_too_deep(self, value: Check) -> None:
        """Collections in collections come to an end."""
        point = '{"type":"Point","coordinates":[1,2]}'
        deep = '{"type":"GeometryCollection","geometries":[' * 30 + point + "]}" * 30
        assert value("area", deep) == [("area", "no_geometry")]
