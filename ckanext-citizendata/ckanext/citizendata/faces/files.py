"""Which files of the tree are made from the schema, and by what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.exchange.template import stored, template
from ckanext.citizendata.faces.context import context_json
from ckanext.citizendata.faces.reference import reference_markdown
from ckanext.citizendata.faces.shacl import profile_turtle, shapes_turtle
from ckanext.citizendata.faces.solr import solr_json

__all__ = ["FACES", "outdated", "write_all"]

Render = Callable[[], bytes]


def _shapes() -> bytes:
    return shapes_turtle(catalogue_model.load().public, catalogue_model.profile()).encode()


def _profile_shapes() -> bytes:
    return profile_turtle(catalogue_model.profile()).encode()


def _context() -> bytes:
    return context_json(catalogue_model.load().public).encode()


def _solr() -> bytes:
    return solr_json(catalogue_model.load()).encode()


def _reference() -> bytes:
    return reference_markdown(catalogue_model.load()).encode()


def _template() -> bytes:
    return stored(template(catalogue_model.load()))


# Where each file is, from the root of the checkout; equal input must give equal bytes.
FACES: tuple[tuple[str, Render], ...] = (
    ("schemas/generated/shapes.ttl", _shapes),
    ("schemas/generated/dcat-ap.shapes.ttl", _profile_shapes),
    ("schemas/generated/context.jsonld", _context),
    ("schemas/generated/solr-fields.json", _solr),
    ("schemas/generated/template.xlsx", _template),
    ("docs/reference/fields.md", _reference),
)


def write_all(root: Path) -> None:
    """Makes every file anew."""
    for path, render in FACES:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(render())


def outdated(root: Path) -> Iterator[str]:
    """The paths of files that are missing or aren't what the schema gives now."""
    for path, render in FACES:
        target = root / path
        if not target.is_file() or target.read_bytes() != render():
            yield path
