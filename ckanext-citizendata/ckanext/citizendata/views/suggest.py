"""What a search box suggests while somebody types."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ckanext.citizendata.logic.finding.suggestions import suggestions
from ckanext.citizendata.logic.search_failure import FAILED

__all__ = ["suggest"]

suggest = Blueprint("citizendata_suggest", __name__)


@suggest.get("/search/suggest")
def typed() -> ResponseReturnValue:
    """A list of suggestions; an empty one while the search is out of order, since nobody asked for any."""
    # Else CKAN adds `public` to what only this reader may see.
    request.environ["__no_cache__"] = True
    try:
        found = suggestions(request.args.get("q", "").strip())
    except FAILED:
        return jsonify([]), 503
    return jsonify([asdict(each) for each in found])
