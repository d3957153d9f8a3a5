"""What a record of this site says: its package in RDF, with what was received and the schema doesn't cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata import config
from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.fingerprint import fingerprint
from ckanext.citizendata.core.mapping import Agent, Subject, fragment_from_package, revised_residue
from ckanext.citizendata.core.rules import coarse
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.contexts import the_site

__all__ = ["Description", "described", "mapping_version"]

# Goes up whenever the same package gives other statements; `ckan citizendata rerender` then writes records anew.
MAPPING_VERSION = "2"


@dataclass(frozen=True)
class Description:
    """A record's statements in N-Triples and what follows from them."""

    iri: str
    fragment: str
    residue: str
    fingerprint: str
    mapping_version: str
    audience: str | None


def mapping_version() -> str:
    """What a record is written by now: this program's mapping, with this site's schema and code lists."""
    return f"{MAPPING_VERSION}-{site_model.digest()}"


def described(package_id: str, iri: str, residue: str = "", before: str = "") -> Description:
    """The description of a package as the database has it in this transaction, without exact places that could harm.

    :param residue: what the record says besides its package, kept but for what the package now says otherwise.
    :param before: the record's fragment until now.
    """
    context = the_site(use_cache=False)
    package = tk.get_action("package_show")(context, {"id": package_id})
    ours, subject, told = site_model.model().public, Subject(iri, _publisher(package)), coarse(package)
    if residue:
        residue = revised_residue(ours, told, subject, residue, before)
    fragment = fragment_from_package(ours, told, subject, residue)
    return Description(
        iri=iri,
        fragment=fragment,
        residue=residue,
        fingerprint=fingerprint(fragment),
        mapping_version=mapping_version(),
        audience=audiences.effective(package),
    )


def _publisher(package: Mapping[str, Any]) -> Agent | None:
    organization = package.get("organization")
    if not organization:
        return None
    name = organization["title"] or organization["name"]
    return Agent(f"{config.base_iri()}/organization/{organization['id']}", name)
