"""Catalogues published by others, as third-party members, where the setting CITIZENDATA_REAL_FEEDS names their folder.

All are members of one registry; what an anonymous reader gets from it is laid beside what the catalogues say, read and
cut with another library and other code.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
import rdflib
from ckan.tests.helpers import CKANTestApp
from rdflib import DCAT, FOAF, RDF, Graph, Namespace, URIRef
from rdflib.term import Node

from ckanext.citizendata.core.identity import GENID
from ckanext.citizendata.core.splitting import split
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.feeds.entry import Dataset
from ckanext.citizendata.model import record
from tests.generation.snapshots import entry_of, failures

from .conftest import Report, Server
from .statements import Statement, about, canonical, hazards, of_things
from .test_harvest import everything_written

FOLDER = Path(os.environ["CITIZENDATA_REAL_FEEDS"])
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
MEDIA_TYPES = {
    ".rdf": "application/rdf+xml",
    ".xml": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".json": "application/json",
    ".ttl": "text/turtle",
}
PAGES = ("paged-collection-1.jsonld", "paged-collection-2.jsonld")


@dataclass(frozen=True)
class Tally:
    """What became of a feed: its datasets, those published, what it says of them, and how much of that is hazards.

    `lost` and `invented` are the statements that the export lacks and those that it adds.
    """

    datasets: int
    published: int
    statements: int
    hazards: int = 0
    lost: frozenset[Statement] = frozenset()
    invented: frozenset[Statement] = frozenset()


# Counted by rdflib in the files; all others of the folder are refused whole.
TALLIES = {
    "brandenburg.rdf": Tally(112, 112, 4273),
    "swiss-catalog.xml": Tally(2, 2, 121),
    "unibo.rdf": Tally(12, 12, 1270),
    "dcatde-max.rdf": Tally(1, 1, 146, 1),
    "fpsecocbe.xml": Tally(2, 2, 344),
    "bnodes.jsonld": Tally(3, 3, 95),
    "catalog_pod.jsonld": Tally(1, 1, 55),
    "nested_blank_nodes.ttl": Tally(1, 1, 29),
    "wallonie.xml": Tally(1, 1, 137),
    "paged-collection-1.jsonld": Tally(4, 4, 98),
}
REFUSED = {
    "favv-invalid.rdf": (", line 73: Unexpected node, a text value is already present", "rejected(malformed)"),
    "evian.json": (
        ": its JSON-LD names a @context at another address, which is never fetched",
        "rejected(remote_context)",
    ),
    "dcatus_with_none.json": (": this is DCAT-US (data.json), which isn't read here", "rejected(dcat_us)"),
}

Member = Callable[..., str]
Harvest = Callable[[str], Report]


@dataclass(frozen=True)
class Feed:
    """A harvested member, and all that its pages say."""

    member: str
    source: Graph
    report: Report

    @property
    def said(self) -> Mapping[Node, Graph]:
        """What is said about each dataset."""
        return {
            each: about(self.source, each) for each in sorted(self.source.subjects(RDF.type, DCAT.Dataset), key=str)
        }


@dataclass(frozen=True)
class Shown:
    """What everyone reads about a dataset: its own file, its page of the catalogue, and how much is withheld."""

    own: set[Statement]
    listed: Graph
    withheld: int


@pytest.fixture
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib otherwise writes 1.0 for 1.00."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def served(server: Server, name: str) -> list[str]:
    """The addresses of a feed's pages; the links between those of a file in pages name our server."""
    home = f"/{Path(name).stem.lower().replace('_', '-')}"
    if name not in PAGES:
        return [server.serve(f"{home}/{name}", (FOLDER / name).read_bytes(), MEDIA_TYPES[Path(name).suffix])]
    links = f"{server.address}{home}/catalog".encode()
    bodies = [(FOLDER / page).read_bytes().replace(b"http://data.test.org/catalog", links) for page in PAGES]
    paths = [f"{home}/catalog.jsonld?page={number}" for number in (1, 2)]
    return [server.serve(path, body, MEDIA_TYPES[".jsonld"]) for path, body in zip(paths, bodies, strict=True)]


def read(server: Server, addresses: list[str]) -> Graph:
    """All pages of a feed as rdflib reads them."""
    source = Graph()
    for address in addresses:
        media_type, body = cast("tuple[str, bytes]", server.pages[address.removeprefix(server.address)])
        form = "json-ld" if media_type == MEDIA_TYPES[".jsonld"] else media_type
        source += Graph().parse(data=body, format=form, publicID=address)
    return source


def exported(app: CKANTestApp) -> dict[Node, Shown]:
    """All that the registry hands out as RDF, read as anybody reads it: page by page, dataset by dataset."""
    shown: dict[Node, Shown] = {}
    for page in pages(app):
        for iri in page.objects(None, DCAT.dataset):
            listing = next(page.subjects(FOAF.primaryTopic, iri))
            response = app.get(f"/dataset/{str(listing).rpartition('/')[2]}.nt")
            own = set(Graph().parse(data=response.data, format="nt")) - set(page.triples((listing, None, None)))
            shown[iri] = Shown(own, about(page, iri), int(response.headers["Citizendata-Withheld"]))
    return shown


def pages(app: CKANTestApp) -> Iterator[Graph]:
    address = "/catalog.nt"
    while address:
        page = Graph().parse(data=app.get(address).data, format="nt")
        yield page
        address = next(map(str, page.objects(None, HYDRA.next)), "")


def tally(feed: Feed, shown: dict[Node, Shown]) -> Tally:
    """What became of a feed in the export, statement by statement."""
    differences = {dataset: tally_of_one(feed, dataset, said, shown) for dataset, said in feed.said.items()}
    every = differences.values()
    return Tally(
        len(differences),
        feed.report.counts["added"],
        sum(each.statements for each in every),
        sum(each.hazards for each in every),
        frozenset[Statement]().union(*(each.lost for each in every)),
        frozenset[Statement]().union(*(each.invented for each in every)),
    )


def tally_of_one(feed: Feed, dataset: Node, said: Graph, shown: dict[Node, Shown]) -> Tally:
    """The same of one dataset: all of it in its own file, on its page at least what is about it, its files and agents.

    A page names the entries of code lists as the lists do; what else a feed says of them stands in each file alone.
    """
    dangerous = hazards(said)
    went_in = canonical(set(said) - dangerous)
    iri = twin(feed, dataset, went_in, shown)
    out = shown[iri]
    assert out.withheld == len(dangerous)
    assert are_stored(iri, dangerous)
    own, listed, in_feed = canonical(out.own), canonical(of_things(out.listed)), canonical(of_things(said) - dangerous)
    lost, invented = (went_in - own) | (in_feed - listed), (own - went_in) | (listed - in_feed)
    return Tally(1, 1, len(said), len(dangerous), frozenset(lost), frozenset(invented))


def twin(feed: Feed, dataset: Node, went_in: frozenset[Statement], shown: dict[Node, Shown]) -> Node:
    """The IRI of a dataset in the export, which for one without any is the most similar one of its member."""
    if isinstance(dataset, URIRef):
        return dataset
    candidates = [iri for iri in shown if f"{GENID}{feed.member}/" in str(iri)]
    return max(candidates, key=lambda iri: len(went_in & canonical(shown[iri].own)))


def are_stored(iri: Node, dangerous: set[Statement]) -> bool:
    """Whether the record has what its export withholds."""
    fragment = "".join(row.fragment for row in record.by_iri(str(iri))).replace("\\u0020", " ")
    return all(f"<{target}> ." in fragment for _, _, target in dangerous)


@pytest.mark.usefixtures("literals_as_written")
@pytest.mark.parametrize("name", TALLIES)
def test_yardstick(server: Server, name: str) -> None:
    """No statement about a dataset, a distribution or an agent that they name is beyond what is compared below."""
    source = read(server, served(server, name))
    said = Feed(name, source, Report("", None, {}, (), ())).said
    assert of_things(source) - set[Statement]().union(*said.values()) == set()


@pytest.mark.usefixtures("literals_as_written")
def test_come_out_of_every_face(tmp_path: Path) -> None:
    """In pages of a snapshot, read by two parsers: each graph is its record, and each face is all of them."""
    entries: list[Dataset] = []
    with Parser(Limits()) as parser:
        parser.start()
        for name in (*TALLIES, *PAGES[1:]):
            kind = MEDIA_TYPES[Path(name).suffix]
            answer = Answer(f"https://feeds.example/{name}", kind, (FOLDER / name).read_bytes())
            for page in parser.parts_of(answer):
                found = split(page.text, f"https://feeds.example{GENID}", frozenset().__contains__, rest=page.rest)
                entries += [entry_of(len(entries) + n, each.iri, each.fragment) for n, each in enumerate(found.records)]
    assert len(entries) == sum(each.published for each in TALLIES.values())
    assert [*failures(tmp_path, entries)] == []


@pytest.mark.usefixtures("registry", "literals_as_written")
class TestRealFeeds:
    def test_come_out_as_they_went_in(self, server: Server, member: Member, harvest: Harvest, app: CKANTestApp) -> None:
        """Every dataset is published, and all that is said about it leaves the registry again, but for hazards."""
        feeds: dict[str, Feed] = {}
        for name in TALLIES:
            addresses = served(server, name)
            home = addresses[0].rpartition("/")[0]
            id = member(home.rpartition("/")[2], addresses[0], prefixes=[f"{home}/"])
            feeds[name] = Feed(id, read(server, addresses), harvest(id))
            assert feeds[name].report.state == "finished", feeds[name].report.reason
        shown = exported(app)
        assert {name: tally(feed, shown) for name, feed in feeds.items()} == TALLIES
        assert len(shown) == sum(each.published for each in TALLIES.values())

    @pytest.mark.parametrize("name", REFUSED)
    def test_that_cannot_be_read_change_nothing(
        self, server: Server, member: Member, harvest: Harvest, name: str
    ) -> None:
        """Refused with address, line and reason; what an earlier version of the feed brought stays."""
        (url,) = served(server, name)
        server.serve(url.removeprefix(server.address), (FOLDER / "unibo.rdf").read_bytes(), "application/rdf+xml")
        harvest(member("real", url))
        before = everything_written()
        served(server, name)
        report = harvest("real")
        assert report.state == "failed"
        sentence, outcome = REFUSED[name]
        assert f"{url}{sentence}" in str(report.reason)
        assert outcome in str(report.reason)
        assert everything_written() == before
