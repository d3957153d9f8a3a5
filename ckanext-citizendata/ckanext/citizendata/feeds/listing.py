"""The `dcat:CatalogRecord` with which a site lists a dataset, and the tombstone that takes its place."""

from __future__ import annotations

from datetime import datetime, timezone

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.citizendata.core.terms import ADMS, CDATA, DCAT, DCT, EU_DATASET_STATUS, FOAF, RDF, VOCABULARY, XSD
from ckanext.citizendata.feeds.entry import Dataset, Grave

__all__ = ["moment", "statements_of_grave", "statements_of_listing"]


def statements_of_listing(dataset: Dataset) -> list[Triple]:
    """What this site says of its listing; never about the dataset itself, which belongs to its producer."""
    record = NamedNode(dataset.record)
    return [
        Triple(record, RDF.type, DCAT.CatalogRecord),
        Triple(record, FOAF.primaryTopic, NamedNode(dataset.iri)),
        Triple(record, DCT.issued, moment(dataset.issued)),
        Triple(record, DCT.modified, moment(dataset.modified)),
        Triple(record, CDATA.audience, VOCABULARY["audience/everyone"]),
    ]


def statements_of_grave(grave: Grave) -> list[Triple]:
    """That a dataset is gone, since when, and of which class of tombstone; nothing else of it."""
    record = NamedNode(grave.record)
    return [
        Triple(record, RDF.type, DCAT.CatalogRecord),
        Triple(record, FOAF.primaryTopic, NamedNode(grave.iri)),
        Triple(record, DCT.modified, moment(grave.modified)),
        Triple(record, ADMS.status, EU_DATASET_STATUS.WITHDRAWN),
        Triple(record, CDATA.tombstone, VOCABULARY[f"tombstone/{grave.kind}"]),
    ]


def moment(at: datetime) -> Literal:
    """An `xsd:dateTime` in UTC to the second; a time without a zone counts as UTC, as in CKAN's tables."""
    aware = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
    return Literal(aware.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=XSD.dateTime)
