"""The RDF profile that ckanext-dcat loads by the name `citizendata`: its own path then writes our records."""

from __future__ import annotations

from typing import Any

from ckanext.dcat.profiles import RDFProfile
from rdflib import Graph, URIRef

from ckanext.citizendata.feeds.catalogue import head_rendered
from ckanext.citizendata.feeds.dataset import dataset_rendered, fragment_rendered
from ckanext.citizendata.feeds.entry import Dataset
from ckanext.citizendata.feeds.face import N_TRIPLES
from ckanext.citizendata.logic.catalogue_head import catalogue_head
from ckanext.citizendata.logic.entries import dataset_from_row, entry_from_row
from ckanext.citizendata.model import place

__all__ = ["CitizendataProfile"]


class CitizendataProfile(RDFProfile):
    """Writes the stored fragment of a package that the caller was shown; harvests don't read by it."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:  # noqa: ARG002
        """Adds the record's statements, with this site's catalogue record where it is for everyone."""
        row = place.of_package(dataset_dict["id"])
        if row is None:
            return
        entry = entry_from_row(row)
        rendering = (
            dataset_rendered(entry, N_TRIPLES)
            if isinstance(entry, Dataset)
            else fragment_rendered(dataset_from_row(row), N_TRIPLES)
        )
        self.g += Graph().parse(data=rendering.body, format="nt")

    def graph_from_catalog(self, catalog_dict: dict[str, Any], catalog_ref: URIRef) -> None:  # noqa: ARG002
        """Adds what the catalogue says about itself, under the name that ckanext-dcat gives it."""
        self.g += Graph().parse(data=head_rendered(catalogue_head(None), str(catalog_ref)).body, format="nt")
