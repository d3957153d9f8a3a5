"""The RDF of one dataset."""

from __future__ import annotations

from pyoxigraph import NamedNode, Triple

from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.core.terms import RDF
from ckanext.citizendata.feeds.entry import Dataset, Grave
from ckanext.citizendata.feeds.face import Face
from ckanext.citizendata.feeds.fragment import statements_from_fragment
from ckanext.citizendata.feeds.listing import statements_of_grave, statements_of_listing
from ckanext.citizendata.feeds.rendering import Rendering, rendered

__all__ = ["dataset_rendered", "fragment_rendered", "grave_rendered"]


def dataset_rendered(dataset: Dataset, face: Face) -> Rendering:
    """The fragment and this site's catalogue record, the dataset's own statements first; no hazard is listed.

    Raises `SyntaxError` for a fragment that can't be read.
    """
    statements, withheld = _statements(dataset)
    listing = statements_of_listing(dataset) if is_address(dataset.iri) else []
    return rendered([*statements, *listing], face, withheld)


def fragment_rendered(dataset: Dataset, face: Face) -> Rendering:
    """The fragment alone: what the people of a dataset read while it isn't listed for everyone."""
    statements, withheld = _statements(dataset)
    return rendered(statements, face, withheld)


def grave_rendered(grave: Grave, face: Face) -> Rendering:
    """The tombstone alone."""
    return rendered(statements_of_grave(grave) if is_address(grave.iri) else [], face)


def _statements(dataset: Dataset) -> tuple[list[Triple], int]:
    """The fragment's statements as a person reads them: the dataset before its parts, the class before the rest."""
    statements, withheld = statements_from_fragment(dataset.fragment, "b")
    order: dict[object, int] = {NamedNode(dataset.iri): -1} if is_address(dataset.iri) else {}
    for number, triple in enumerate(statements):
        order.setdefault(triple.subject, number)
    return sorted(statements, key=lambda triple: (order[triple.subject], triple.predicate != RDF.type)), withheld
