"""Snapshots of made-up records, and whether all that is served of them says what the records say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import rdflib
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.graph import graph_from_ntriples, ntriples_from_graph
from ckanext.citizendata.core.hazard import is_harmless, is_xml
from ckanext.citizendata.core.manifest import MANIFEST_TYPE, KeyProof, Manifest, ManifestPage
from ckanext.citizendata.core.mapping import Subject, fragment_from_package
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.signature import Signer
from ckanext.citizendata.feeds.addresses import asked_by
from ckanext.citizendata.feeds.delivery import Delivery, Site
from ckanext.citizendata.feeds.entry import Agent, CatalogueHead, Dataset
from ckanext.citizendata.feeds.head import json_from_head
from ckanext.citizendata.feeds.kept_faces import KeptFaces
from ckanext.citizendata.feeds.listing import statements_of_listing
from ckanext.citizendata.feeds.sending import Sendable
from ckanext.citizendata.feeds.snapshot_page import Unsayable, record_text
from ckanext.citizendata.feeds.store import Store

from .formats import same
from .packages import DATASET, maker

__all__ = ["FACES", "MadeSnapshot", "Served", "entry_of", "failures", "made_up"]

ADDRESS = "https://registry.example"
DAY = datetime(2026, 5, 1, 12, 30, tzinfo=timezone.utc)
FACES: Mapping[str, tuple[RdfFormat, str]] = {
    "nt": (RdfFormat.N_TRIPLES, "nt"),
    "ttl": (RdfFormat.TURTLE, "turtle"),
    "rdf": (RdfFormat.RDF_XML, "xml"),
    "jsonld": (RdfFormat.JSON_LD, "json-ld"),
}
HEAD = CatalogueHead(
    f"{ADDRESS}/catalog",
    {"en": "Citizen data"},
    {"en": "What communities count."},
    Agent(f"{ADDRESS}/catalog#publisher", "A council of communities"),
    ADDRESS,
)


def entry_of(number: int, iri: str, fragment: str) -> Dataset:
    """A record of the registry with this fragment."""
    return Dataset(iri, f"{ADDRESS}/record/{number:05}", fragment, DAY, DAY)


def made_up(seeds: Iterable[int]) -> list[Dataset]:
    """The records that these seeds stand for; the IRIs of their own nodes begin with a site of each."""
    model, entries = catalogue_model.load(), []
    for seed in seeds:
        site = f"https://node{seed}.example/"
        text = fragment_from_package(model.public, maker(model).package(seed), Subject(DATASET))
        entries.append(
            entry_of(seed, DATASET.replace("https://node.example/", site), text.replace("https://node.example/", site))
        )
    return entries


@dataclass(frozen=True)
class Served:
    """The bytes of an address, and how many statements are withheld from them."""

    body: bytes
    withheld: int = 0


class MadeSnapshot:
    """A snapshot of records below a folder, in pages of so many, as a site serves it; `problems` are told meanwhile."""

    def __init__(self, folder: Path, entries: Sequence[Dataset], a_page: int = 100) -> None:
        self.store = Store.of(folder, "everyone")
        self.problems: list[Problem] = []
        self.unsayable: list[str] = []
        self.pages = [self._page(entries[start : start + a_page]) for start in range(0, len(entries), a_page)]
        signer = Signer.new()
        self.store.put_manifest(1, signer.signed(self._manifest(signer).payload(), MANIFEST_TYPE))
        self.store.put_head(1, json_from_head(HEAD))
        self.store.make_current(1)
        self._site = Site(folder, ADDRESS, HEAD.iri)
        self._delivery = Delivery(KeptFaces(self.problems.append))

    def served(self, path: str) -> Served:
        """What a reader gets at a path."""
        asked = asked_by(path)
        assert asked, path
        found = self._delivery.given(self._site, asked)
        assert isinstance(found, Sendable), f"{path}: {found}"
        parts = (part if isinstance(part, bytes) else part.read_bytes() for part in found.plain.parts)
        return Served(b"".join(parts), int(found.headers.get("Citizendata-Withheld", 0)))

    def face(self, number: int, suffix: str) -> Served:
        """A page in a face."""
        return self.served(f"/snapshot/1/{number}.{suffix}")

    def quads(self, number: int) -> bytes:
        """A page as the protocol has it."""
        return self.served(f"/feed/everyone/pages/{self.pages[number - 1].sha256}.nq").body

    def _page(self, entries: Sequence[Dataset]) -> ManifestPage:
        texts = []
        for entry in entries:
            try:
                texts.append(record_text(entry).text)
            except Unsayable:
                self.unsayable.append(entry.iri)
        content = b"".join(texts)
        return ManifestPage(entries[0].record, self.store.put_page(content), len(content), len(texts))

    def _manifest(self, signer: Signer) -> Manifest:
        first, *others = self.pages
        pages = (ManifestPage("", first.sha256, first.size, first.datasets), *others)
        keys = (KeyProof(signer.public),)
        return Manifest(HEAD.iri, "everyone", 1, 1, DAY, DAY + timedelta(days=7), pages, keys)


def failures(folder: Path, entries: Sequence[Dataset]) -> Iterator[str]:
    """What two parsers find wrong with a snapshot of these records, page by page, in every face."""
    snapshot = MadeSnapshot(folder, entries)
    by_record = {entry.record: entry for entry in entries}
    for number in range(1, len(snapshot.pages) + 1):
        graphs = _graphs(snapshot.quads(number))
        yield from _of_quads(number, snapshot.quads(number), graphs, by_record)
        yield from _of_faces(number, snapshot, graphs)
    yield from (f"told: {problem.message}" for problem in snapshot.problems)


def _graphs(page: bytes) -> dict[str, list[Triple]]:
    found: dict[str, list[Triple]] = {}
    for quad in parse(page, format=RdfFormat.N_QUADS):
        found.setdefault(quad.graph_name.value, []).append(quad.triple)  # type: ignore[union-attr]
    return found


def _of_quads(
    number: int, page: bytes, graphs: Mapping[str, Sequence[Triple]], entries: Mapping[str, Dataset]
) -> Iterator[str]:
    """Each graph is the record's listing and its fragment, but for hazards."""
    if _reads_too(number, "nq"):
        second = rdflib.Dataset().parse(data=page, format="nquads")
        if len([*second.quads()]) != sum(map(len, graphs.values())):
            yield f"page {number} in nq: two parsers differ"
    for record, triples in graphs.items():
        entry = entries[record]
        wanted = [*statements_of_listing(entry), *filter(is_harmless, graph_from_ntriples(entry.fragment))]
        if not same(ntriples_from_graph(set(triples)), ntriples_from_graph(set(wanted))):
            yield f"{entry.iri} in nq"


def _of_faces(number: int, snapshot: MadeSnapshot, graphs: Mapping[str, Sequence[Triple]]) -> Iterator[str]:
    """Every face says the same, which is what the graphs say of all that no two of them describe."""
    plain = _triples(snapshot.face(number, "nt").body, RdfFormat.N_TRIPLES)
    shared = _shared(graphs)
    every = {triple for triples in graphs.values() for triple in triples}
    mine = {triple for triple in _without(plain, shared) if not _is_of_catalogue(triple)}
    if not same(ntriples_from_graph(mine), ntriples_from_graph(_without(every, shared))):
        yield f"page {number} in nt lacks or adds statements"
    for suffix, (form, name) in FACES.items():
        served = snapshot.face(number, suffix)
        found = _triples(served.body, form)
        wanted = {triple for triple in plain if suffix != "rdf" or is_xml(triple)}
        pages = {triple for triple in wanted ^ found if _is_of_page(triple)}
        if not same(ntriples_from_graph(found - pages), ntriples_from_graph(wanted - pages)):
            yield f"page {number} in {suffix} isn't what it is in nt"
        if _reads_too(number, suffix) and len(rdflib.Graph().parse(data=served.body, format=name)) != len(found):
            yield f"page {number} in {suffix}: two parsers differ"


def _reads_too(number: int, suffix: str) -> bool:
    """Whether the second parser, which takes most of the time, reads a face: all of page 1, then one in turn."""
    kinds = ("nq", *FACES)
    return number == 1 or kinds[number % len(kinds)] == suffix


def _triples(body: bytes, form: RdfFormat) -> set[Triple]:
    return {quad.triple for quad in parse(body, format=form)}


def _is_of_catalogue(triple: Triple) -> bool:
    """Whether a statement is the catalogue's own, about itself or its page."""
    iri = getattr(triple.subject, "value", "")
    return iri.startswith(ADDRESS) and not iri.startswith(f"{ADDRESS}/record/")


def _is_of_page(triple: Triple) -> bool:
    """Whether a statement names a page, whose address has the ending of its face."""
    return any(f"{ADDRESS}/snapshot/" in getattr(node, "value", "") for node in (triple.subject, triple.object))


def _shared(graphs: Mapping[str, Sequence[Triple]]) -> set[NamedNode]:
    """What more than one record describes, and the entries of lists, which are described as the lists do."""
    subjects = Counter(
        subject
        for triples in graphs.values()
        for subject in {triple.subject for triple in triples if isinstance(triple.subject, NamedNode)}
    )
    return {subject for subject, number in subjects.items() if number > 1} | _entries()


@cache
def _entries() -> frozenset[NamedNode]:
    lists = catalogue_model.vocabularies().values()
    return frozenset(NamedNode(concept.iri) for vocabulary in lists for concept in vocabulary)


def _without(triples: Iterable[Triple], subjects: set[NamedNode]) -> set[Triple]:
    """The statements but those about the subjects, and about the blank nodes to which they lead."""
    every = set(triples)
    left_out: set[object] = set(subjects)
    size = 0
    while size != len(left_out):
        size = len(left_out)
        left_out |= {
            triple.object for triple in every if triple.subject in left_out and isinstance(triple.object, BlankNode)
        }
    return {triple for triple in every if triple.subject not in left_out}
