"""Typed links for programs that come to the page of a dataset, its RDF or a file of it: https://signposting.org/FAIR/."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.urls import iri_to_uri

from ckanext.citizendata import config
from ckanext.citizendata.core.citing import FORMS
from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.feeds.face import FACES
from ckanext.citizendata.feeds.signposts import link
from ckanext.citizendata.logic import own_type, site_model
from ckanext.citizendata.logic.feeds.catalogue_head import site_address
from ckanext.citizendata.model import open_record

__all__ = ["licence_of_files", "page_address", "signposts_of_file", "signposts_of_page", "signposts_of_rdf"]

HTML = "text/html"
TYPES = ("https://schema.org/AboutPage", "https://schema.org/Dataset")
# N3 and the second ending of RDF/XML are the same again.
DESCRIBED_BY = tuple(face for face in FACES if face.suffix not in ("xml", "n3"))
# Web servers take some kilobytes of headers; the RDF names all files.
MOST_FILES = 20
# What a media type is written in (RFC 9110 §5.6.2), and the stroke in it; a feed may say anything.
MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)


def signposts_of_page(package: Mapping[str, Any]) -> tuple[str, ...]:
    """What the page of a dataset for everyone is about, and where its descriptions and files are; else nothing."""
    iri = open_record.open_iri(package["id"]) if package.get("type") == own_type.dataset_type() else None
    return tuple(_of_page(iri, package)) if iri else ()


def signposts_of_rdf(iri: str, package_id: str) -> tuple[str, ...]:
    """What RDF for everyone describes, and under which licence."""
    licence = config.metadata_licence()
    links = (
        _link(page_address(package_id), "describes", HTML),
        _link(iri, "cite-as"),
        _link(licence, "license") if licence else "",
    )
    return tuple(filter(None, links))


def signposts_of_file(package_id: str) -> tuple[str, ...]:
    """Whose file it is, for a file of a dataset for everyone; else nothing."""
    package = own_type.own_package(package_id)
    if package is None or open_record.open_iri(package.id) is None:
        return ()
    return (_link(page_address(package.id), "collection", HTML),)


def page_address(package_id: str) -> str:
    """Where the page of a dataset is."""
    return f"{site_address()}/{own_type.dataset_type()}/{package_id}"


def licence_of_files(package: Mapping[str, Any]) -> str | None:
    """The address of the licence that all files have; None where there are several, or none."""
    codes = {resource.get("license") for resource in package.get("resources") or ()}
    return _licence(codes.pop()) if len(codes) == 1 else None


def _licence(code: Any) -> str | None:
    """The text of the licence where the list of licences knows it."""
    concept = site_model.vocabulary("licence").by_code(str(code)) if code else None
    if concept is None or not concept.written:
        return None
    return next(iter(concept.exact_matches), concept.iri)


def _of_page(iri: str, package: Mapping[str, Any]) -> Iterator[str]:
    links = [_link(iri, "cite-as"), *(_link(each, "type") for each in TYPES)]
    for face in DESCRIBED_BY:
        links.append(_link(f"{site_address()}/dataset/{package['id']}.{face.suffix}", "describedby", face.media_type))
    for suffix, form in FORMS.items():
        links.append(_link(f"{site_address()}/dataset/{package['id']}/cite.{suffix}", "describedby", form.media_type))
    files = [each for each in package.get("resources") or () if each.get("url")]
    for each in files if len(files) <= MOST_FILES else ():
        links.append(_link(str(each["url"]), "item", str(each.get("mimetype") or "")))
    licence = licence_of_files(package)
    links += [_link(licence, "license")] if licence else []
    yield from filter(None, links)


def _link(target: str, relation: str, media_type: str = "") -> str:
    """The value of a `Link` header; empty for an address that no header can carry."""
    try:
        uri = iri_to_uri(target) if is_address(target) else ""
    except ValueError:
        # A port or a name of a server that can't be one.
        return ""
    return link(uri, relation, media_type if MEDIA_TYPE.fullmatch(media_type) else "") if uri else ""
