"""What a catalogue says about its listing of a dataset, and the tombstones of what it took back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ckanext.citizendata.core.custody import Hop, chain_of
from ckanext.citizendata.core.dates import moment
from ckanext.citizendata.core.terms import ADMS, CDATA, DCAT, DCT, EU_DATASET_STATUS, FOAF, RDF
from ckanext.citizendata.core.tokens import Token, is_iri, is_literal, token, value_of
from ckanext.citizendata.core.tree import Tree

__all__ = [
    "STATUS",
    "TAKEN_BACK",
    "TOMBSTONE_KINDS",
    "TOPIC",
    "Listing",
    "Tombstone",
    "is_of_listing",
    "listing_of",
    "tombstones_in",
]

TOMBSTONE_KINDS = ("withdrawn", "deleted", "no_longer_public", "moved", "duplicate", "absent")


TYPE, CATALOG_RECORD, TOPIC = token(RDF.type), token(DCAT.CatalogRecord), token(FOAF.primaryTopic)
AUDIENCE, KIND, CUSTODY = token(CDATA.audience), token(CDATA.tombstone), token(CDATA.custody)
ISSUED, MODIFIED = token(DCT.issued), token(DCT.modified)
STATUS, TAKEN_BACK = token(ADMS.status), token(EU_DATASET_STATUS.WITHDRAWN)
READ = frozenset({AUDIENCE, KIND, CUSTODY, ISSUED, MODIFIED, STATUS})


@dataclass(frozen=True, slots=True)
class Listing:
    """What the feed's `dcat:CatalogRecord` of a dataset says; not part of its description. Dates as written.

    `custody` are the sites that the record came through, the origin first.
    """

    audiences: tuple[str, ...] = ()
    issued: str | None = None
    modified: str | None = None
    custody: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The source took `iri` back; `kind` is one of `TOMBSTONE_KINDS`."""

    iri: str
    kind: str
    modified: str | None = None


def listing_of(tree: Tree, dataset: Token) -> Listing:
    """What the catalogue records of `dataset` say together: all audiences, the first `issued`, the last `modified`."""
    records = [node for node in tree.subjects(TOPIC, dataset) if _is_listing(tree, node)]
    audiences = {_code(each) for record in records for each in tree.objects(record, AUDIENCE)}
    issued = _texts(each for record in records for each in tree.objects(record, ISSUED))
    modified = _texts(each for record in records for each in tree.objects(record, MODIFIED))
    custody = chain_of(_texts(each for record in records for each in tree.objects(record, CUSTODY)))
    return Listing(tuple(sorted(audiences)), _first(issued), _last(modified), custody)


def tombstones_in(tree: Tree) -> tuple[Tombstone, ...]:
    """Every dataset that a catalogue record reports as withdrawn, in the order of IRIs.

    A tombstone that doesn't say its kind counts as `withdrawn`, the one that never returns by itself.
    """
    found: dict[str, Tombstone] = {}
    for record in tree.subjects(STATUS, TAKEN_BACK):
        if not _is_listing(tree, record):
            continue
        modified = _last(_texts(tree.objects(record, MODIFIED)))
        for topic in tree.objects(record, TOPIC):
            if is_iri(topic):
                iri = value_of(topic)
                found[iri] = Tombstone(iri, _kind(tree, record), modified)
    return tuple(found[iri] for iri in sorted(found))


def is_of_listing(predicate: Token, target: Token) -> bool:
    """Whether what a catalogue record says by this is read here; its topics aside."""
    return predicate in READ or (predicate == TYPE and target == CATALOG_RECORD)


def _is_listing(tree: Tree, node: Token) -> bool:
    return CATALOG_RECORD in tree.objects(node, TYPE)


def _kind(tree: Tree, record: Token) -> str:
    kinds = {_code(node) for node in tree.objects(record, KIND)}
    return next((kind for kind in TOMBSTONE_KINDS if kind in kinds), "withdrawn")


def _code(node: Token) -> str:
    """The code that a literal or the last part of an IRI names, in the spelling of `TOMBSTONE_KINDS` and audiences."""
    return value_of(node).rstrip("/").rpartition("/")[2].rpartition("#")[2].replace("-", "_").strip().lower()


def _first(dates: list[str]) -> str | None:
    return min(_readable(dates), key=_in_time, default=None)


def _last(dates: list[str]) -> str | None:
    return max(_readable(dates), key=_in_time, default=None)


def _readable(dates: list[str]) -> list[str]:
    """The dates that can be read, since zones differ; where none can, all as they are."""
    return [each for each in dates if moment(each)] or dates


def _in_time(date: str) -> tuple[datetime | None, str]:
    return moment(date), date


def _texts(nodes: Iterable[Token]) -> list[str]:
    return [value_of(node) for node in nodes if is_literal(node)]
