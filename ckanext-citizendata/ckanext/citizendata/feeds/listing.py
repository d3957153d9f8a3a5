"""The `dcat:CatalogRecord` with which a site lists a dataset, and the tombstone that takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from pyoxigraph import Triple

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.graph import graph_from_ntriples
from ckanext.citizendata.core.mapping import Subject, fragment_from_package
from ckanext.citizendata.feeds.entry import Dataset, Grave

__all__ = ["moment", "statements_of_grave", "statements_of_listing"]

SCHEMA = "catalogue_record"


def statements_of_listing(dataset: Dataset) -> list[Triple]:
    """What this site says of its listing; never about the dataset itself, which belongs to its producer."""
    dates = {"issued": moment(dataset.issued), "modified": moment(dataset.modified)}
    custody = {"custody": [*dataset.custody]} if dataset.custody else {}
    return _statements(dataset.record, {"primary_topic": dataset.iri, "audience": dataset.audience, **dates, **custody})


def statements_of_grave(grave: Grave) -> list[Triple]:
    """That a dataset is gone, since when, and of which class of tombstone; nothing else of it."""
    gone = {"status": "WITHDRAWN", "tombstone": grave.kind}
    return _statements(grave.record, {"primary_topic": grave.iri, "modified": moment(grave.modified), **gone})


def moment(at: datetime) -> str:
    """The moment in UTC to the second, as `xsd:dateTime` is written; one without a zone counts as UTC, as in CKAN."""
    aware = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
    return aware.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _statements(record: str, entry: Mapping[str, object]) -> list[Triple]:
    text = fragment_from_package(catalogue_model.load(SCHEMA), entry, Subject(record))
    return sorted(graph_from_ntriples(text), key=str)
