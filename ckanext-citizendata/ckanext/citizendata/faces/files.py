"""Which files of the tree are made from the schema, and by what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.conformance import Profile
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.exchange.template import stored, template
from ckanext.citizendata.faces.context import context_json
from ckanext.citizendata.faces.reference import reference_markdown
from ckanext.citizendata.faces.shacl import profile_turtle, shapes_turtle
from ckanext.citizendata.faces.solr import solr_json

__all__ = ["FACES", "outdated", "write_all"]

Render = Callable[[Model, Profile], bytes]


def _shapes(model: Model, profile: Profile) -> bytes:
    return shapes_turtle(model.public, profile).encode()


def _profile_shapes(_model: Model, profile: Profile) -> bytes:
    return profile_turtle(profile).encode()


def _context(model: Model, _profile: Profile) -> bytes:
    return context_json(model.public).encode()


def _solr(model: Model, _profile: Profile) -> bytes:
    return solr_json(model).encode()


def _reference(model: Model, _profile: Profile) -> bytes:
    return reference_markdown(model).encode()


def _template(model: Model, _profile: Profile) -> bytes:
    return stored(template(model))


# Where each file is, from the root of the checkout; equal input must give equal bytes.
FACES: Mapping[str, Render] = MappingProxyType(
    {
        "schemas/generated/shapes.ttl": _shapes,
        "schemas/generated/dcat-ap.shapes.ttl": _profile_shapes,
        "schemas/generated/context.jsonld": _context,
        "schemas/generated/solr-fields.json": _solr,
        "schemas/generated/template.xlsx": _template,
        "docs/reference/fields.md": _reference,
    }
)


def write_all(root: Path) -> None:
    """Makes every file anew."""
    for path, render in FACES.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(render(catalogue_model.load(), catalogue_model.profile()))


def outdated(root: Path) -> Iterator[str]:
    """The paths of files that are missing or aren't what the schema gives now."""
    for path, render in FACES.items():
        target = root / path
        current = render(catalogue_model.load(), catalogue_model.profile())
        if not target.is_file() or target.read_bytes() != current:
            yield path
