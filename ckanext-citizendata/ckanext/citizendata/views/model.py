"""The files of the metadata model, which every site serves: what its terms mean, and what a record must be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.catalogue_model import Additions
from ckanext.citizendata.faces.files import FACES
from ckanext.citizendata.logic import site_model

__all__ = ["model"]

model = Blueprint("citizendata_model", __name__, url_prefix="/citizendata")

TURTLE = "text/turtle; charset=utf-8"
JSON_LD = "application/ld+json; charset=utf-8"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARKDOWN = "text/markdown; charset=utf-8"
ONTOLOGY = "ns.ttl"
# What each file is made by, as the tree keeps it, and its media type.
SERVED: Mapping[str, tuple[str, str]] = {
    "shapes.ttl": ("schemas/generated/shapes.ttl", TURTLE),
    "dcat-ap.shapes.ttl": ("schemas/generated/dcat-ap.shapes.ttl", TURTLE),
    "context.jsonld": ("schemas/generated/context.jsonld", JSON_LD),
    "template.xlsx": ("schemas/generated/template.xlsx", WORKBOOK),
    "fields.md": ("docs/reference/fields.md", MARKDOWN),
}


@model.get(f"/{ONTOLOGY}")
def ontology() -> ResponseReturnValue:
    """What the terms of our own mean."""
    return _answer(files("ckanext.citizendata.schemas").joinpath("cdata.ttl").read_bytes(), TURTLE)


@model.get("/<name>")
def file(name: str) -> ResponseReturnValue:
    """One of the files made from the schema of this site, with the fields and codes that the site adds."""
    if name not in SERVED:
        return tk.abort(404)
    path, media_type = SERVED[name]
    return _answer(_rendered(path, site_model.additions()), media_type)


@cache
def _rendered(path: str, additions: Additions) -> bytes:
    return FACES[path](catalogue_model.load("dataset", additions), catalogue_model.profile())


def _answer(body: bytes, media_type: str) -> Response:
    """Readable by pages of other sites, since shapes and contexts are fetched from there."""
    return Response(body, content_type=media_type, headers={"Access-Control-Allow-Origin": "*"})
