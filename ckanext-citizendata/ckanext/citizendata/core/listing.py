"""What a catalogue says about its listing of a dataset, and the tombstones of what it took back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode

from ckanext.citizendata.core.dates import moment
from ckanext.citizendata.core.graph import Index, Node, Subject
from ckanext.citizendata.core.terms import ADMS, CDATA, DCAT, DCT, EU_DATASET_STATUS, FOAF, RDF

__all__ = ["TOMBSTONE_KINDS", "Listing", "Tombstone", "listing_of", "tombstones_in"]

TOMBSTONE_KINDS = ("withdrawn", "deleted", "no_longer_public", "moved", "duplicate")


@dataclass(frozen=True, slots=True)
class Listing:
    """What the feed's `dcat:CatalogRecord` of a dataset says; not part of its description. Dates as written."""

    audiences: tuple[str, ...] = ()
    issued: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The source took `iri` back; `kind` is one of `TOMBSTONE_KINDS`."""

    iri: str
    kind: str
    modified: str | None = None


def listing_of(index: Index, dataset: Subject) -> Listing:
    """What the catalogue records of `dataset` say together: all audiences, the first `issued`, the last `modified`."""
    records = [
        node
        for node in index.subjects(FOAF.primaryTopic, dataset)
        if DCAT.CatalogRecord in index.objects(node, RDF.type)
    ]
    audiences = {_code(each) for record in records for each in index.objects(record, CDATA.audience)}
    issued = _texts(each for record in records for each in index.objects(record, DCT.issued))
    modified = _texts(each for record in records for each in index.objects(record, DCT.modified))
    return Listing(tuple(sorted(audiences)), _first(issued), _last(modified))


def tombstones_in(index: Index) -> tuple[Tombstone, ...]:
    """Every dataset that a catalogue record reports as withdrawn, in the order of IRIs.

    A tombstone that doesn't say its kind counts as `withdrawn`, the one that never returns by itself.
    """
    found: dict[str, Tombstone] = {}
    for record in index.subjects(ADMS.status, EU_DATASET_STATUS.WITHDRAWN):
        if DCAT.CatalogRecord not in index.objects(record, RDF.type):
            continue
        modified = _last(_texts(index.objects(record, DCT.modified)))
        for topic in index.objects(record, FOAF.primaryTopic):
            if isinstance(topic, NamedNode):
                found[topic.value] = Tombstone(topic.value, _kind(index, record), modified)
    return tuple(found[iri] for iri in sorted(found))


def _kind(index: Index, record: Subject) -> str:
    kinds = {_code(node) for node in index.objects(record, CDATA.tombstone)}
    return next((kind for kind in TOMBSTONE_KINDS if kind in kinds), "withdrawn")


def _code(node: Node) -> str:
    """The code that a literal or the last part of an IRI names, in the spelling of `TOMBSTONE_KINDS` and audiences."""
    return node.value.rstrip("/").rpartition("/")[2].rpartition("#")[2].replace("-", "_").strip().lower()


def _first(dates: list[str]) -> str | None:
    return min(_readable(dates), key=_in_time, default=None)


def _last(dates: list[str]) -> str | None:
    return max(_readable(dates), key=_in_time, default=None)


def _readable(dates: list[str]) -> list[str]:
    """The dates that can be read, since zones differ; where none can, all as they are."""
    return [each for each in dates if moment(each)] or dates


def _in_time(date: str) -> tuple[datetime | None, str]:
    return moment(date), date


def _texts(nodes: Iterable[Node]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, Literal)]
