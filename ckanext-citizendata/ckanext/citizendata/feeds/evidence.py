"""What was published after a backup: which records a feed has by now, and which of them it says are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from ckanext.citizendata.core.dates import moment
from ckanext.citizendata.core.listing import TOMBSTONE_KINDS
from ckanext.citizendata.core.manifest import Manifest, ManifestPage
from ckanext.citizendata.core.terms import ADMS, CDATA, DCT, EU_DATASET_STATUS, FOAF, VOCABULARY

__all__ = ["Evidence", "Gone", "evidence", "gone_on"]

TOPIC, STATUS, KIND, MODIFIED = FOAF.primaryTopic, ADMS.status, CDATA.tombstone, DCT.modified
TAKEN_BACK = EU_DATASET_STATUS.WITHDRAWN
KINDS = {f"{VOCABULARY}tombstone/{kind}": kind for kind in TOMBSTONE_KINDS}
LONG_AGO = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Hash of a page -> its bytes, None for one that can't be had any more.
PageOf = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Gone:
    """A dataset that a feed says is gone, since when and why; `record` is the IRI of the feed's entry for it."""

    iri: str
    record: str
    kind: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one feed says: `source` names it for people, `signed` is the text of its manifest.

    `listed` are the datasets that it has, and `lost` how many of its pages nobody has any more.
    """

    source: str
    signed: str
    manifest: Manifest
    gone: Sequence[Gone]
    listed: frozenset[str]
    lost: int


def evidence(source: str, signed: str, manifest: Manifest, pages: Sequence[ManifestPage], page_of: PageOf) -> Evidence:
    """All that these pages of a manifest tell."""
    read = [page_of(page.sha256) for page in pages]
    found = [page for page in read if page is not None]
    gone = [each for page in found for each in gone_on(page)]
    graves = {each.iri for each in gone}
    listed = {iri for page in found for iri in _topics(page)} - graves
    return Evidence(source, signed, manifest, gone, frozenset(listed), len(read) - len(found))


def gone_on(page: bytes) -> list[Gone]:
    """The tombstones of a page; one whose class or moment can't be read counts as withdrawn, and as old."""
    said: dict[str, dict[NamedNode, list[object]]] = {}
    for quad in parse(page, format=RdfFormat.N_QUADS, lenient=True):
        if isinstance(quad.graph_name, NamedNode) and quad.subject == quad.graph_name:
            said.setdefault(quad.graph_name.value, {}).setdefault(quad.predicate, []).append(quad.object)
    return [
        Gone(topic.value, record, _kind(about.get(KIND, ())), _since(about.get(MODIFIED, ())))
        for record, about in said.items()
        if TAKEN_BACK in about.get(STATUS, ())
        for topic in about.get(TOPIC, ())
        if isinstance(topic, NamedNode)
    ]


def _topics(page: bytes) -> Iterable[str]:
    for quad in parse(page, format=RdfFormat.N_QUADS, lenient=True):
        if quad.predicate == TOPIC and quad.subject == quad.graph_name and isinstance(quad.object, NamedNode):
            yield quad.object.value


def _kind(nodes: Iterable[object]) -> str:
    kinds = [KINDS[node.value] for node in nodes if isinstance(node, NamedNode) and node.value in KINDS]
    return next(iter(kinds), "withdrawn")


def _since(nodes: Iterable[object]) -> datetime:
    dates = [moment(node.value) for node in nodes if isinstance(node, Literal)]
    return max((each for each in dates if each), default=LONG_AGO)
