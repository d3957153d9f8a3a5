"""Datasets and the catalogue as RDF, at ckanext-dcat's own addresses; CKAN serves the plugin that is listed first."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckanext.dcat import utils as dcat
from ckanext.dcat.logic import dcat_catalog_show
from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from ckanext.citizendata.feeds.face import FACES, Face, face_from_accept, face_from_suffix
from ckanext.citizendata.logic import own_type
from ckanext.citizendata.logic.contexts import nobody
from ckanext.citizendata.logic.feeds.answer import Answer, refusal
from ckanext.citizendata.logic.feeds.catalogue_head import catalogue_address, site_address
from ckanext.citizendata.logic.feeds.catalogue_rdf import catalogue_answer, nonconforming_answer, refused_profiles
from ckanext.citizendata.logic.feeds.dataset_rdf import dataset_answer, is_of_other_type
from ckanext.citizendata.logic.feeds.signposts import signposts_of_file, signposts_of_page
from ckanext.citizendata.views.served import open_to_scripts, served

__all__ = ["rdf"]

rdf = Blueprint("citizendata_rdf", __name__)

NONCONFORMING = "/catalog/nonconforming.json"


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


@rdf.get(NONCONFORMING)
def nonconforming() -> ResponseReturnValue:
    """The records of one page of the catalogue that aren't in `conforms=dcat-ap`, and why."""
    found = nonconforming_answer(request.args)
    if isinstance(found, Answer):
        return _response(found, FACES[0])
    number = found["page"] + 1
    following = f"{site_address()}{NONCONFORMING}?page={number}" if number <= found["last"] else None
    return jsonify({**found, "next": following})


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
def lead_on(response: Response) -> Response:
    """A dataset's page depends on what is accepted; it and its files name what belongs to them."""
    if _is_dataset_page():
        response.vary.add("Accept")
    if response.status_code == 200:
        for link in _signposts():
            response.headers.add("Link", link)
    return response


@rdf.after_request
def answer_scripts(response: Response) -> Response:
    """Scripts of other sites ask first whether they may ask with a tag."""
    return open_to_scripts(response) if request.method == "OPTIONS" else response


def _signposts() -> tuple[str, ...]:
    if _is_dataset_page():
        return signposts_of_page(getattr(tk.g, "pkg_dict", None) or {})
    if request.endpoint == f"{own_type.dataset_type()}_resource.download":
        return signposts_of_file(str((request.view_args or {})["id"]))
    return ()


def _is_dataset_page() -> bool:
    return request.endpoint == f"{own_type.dataset_type()}.read" and request.method in ("GET", "HEAD")


def _dataset_address(id: str, face: Face) -> str:
    return f"{site_address()}/dataset/{id}.{face.suffix}"


def _see_other(address: str) -> Response:
    response: Response = redirect(address, 303)  # type: ignore
    response.vary.add("Accept")
    return open_to_scripts(response)


def _stock(parameters: dict[str, object]) -> str:
    return dcat_catalog_show(nobody(), parameters)


def _unknown_face(suffix: str) -> Response:
    endings = ", ".join(face.suffix for face in FACES)
    sentence = tk._("{suffix} is no form of RDF that is served here; there are {endings}.")
    return _response(refusal(404, sentence.format(suffix=suffix, endings=endings)), FACES[0])


def _response(answer: Answer, face: Face) -> Response:
    return served(answer, face.content_type)
