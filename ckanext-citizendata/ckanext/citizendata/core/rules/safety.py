"""What is done by itself where people could come to harm: narrow readers, and no exact places on the way out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.citizendata.core.rules.answers import Package, rows, text

__all__ = ["asks_for_care", "coarse", "safe_defaults"]

CAREFUL: Mapping[str, frozenset[str]] = {
    "indigenous_data": frozenset({"yes"}),
    "sensitivity": frozenset({"high", "severe"}),
    "personal_data": frozenset({"identifiable"}),
}
DEFAULTS: Mapping[str, str] = {"access_rights": "NON_PUBLIC", "audience": "producer"}
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

    A place with a shape finer than a degree is left out whole. The middle of a large one goes, and so does the address
    of every place, which leads to a point; names and wide shapes stay.
    """
    if PLACES not in package or not asks_for_care(package):
        return dict(package)
    kept = [row for place in rows(package, PLACES) if (row := _coarse_place(place))]
    others = {name: value for name, value in package.items() if name != PLACES}
    return others | ({PLACES: kept} if kept else {})


def _coarse_place(place: Package) -> dict[str, Any]:
    """The part of a place that may be told; empty where nothing may."""
    if any(not _is_wide(place[shape]) for shape in SHAPES if place.get(shape) and shape != "centroid"):
        return {}
    if place.get("centroid") and not (place.get("bbox") or place.get("geom")):
        return {}
    return {name: value for name, value in place.items() if name not in ("centroid", "uri")}


def _is_wide(shape: Any) -> bool:
    """Whether a GeoJSON shape spans a degree both ways; one that can't be read doesn't."""
    try:
        found = json.loads(shape) if isinstance(shape, str) else shape
    except (ValueError, RecursionError):
        return False
    positions = list(_positions(found, NESTED))
    if not positions:
        return False
    east, north = zip(*positions, strict=True)
    return max(east) - min(east) >= COARSE and max(north) - min(north) >= COARSE


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
