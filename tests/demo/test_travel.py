"""What travels from the national catalogues to the registry, and that nothing of it gets lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from rdflib import DCAT, FOAF, RDF, Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.demo import Demo

SUFFIXES = ("ttl", "rdf", "jsonld")
HEADING = re.compile(r'<h2 class="dataset-heading">\s*<a href="/dataset/([^"]+)"')

Read = Callable[[Browser, str], Graph]


@dataclass(frozen=True)
class Original:
    """A record at its own national catalogue."""

    site: str
    name: str
    iri: str


@pytest.fixture(scope="module")
def originals(demo: Demo) -> dict[str, Original]:
    """All sample records by name; administrators see them all."""
    found = {}
    for node in demo.nodes:
        administrator = demo.browser(next(each for each in demo.accounts() if each.site == node.name))
        for name in (record.package["name"] for record in demo.records if record.site == node.name):
            found[name] = Original(node.name, name, administrator.action("package_show", {"id": name})["uri"])
    return found


@pytest.fixture(scope="module")
def travelling(table: Callable[[str], list[dict[str, str]]], originals: dict[str, Original]) -> dict[str, Original]:
    """The records that the table lets travel, by IRI."""
    names = [row["file"] for row in table("travels") if row["travels"] == "yes"]
    assert len(names) == 18
    return {originals[name].iri: originals[name] for name in names}


@pytest.fixture(scope="module")
def copies(anyone: Callable[[str], Browser]) -> dict[str, str]:
    """What the registry's search API finds: names at the registry by IRI."""
    found = anyone("registry").get("/api/3/action/package_search", params={"rows": 1000}).json()["result"]
    return {package["uri"]: package["name"] for package in found["results"]}


@pytest.fixture(scope="module")
def catalogues(anyone: Callable[[str], Browser], catalogue: Read) -> dict[str, Graph]:
    """The registry's whole catalogue by the ending of its address."""
    return {suffix: catalogue(anyone("registry"), suffix) for suffix in SUFFIXES}


def _described(whole: Graph, dataset: Node) -> Graph:
    """The dataset and whatever is described on the way from it, up to other datasets."""
    elsewhere = {subject for kind in (DCAT.Dataset, DCAT.Catalog) for subject in whole.subjects(RDF.type, kind)}
    part, waiting, seen = Graph(), [dataset], elsewhere - {dataset}
    while waiting:
        subject = waiting.pop()
        if subject in seen:
            continue
        seen.add(subject)
        for predicate, value in whole.predicate_objects(subject):
            part.add((subject, predicate, value))
            waiting += [value] if predicate != RDF.type else []
    return part


def _without_listing(graph: Graph) -> Graph:
    """The graph without what the site says in its own name: its catalogue, and its entry for the record."""
    left = Graph()
    own = {subject for kind in (DCAT.CatalogRecord, DCAT.Catalog) for subject in graph.subjects(RDF.type, kind)}
    for statement in graph:
        if statement[0] not in own:
            left.add(statement)
    return left


class TestTravel:
    def test_the_search_api_finds_what_may_travel_alone(
        self, travelling: dict[str, Original], copies: dict[str, str]
    ) -> None:
        """Every published record that may travel is in the registry's search, and no other."""
        assert set(copies) == set(travelling)

    def test_the_search_page_lists_what_may_travel_alone(
        self, anyone: Callable[[str], Browser], copies: dict[str, str]
    ) -> None:
        """Page after page, a reader meets each record once."""
        assert sorted(_listed(anyone("registry"))) == sorted(copies.values())

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_the_catalogue_holds_what_may_travel_alone(
        self, travelling: dict[str, Original], catalogues: dict[str, Graph], suffix: str
    ) -> None:
        """The same records are datasets of the registry's catalogue, in each of its forms."""
        assert set(catalogues[suffix].subjects(RDF.type, DCAT.Dataset)) == {URIRef(iri) for iri in travelling}

    def test_what_stays_is_described_nowhere(
        self, originals: dict[str, Original], travelling: dict[str, Original], catalogues: dict[str, Graph]
    ) -> None:
        """The address of a record that may not travel is in no statement of the registry's catalogue."""
        staying = {URIRef(each.iri) for each in originals.values() if each.iri not in travelling}

        assert len(staying) == 7
        for whole in catalogues.values():
            assert staying.isdisjoint(whole.all_nodes())

    def test_the_catalogue_lists_its_own_entries(
        self, demo: Demo, travelling: dict[str, Original], catalogues: dict[str, Graph]
    ) -> None:
        """The entries of the registry's catalogue are its own, one a record, and none comes from a member."""
        whole = catalogues["ttl"]
        entries = set(whole.subjects(RDF.type, DCAT.CatalogRecord))

        assert {len(set(whole.subjects(FOAF.primaryTopic, URIRef(iri)))) for iri in travelling} == {1}
        assert all(str(entry).startswith(f"{demo.registry.url}/record/") for entry in entries)


class TestLossless:
    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_the_datasets_address_says_the_same(
        self,
        anyone: Callable[[str], Browser],
        graph: Read,
        travelling: dict[str, Original],
        copies: dict[str, str],
        suffix: str,
    ) -> None:
        """What the registry says of a record is what its own catalogue says, but for the entry in the catalogue."""
        differing = []
        for iri, original in travelling.items():
            here = graph(anyone(original.site), f"/dataset/{original.name}.{suffix}")
            there = graph(anyone("registry"), f"/dataset/{copies[iri]}.{suffix}")
            if not isomorphic(_without_listing(here), _without_listing(there)):
                differing.append(original.name)

        assert differing == []

    @pytest.mark.parametrize("suffix", SUFFIXES)
    def test_the_catalogue_says_the_same(
        self,
        anyone: Callable[[str], Browser],
        graph: Read,
        travelling: dict[str, Original],
        catalogues: dict[str, Graph],
        suffix: str,
    ) -> None:
        """Cut out of the registry's whole catalogue, each record is what its own catalogue says."""
        differing = []
        for iri, original in travelling.items():
            here = _without_listing(graph(anyone(original.site), f"/dataset/{original.name}.ttl"))
            if not isomorphic(here, _described(catalogues[suffix], URIRef(iri))):
                differing.append(original.name)

        assert differing == []

    def test_a_record_has_something_to_lose(
        self, anyone: Callable[[str], Browser], graph: Read, travelling: dict[str, Original]
    ) -> None:
        """Each description has its title, its contact and what people did, or the comparisons would prove nothing."""
        sizes = {
            each.name: len(_without_listing(graph(anyone(each.site), f"/dataset/{each.name}.ttl")))
            for each in travelling.values()
        }

        assert min(sizes.values()) > 40, sizes


def _listed(reader: Browser) -> Iterator[str]:
    """The names on all pages of the search."""
    for number in range(1, 10):
        names = HEADING.findall(reader.get(f"/dataset/?page={number}").text)
        if not names:
            return
        yield from names
