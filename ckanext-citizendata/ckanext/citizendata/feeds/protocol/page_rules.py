"""What one page of a feed has to be: each rule says what is wrong with a page, or None."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import groupby

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from ckanext.citizendata.core.listing import TOMBSTONE_KINDS
from ckanext.citizendata.core.manifest import ManifestPage
from ckanext.citizendata.core.terms import ADMS, CDATA, DCAT, DCT, EU_DATASET_STATUS, FOAF, RDF, VOCABULARY, XSD
from ckanext.citizendata.feeds.protocol.finding import Reply

__all__ = ["RULES", "Entry", "Rule", "Seen"]

TYPE, RECORD, DATASET, TOPIC = RDF.type, DCAT.CatalogRecord, DCAT.Dataset, FOAF.primaryTopic
STATUS, TAKEN_BACK, KIND = ADMS.status, EU_DATASET_STATUS.WITHDRAWN, CDATA.tombstone
AUDIENCE, MODIFIED, MOMENT = CDATA.audience, DCT.modified, XSD.dateTime
EVERYONE = NamedNode(f"{VOCABULARY}audience/everyone")
KINDS = frozenset(NamedNode(f"{VOCABULARY}tombstone/{kind}") for kind in TOMBSTONE_KINDS)
ZONED = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Entry:
    """The statements of one graph, which is named by its catalogue record."""

    record: str
    quads: Sequence[Quad]

    def said(self, subject: str, predicate: NamedNode) -> list[object]:
        """What the graph says of something by this predicate."""
        node = NamedNode(subject)
        return [quad.object for quad in self.quads if quad.subject == node and quad.predicate == predicate]

    @cached_property
    def topics(self) -> list[str]:
        """The datasets that it is about."""
        return [topic.value for topic in self.said(self.record, TOPIC) if isinstance(topic, NamedNode)]

    @cached_property
    def is_tombstone(self) -> bool:
        """Whether it says that its dataset is gone."""
        return TAKEN_BACK in self.said(self.record, STATUS)


@dataclass(frozen=True)
class Seen:
    """A page as the manifest lists it, and as it was answered."""

    listed: ManifestPage
    reply: Reply
    _broken: list[str] = field(default_factory=list, init=False)

    @cached_property
    def quads(self) -> Sequence[Quad]:
        """Its statements; none where it can't be read."""
        try:
            return list(parse(self.reply.body, format=RdfFormat.N_QUADS))
        except SyntaxError as error:
            self._broken.append(str(error))
            return ()

    @property
    def broken(self) -> str | None:
        """Why it can't be read."""
        return self._broken[0] if not self.quads and self._broken else None

    @cached_property
    def runs(self) -> Sequence[Entry]:
        """The statements that stand together, each with the graph that they are in."""
        named = [quad for quad in self.quads if isinstance(quad.graph_name, NamedNode)]
        return [Entry(graph, list(quads)) for graph, quads in groupby(named, key=lambda quad: quad.graph_name.value)]  # type: ignore[union-attr]

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """One for each graph, wherever its statements stand."""
        found: dict[str, list[Quad]] = {}
        for run in self.runs:
            found.setdefault(run.record, []).extend(run.quads)
        return [Entry(record, quads) for record, quads in found.items()]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that each page has to be; `wrong` says what is wrong with one, or None."""

    name: str
    expected: str
    advice: str
    wrong: Callable[[Seen], str | None]


def _status(seen: Seen) -> str | None:
    return None if seen.reply.status == 200 else f"it answers {seen.reply.status}"


def _hash(seen: Seen) -> str | None:
    found = sha256(seen.reply.body).hexdigest()
    return None if found == seen.listed.sha256 else f"its bytes have {found}"


def _size(seen: Seen) -> str | None:
    found = len(seen.reply.body)
    return None if found == seen.listed.size else f"it has {found} bytes, and the manifest says {seen.listed.size}"


def _read(seen: Seen) -> str | None:
    if seen.broken:
        return seen.broken
    unnamed = [quad for quad in seen.quads if isinstance(quad.graph_name, (DefaultGraph, BlankNode))]
    return f"this statement is in no named graph: {unnamed[0]}" if unnamed else None


def _together(seen: Seen) -> str | None:
    met: set[str] = set()
    for run in seen.runs:
        if run.record in met:
            return f"the statements of {run.record} stand in two places"
        met.add(run.record)
    return None


def _blank_nodes(seen: Seen) -> str | None:
    owners: dict[str, str] = {}
    for entry in seen.entries:
        for label in _labels(entry):
            if owners.setdefault(label, entry.record) != entry.record:
                return f"_:{label} is in {owners[label]} and in {entry.record}"
    return None


def _labels(entry: Entry) -> Iterator[str]:
    for quad in entry.quads:
        yield from (node.value for node in (quad.subject, quad.object) if isinstance(node, BlankNode))


def _records(seen: Seen) -> str | None:
    return next((said for entry in seen.entries if (said := _of_record(entry))), None)


def _of_record(entry: Entry) -> str | None:
    if RECORD not in entry.said(entry.record, TYPE):
        return f"the graph {entry.record} says of no dcat:CatalogRecord of that name"
    if len(entry.topics) != 1:
        return f"{entry.record} has {len(entry.topics)} IRIs as foaf:primaryTopic"
    dates = entry.said(entry.record, MODIFIED)
    if len(dates) != 1 or not _is_moment(dates[0]):
        return f"dct:modified of {entry.record} is {', '.join(map(str, dates)) or 'missing'}"
    return None


def _is_moment(node: object) -> bool:
    return isinstance(node, Literal) and node.datatype == MOMENT and bool(ZONED.fullmatch(node.value))


def _datasets(seen: Seen) -> str | None:
    described = [entry for entry in seen.entries if not entry.is_tombstone]
    bare = [entry for entry in described if entry.topics and DATASET not in entry.said(entry.topics[0], TYPE)]
    return f"{bare[0].record} doesn't say that {bare[0].topics[0]} is a dcat:Dataset" if bare else None


def _tombstones(seen: Seen) -> str | None:
    for entry in seen.entries:
        kinds = entry.said(entry.record, KIND)
        if not entry.is_tombstone and kinds:
            return f"{entry.record} has cdata:tombstone without the status WITHDRAWN"
        if entry.is_tombstone and not (len(kinds) == 1 and kinds[0] in KINDS):
            return f"cdata:tombstone of {entry.record} is {', '.join(map(str, kinds)) or 'missing'}"
        if entry.is_tombstone and (told := _disclosed(entry)):
            return f"the tombstone {entry.record} says of its dataset: {told}"
    return None


def _disclosed(entry: Entry) -> str | None:
    gone = {*map(NamedNode, entry.topics)}
    return next((str(quad.predicate) for quad in entry.quads if quad.subject in gone), None)


def _audience(seen: Seen) -> str | None:
    for entry in seen.entries:
        others = [each for each in entry.said(entry.record, AUDIENCE) if each != EVERYONE]
        if others:
            return f"cdata:audience of {entry.record} is {others[0]}"
    return None


def _counts(seen: Seen) -> str | None:
    gone = sum(entry.is_tombstone for entry in seen.entries)
    found, listed = (len(seen.entries) - gone, gone), (seen.listed.datasets, seen.listed.tombstones)
    if found == listed:
        return None
    return f"it has {found[0]} datasets and {found[1]} tombstones, and the manifest says {listed[0]} and {listed[1]}"


RULES = (
    Rule("pages.answers", "each page answers 200", "Serve every page that the manifest lists", _status),
    Rule(
        "pages.hash",
        "the SHA-256 of its bytes is the one that the manifest lists",
        "Hash the very bytes that are sent, before any Content-Encoding; never change a page, write another one",
        _hash,
    ),
    Rule("pages.size", "as many bytes as the manifest lists", "Count the bytes before any Content-Encoding", _size),
    Rule(
        "pages.quads",
        "N-Quads in UTF-8, every statement in a named graph",
        "Name the graph of each line by the IRI of its catalogue record",
        _read,
    ),
    Rule("pages.together", "the statements of a record stand together", "Write one record after the other", _together),
    Rule(
        "pages.blank_nodes",
        "no label of a blank node in two records",
        "Give each record labels of its own, such as _:r1b0, _:r2b0",
        _blank_nodes,
    ),
    Rule(
        "pages.records",
        "in each graph the dcat:CatalogRecord that it is named by, with one foaf:primaryTopic and one dct:modified",
        "Write type, topic (an IRI) and xsd:dateTime with a zone, as the chapter on pages shows",
        _records,
    ),
    Rule(
        "pages.datasets",
        "the topic of each record is a dcat:Dataset in its graph",
        "Put the dataset's own statements into the graph of its record, or write a tombstone",
        _datasets,
    ),
    Rule(
        "pages.tombstones",
        "a tombstone has the status WITHDRAWN, one class, and no word about its dataset",
        "Write the statements that the chapter on tombstones shows, and no others about the dataset",
        _tombstones,
    ),
    Rule(
        "pages.audience",
        "what says who may see it says everyone",
        "Leave out of the open feed what isn't for everyone; what was published can't be recalled",
        _audience,
    ),
    Rule(
        "pages.counts",
        "as many datasets and tombstones as the manifest lists",
        "Count the graphs of the page when its line of the manifest is written",
        _counts,
    ),
)
