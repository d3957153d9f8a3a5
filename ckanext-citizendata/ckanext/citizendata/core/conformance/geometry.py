"""What a GeoJSON geometry looks like (RFC 7946, section 3.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.lexical import strange_character

__all__ = ["is_geometry"]

# How deep the lists of positions of a type are nested, and how many positions the innermost has at least.
DEPTHS: Mapping[str, tuple[int, int]] = {
    "Point": (0, 0),
    "MultiPoint": (1, 0),
    "LineString": (1, 2),
    "MultiLineString": (2, 2),
    "Polygon": (2, 4),
    "MultiPolygon": (3, 4),
}
NESTED = 20
# Beyond any coordinate of any projection in use.
FAR = 1e9


def is_geometry(text: str) -> bool:
    """Whether `text` is a GeoJSON geometry with coordinates; a ring of a polygon ends where it began."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return strange_character(text) is None and _is_geometry(found, NESTED)


def _is_geometry(found: Any, nested: int) -> bool:
    if not isinstance(found, dict) or nested == 0:
        return False
    if found.get("type") == "GeometryCollection":
        parts = found.get("geometries")
        return isinstance(parts, list) and bool(parts) and all(_is_geometry(part, nested - 1) for part in parts)
    kind = found.get("type")
    if not isinstance(kind, str) or kind not in DEPTHS:
        return False
    depth, least = DEPTHS[kind]
    return _are_positions(found.get("coordinates"), depth, least, closed=least == 4)


def _are_positions(found: Any, depth: int, least: int, *, closed: bool) -> bool:
    if depth == 0:
        return _is_position(found)
    if not isinstance(found, list) or not found:
        return False
    if depth > 1:
        return all(_are_positions(part, depth - 1, least, closed=closed) for part in found)
    return len(found) >= least and all(map(_is_position, found)) and (not closed or found[0] == found[-1])


def _is_position(found: Any) -> bool:
    return isinstance(found, list) and len(found) in (2, 3) and all(map(_is_coordinate, found))


def _is_coordinate(found: Any) -> bool:
    # Compared, since `math.isfinite` can't take every integer.
    return isinstance(found, (int, float)) and not isinstance(found, bool) and -FAR < found < FAR
