"""Pages of the catalogue that another extension wrote, under our head and our paging."""

from __future__ import annotations

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from ckanext.citizendata.core.hazard import is_harmless, sieve
from ckanext.citizendata.core.terms import DCAT, HYDRA, RDF
from ckanext.citizendata.feeds.catalogue import statements_of_catalogue
from ckanext.citizendata.feeds.entry import CatalogueHead
from ckanext.citizendata.feeds.face import Face
from ckanext.citizendata.feeds.paging import Page
from ckanext.citizendata.feeds.rendering import Rendering, rendered

__all__ = ["foreign_rendered"]


def foreign_rendered(head: CatalogueHead, page: Page, turtle: str, face: Face) -> Rendering:
    """The datasets of a page in Turtle, listed in our catalogue; its own catalogue and paging are left out."""
    said = [quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE, lenient=True)]
    heads = {
        triple.subject
        for triple in said
        if triple.predicate == RDF.type and triple.object in (DCAT.Catalog, HYDRA.PagedCollection)
    }
    catalogue = NamedNode(head.iri)
    listed = [
        Triple(catalogue, DCAT.dataset, triple.object)
        for triple in said
        if triple.subject in heads and triple.predicate == DCAT.dataset
    ]
    kept, withheld = sieve([triple for triple in said if triple.subject not in heads], is_harmless)
    return rendered([*statements_of_catalogue(head, page), *listed, *kept], face, withheld)
