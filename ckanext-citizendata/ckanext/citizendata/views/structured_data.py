"""Croissant at ckanext-dcat's own address, under our rule; CKAN serves the plugin that is listed first."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckanext.dcat.blueprints import read_dataset_croissant
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.citizendata.feeds.rendering import Rendering
from ckanext.citizendata.feeds.revision import revision
from ckanext.citizendata.logic.contexts import nobody
from ckanext.citizendata.logic.feeds.answer import Answer, refusal
from ckanext.citizendata.logic.feeds.dataset_rdf import is_of_other_type
from ckanext.citizendata.logic.feeds.structured_data import croissant, has_croissant
from ckanext.citizendata.views.served import served

__all__ = ["structured_data"]

structured_data = Blueprint("citizendata_structured_data", __name__)

JSON_LD = "application/ld+json; charset=utf-8"


@structured_data.get("/dataset/<id>/croissant.jsonld")
def croissant_file(id: str) -> ResponseReturnValue:
    """The Croissant of a dataset; one 404 for what isn't there, isn't for everyone, or isn't for training."""
    if has_croissant() and is_of_other_type(id):
        return read_dataset_croissant(id)
    text = _croissant(id) if has_croissant() else None
    if text is None:
        return served(refusal(404, tk._("There is no such dataset here, or you may not see it.")), JSON_LD)
    body = text.encode()
    return served(Answer(200, lambda: Rendering(body), revision=revision(body)), JSON_LD)


def _croissant(id: str) -> str | None:
    try:
        package = tk.get_action("package_show")(nobody(), {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    return croissant(package)
