"""The RDF of one dataset."""

from __future__ import annotations

from ckanext.citizendata.core.terms import ADMS, CDATA, DCAT, DCT, EU_DATASET_STATUS, FOAF, XSD
from ckanext.citizendata.feeds.entry import Dataset, Grave
from ckanext.citizendata.feeds.face import Face
from ckanext.citizendata.feeds.fragment import statements_from_fragment
from ckanext.citizendata.feeds.listing import statements_of_grave, statements_of_listing
from ckanext.citizendata.feeds.rendering import Rendering, prefixes_in, rendered

__all__ = ["dataset_rendered", "fragment_rendered", "grave_rendered"]

LISTING_PREFIXES = {"cdata": str(CDATA), "dcat": str(DCAT), "dct": str(DCT), "foaf": str(FOAF), "xsd": str(XSD)}
GRAVE_PREFIXES = {**LISTING_PREFIXES, "adms": str(ADMS), "dataset-status": str(EU_DATASET_STATUS)}


def dataset_rendered(dataset: Dataset, face: Face) -> Rendering:
    """The fragment and this site's catalogue record, the dataset's own statements first.

    Raises `SyntaxError` for a fragment that can't be read.
    """
    statements, withheld = statements_from_fragment(dataset.fragment, "b")
    first = [triple for triple in statements if str(triple.subject) == f"<{dataset.iri}>"]
    rest = [triple for triple in statements if str(triple.subject) != f"<{dataset.iri}>"]
    prefixes = {**LISTING_PREFIXES, **prefixes_in(dataset.fragment)}
    return rendered([*first, *rest, *statements_of_listing(dataset)], face, withheld, prefixes)


def fragment_rendered(dataset: Dataset, face: Face) -> Rendering:
    """The fragment alone: what the people of a dataset read while it isn't listed for everyone."""
    statements, withheld = statements_from_fragment(dataset.fragment, "b")
    return rendered(statements, face, withheld, prefixes_in(dataset.fragment))


def grave_rendered(grave: Grave, face: Face) -> Rendering:
    """The tombstone alone."""
    return rendered(statements_of_grave(grave), face, prefixes=GRAVE_PREFIXES)
