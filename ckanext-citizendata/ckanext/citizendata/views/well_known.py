"""What this site says of itself to other catalogues."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from ckanext.citizendata.logic.feeds.well_known import well_known as document

__all__ = ["well_known"]

well_known = Blueprint("citizendata_well_known", __name__)


@well_known.get("/.well-known/citizendata")
def show() -> Response:
    """The document, for programs of all sites."""
    response = jsonify(document())
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
