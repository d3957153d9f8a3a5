"""The citation of a dataset for programs that keep references; whoever may read the page may have it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.citizendata.core.citing import FORMS
from ckanext.citizendata.feeds.rendering import Rendering
from ckanext.citizendata.feeds.revision import revision
from ckanext.citizendata.logic.feeds.answer import Answer, refusal
from ckanext.citizendata.logic.pages.citation import citation
from ckanext.citizendata.model import open_record
from ckanext.citizendata.views.readable import readable_package
from ckanext.citizendata.views.served import served

__all__ = ["citations"]

citations = Blueprint("citizendata_citations", __name__, url_prefix="/dataset")


@citations.get("/<id>/cite.<suffix>")
def download(id: str, suffix: str) -> ResponseReturnValue:
    """A file with one reference, in the reader's language where the dataset has a title in it."""
    form = FORMS.get(suffix)
    if form is None:
        sentence = tk._("{suffix} is no form of a citation; there are {endings}.")
        return served(refusal(404, sentence.format(suffix=suffix, endings=", ".join(FORMS))), "text/plain")
    package = readable_package(id)
    body = form.write(citation(package)).encode()
    is_closed = open_record.open_iri(package["id"]) is None
    answer = Answer(200, lambda: Rendering(body), revision=revision(body), private=is_closed)
    return _named(served(answer, f"{form.media_type}; charset=utf-8"), f"{package['name']}.{suffix}")


def _named(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
