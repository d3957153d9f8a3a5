"""Catalogues published by others, as third-party members, where the setting CITIZENDATA_REAL_FEEDS names their folder.

The reference below cuts a feed a second time, with another library and other code: what it reaches from a dataset is
what must be kept of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from ckan.tests.helpers import call_action
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from ckanext.citizendata.core.identity import is_minted
from ckanext.citizendata.model import record

from .conftest import Report, Server
from .test_harvest import everything_written

FOLDER = Path(os.environ["CITIZENDATA_REAL_FEEDS"])

# How many datasets each feed has; the others of the folder are refused whole.
PUBLISHED = {
    "brandenburg.rdf": 112,
    "swiss-catalog.xml": 2,
    "unibo.rdf": 12,
    "dcatde-max.rdf": 1,
    "fpsecocbe.xml": 2,
    "bnodes.jsonld": 3,
    "catalog_pod.jsonld": 1,
    "nested_blank_nodes.ttl": 1,
    "wallonie.xml": 1,
}
REFUSED = {
    "favv-invalid.rdf": "line 73: Unexpected node, a text value is already present",
    "evian.json": "its JSON-LD names a @context at another address, which is never fetched",
    "dcatus_with_none.json": "there is neither a catalogue nor a dataset in DCAT on this page",
}

Member = Callable[..., str]
Harvest = Callable[[str], Report]

NOT_FOLLOWED = {
    RDF.type,
    *(
        DCTERMS[name]
        for name in ("isPartOf", "hasPart", "relation", "hasVersion", "isVersionOf", "references", "source")
    ),
    *(URIRef(f"{DCAT}{name}") for name in ("inCatalog", "dataset", "record")),
    FOAF.primaryTopic,
    FOAF.isPrimaryTopicOf,
    RDFS.seeAlso,
    RDFS.isDefinedBy,
    SKOS.hasTopConcept,
}
APART = {DCAT.Dataset, DCAT.Catalog, RDFS.Class, OWL.Class, RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty}


def reference(source: Graph, dataset: URIRef | BNode) -> Graph:
    """All that `source` says about a dataset and whatever describes it, language tags in lower case."""
    apart = {node for kind in APART for node in source.subjects(RDF.type, kind)} - {dataset}
    cut, todo, seen = Graph(), [dataset], {dataset}
    while todo:
        node = todo.pop()
        for _, predicate, target in source.triples((node, None, None)):
            cut.add((node, predicate, _comparable(target)))
            link = predicate in NOT_FOLLOWED and (predicate == RDF.type or isinstance(target, URIRef))
            if not (isinstance(target, Literal) or link or target in apart or target in seen):
                seen.add(target)
                todo.append(target)
    return cut


def _comparable(node: rdflib.term.Node) -> rdflib.term.Node:
    """Language tags in lower case, and without the blanks in addresses, which rdflib reads in RDF/XML alone."""
    if isinstance(node, Literal) and node.language:
        return Literal(str(node), lang=node.language.lower())
    return URIRef(node.replace(" ", "%20")) if isinstance(node, URIRef) else node


def stored(row: record.Record) -> Graph:
    """A record as stored, with the blank node put back where its dataset had no name."""
    readable = row.fragment.replace("\\u0020", "%20")
    graph = Graph().parse(data=readable, format="nt")
    if not is_minted(row.iri):
        return graph
    blank, iri, put_back = BNode(), URIRef(row.iri), Graph()
    for triple in graph:
        put_back.add(tuple(blank if node == iri else node for node in triple))  # type: ignore[arg-type]
    return put_back


def source_of(name: str, url: str) -> Graph:
    formats = {".rdf": "xml", ".xml": "xml", ".jsonld": "json-ld", ".ttl": "turtle"}
    return Graph().parse(data=(FOLDER / name).read_bytes(), format=formats[Path(name).suffix], publicID=url)


@pytest.fixture
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib otherwise writes 1.0 for 1.00."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def served(server: Server, name: str) -> str:
    return server.serve(f"/{name}", (FOLDER / name).read_bytes(), "application/octet-stream")


@pytest.mark.usefixtures("registry", "literals_as_written")
class TestRealFeeds:
    @pytest.mark.parametrize("name", PUBLISHED)
    def test_are_published_whole_and_unharmed(
        self, server: Server, member: Member, harvest: Harvest, name: str
    ) -> None:
        """Every dataset is found, and each record says what the source says about it, statement by statement."""
        url = served(server, name)
        report = harvest(member("real", url))
        assert report.state == "finished", report.reason
        assert report.counts == {**dict.fromkeys(report.counts, 0), "added": PUBLISHED[name]}
        assert call_action("package_search", rows=0)["count"] == PUBLISHED[name]
        source = source_of(name, url)
        expected = {dataset: reference(source, dataset) for dataset in source.subjects(RDF.type, DCAT.Dataset)}
        for row in filter(None, map(record.by_package, record.package_ids())):
            graph = stored(row)
            candidates = expected if is_minted(row.iri) else [URIRef(row.iri)]
            twin = next((each for each in candidates if isomorphic(expected[each], graph)), None)
            assert twin is not None, row.iri
            del expected[twin]
        assert expected == {}

    @pytest.mark.parametrize("name", REFUSED)
    def test_that_no_parser_reads_change_nothing(
        self, server: Server, member: Member, harvest: Harvest, name: str
    ) -> None:
        """Refused with address, line and reason; what an earlier version of the feed brought stays."""
        url = server.serve(f"/{name}", (FOLDER / "unibo.rdf").read_bytes(), "application/rdf+xml")
        harvest(member("real", url))
        before = everything_written()
        served(server, name)
        report = harvest("real")
        assert report.state == "failed"
        assert url in str(report.reason)
        assert REFUSED[name] in str(report.reason)
        assert everything_written() == before

    @pytest.mark.parametrize("pages", [("paged-collection-1.jsonld", "paged-collection-2.jsonld")])
    def test_in_pages_are_read_to_the_last(
        self, server: Server, member: Member, harvest: Harvest, pages: tuple[str, str]
    ) -> None:
        """The links of the files name their own server; here they name ours."""
        for number, name in enumerate(pages, 1):
            body = (
                (FOLDER / name)
                .read_bytes()
                .replace(b"http://data.test.org/catalog", server.address.encode() + b"/catalog")
            )
            server.serve(f"/catalog.jsonld?page={number}", body, "application/ld+json")
        report = harvest(member("real", f"{server.address}/catalog.jsonld?page=1"))
        assert report.counts["added"] == 4
        assert report.notes == ()
