"""Datasets and the catalogue as RDF, at ckanext-dcat's own addresses; CKAN serves the plugin that is listed first."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckanext.dcat import utils as dcat
from ckanext.dcat.logic import dcat_catalog_show
from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from ckanext.citizendata.feeds.face import FACES, Face, face_from_accept, face_from_suffix
from ckanext.citizendata.logic import own_type
from ckanext.citizendata.logic.answer import Answer, Damaged, refusal
from ckanext.citizendata.logic.catalogue_head import catalogue_address, site_address
from ckanext.citizendata.logic.catalogue_rdf import catalogue_answer, refused_profiles
from ckanext.citizendata.logic.dataset_rdf import dataset_answer, is_of_other_type

__all__ = ["rdf"]

rdf = Blueprint("citizendata_rdf", __name__)

WITHHELD = "Citizendata-Withheld"


@rdf.get("/dataset/<id>.<suffix>")
def dataset(id: str, suffix: str) -> ResponseReturnValue:
    """One dataset; 410 with a tombstone for what was public and is gone."""
    face = face_from_suffix(suffix)
    if face is None:
        return _unknown_face(suffix)
    if is_of_other_type(id):
        return dcat.read_dataset_page(id, suffix) if suffix in dcat.CONTENT_TYPES else _unknown_face(suffix)
    refused = refused_profiles(request.args.get("profiles"))
    response = _response(refused or dataset_answer(id, face, {"user": tk.current_user.name}), face)
    response.vary.update(["Cookie", str(tk.config.get("apitoken_header_name") or "Authorization")])
    return response


def catalogue(suffix: str) -> ResponseReturnValue:
    """One page of the catalogue, the same for every reader."""
    face = face_from_suffix(suffix)
    if face is None:
        return _unknown_face(suffix)
    return _response(catalogue_answer(request.args, face, _stock), face)


rdf.add_url_rule(
    str(tk.config.get("ckanext.dcat.catalog_endpoint") or "/catalog.{_format}").replace("{_format}", "<suffix>"),
    view_func=catalogue,
)


@rdf.get("/catalog")
def catalogue_iri() -> ResponseReturnValue:
    """The way from the catalogue's IRI to what describes it: RDF where it is asked for, else the search page."""
    face = face_from_accept(request.headers.get("Accept", ""))
    return _see_other(catalogue_address(face.suffix) if face else tk.url_for(f"{own_type.dataset_type()}.search"))


@rdf.get("/record/<id>")
def record_iri(id: str) -> ResponseReturnValue:
    """The way from a catalogue record's IRI to what describes it."""
    face = face_from_accept(request.headers.get("Accept", ""))
    return _see_other(_dataset_address(id, face) if face else tk.url_for(f"{own_type.dataset_type()}.read", id=id))


@rdf.before_app_request
def negotiate() -> ResponseReturnValue | None:
    """Sends whoever asks a dataset's page for RDF to its RDF, whether the dataset exists or not."""
    face = face_from_accept(request.headers.get("Accept", "")) if _is_dataset_page() else None
    return _see_other(_dataset_address(str((request.view_args or {})["id"]), face)) if face else None


@rdf.after_app_request
def vary(response: Response) -> Response:
    """A dataset's page depends on what is accepted."""
    if _is_dataset_page():
        response.vary.add("Accept")
    return response


def _is_dataset_page() -> bool:
    return request.endpoint == f"{own_type.dataset_type()}.read" and request.method in ("GET", "HEAD")


def _dataset_address(id: str, face: Face) -> str:
    return f"{site_address()}/dataset/{id}.{face.suffix}"


def _see_other(address: str) -> Response:
    response: Response = redirect(address, 303)  # type: ignore
    response.vary.add("Accept")
    return response


def _stock(parameters: dict[str, object]) -> str:
    return dcat_catalog_show({"user": "", "auth_user_obj": None}, parameters)


def _unknown_face(suffix: str) -> Response:
    endings = ", ".join(face.suffix for face in FACES)
    sentence = tk._("{suffix} is no form of RDF that is served here; there are {endings}.")
    return _response(refusal(404, sentence.format(suffix=suffix, endings=endings)), FACES[0])


def _response(answer: Answer, face: Face) -> Response:
    try:
        return _answered(answer, face)
    except Damaged as error:
        return _answered(refusal(500, error.sentence), face)


def _answered(answer: Answer, face: Face) -> Response:
    if answer.private:
        # Else CKAN adds `public` to what only this reader may see.
        request.environ["__no_cache__"] = True
    if answer.revision and request.if_none_match.contains(answer.revision):
        response = Response(status=304)
    elif answer.render is None:
        response = Response(f"{answer.sentence}\n", answer.status, content_type="text/plain; charset=utf-8")
    else:
        rendering = answer.render()
        response = Response(rendering.body, answer.status, content_type=face.content_type)
        response.headers[WITHHELD] = str(rendering.withheld)
    if answer.revision:
        response.set_etag(answer.revision)
    if answer.status == 503:
        response.headers["Retry-After"] = "10"
    return response
