"""What is done by itself where people could come to harm: narrow readers, and no exact places on the way out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor
from typing import Any, TypeAlias

from ckanext.citizendata.core.rules.answers import Package, rows, text

__all__ = ["CAREFUL", "asks_for_care", "coarse", "safe_defaults"]

# The answers by which a record asks for care.
CAREFUL: Mapping[str, frozenset[str]] = {
    "indigenous_data": frozenset({"yes"}),
    "sensitivity": frozenset({"high", "severe"}),
    "personal_data": frozenset({"identifiable"}),
}
DEFAULTS: Mapping[str, str] = {"access_rights": "NON_PUBLIC", "audience": "producer"}
# West, south, east and north, in degrees.
Box: TypeAlias = tuple[float, float, float, float]
PLACES = "spatial_coverage"
SHAPES = ("bbox", "geom", "centroid")
# The least extent of a shape that leaves the site, in degrees both ways: about 110 km, a large district.
COARSE = 1.0
NESTED = 20


def asks_for_care(package: Package) -> bool:
    """Whether data of Indigenous Peoples, of high or severe sensitivity or about recognisable people are described."""
    return any(text(package, question) in answers for question, answers in CAREFUL.items())


def safe_defaults(package: Package) -> dict[str, str]:
    """Access and audience for a record that asks for care, where the person gave none; `{}` for every other."""
    if not asks_for_care(package):
        return {}
    return {name: code for name, code in DEFAULTS.items() if not package.get(name)}


def coarse(package: Package) -> dict[str, Any]:
    """The package as it may leave the site: one that asks for care without exact places.

    A place with a shape finer than a degree is left out whole. Of a wider one the box around it is told, in whole
    degrees: its vertices, or its many points, could be the villages themselves. The address of a place leads to a
    point, and goes.
    """
    if PLACES not in package or not asks_for_care(package):
        return dict(package)
    kept = [row for place in rows(package, PLACES) if (row := _coarse_place(place))]
    others = {name: value for name, value in package.items() if name != PLACES}
    return others | ({PLACES: kept} if kept else {})


def _coarse_place(place: Package) -> dict[str, Any]:
    """The part of a place that may be told; empty where nothing may."""
    name = {"name": place["name"]} if place.get("name") else {}
    shapes = [place[shape] for shape in SHAPES if place.get(shape)]
    if not shapes:
        return name
    boxes = [_box(shape) for shape in shapes if shape != place.get("centroid")]
    if not boxes or not all(box and _is_wide(*box) for box in boxes):
        return {}
    return {**name, "bbox": _told(_around([box for box in boxes if box]))}


def _box(shape: Any) -> Box | None:
    """The box around a GeoJSON shape; None where it can't be read."""
    try:
        found = json.loads(shape) if isinstance(shape, str) else shape
    except (ValueError, RecursionError):
        return None
    positions = list(_positions(found, NESTED))
    if not positions:
        return None
    east, north = zip(*positions, strict=True)
    return min(east), min(north), max(east), max(north)


def _is_wide(west: float, south: float, east: float, north: float) -> bool:
    return east - west >= COARSE and north - south >= COARSE


def _around(boxes: Sequence[Box]) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return floor(min(west)), floor(min(south)), ceil(max(east)), ceil(max(north))


def _told(box: Box) -> str:
    """The box as a GeoJSON polygon."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]}, separators=(",", ":"))


def _positions(found: Any, nested: int) -> Iterator[tuple[float, float]]:
    """All positions of a geometry, of whatever type."""
    if nested == 0:
        return
    if isinstance(found, Mapping):
        for key in ("coordinates", "geometries"):
            yield from _positions(found.get(key), nested - 1)
    elif isinstance(found, list) and len(found) > 1 and all(isinstance(each, (int, float)) for each in found):
        yield found[0], found[1]
    elif isinstance(found, list):
        for each in found:
            yield from _positions(each, nested - 1)
