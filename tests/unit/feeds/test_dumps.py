"""All of a feed in one file."""

from __future__ import annotations

import gzip
from functools import partial

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, parse

from ckanext.citizendata.core.graph import Index
from ckanext.citizendata.core.terms import DCAT
from ckanext.citizendata.feeds.catalogue import statements_of_head
from ckanext.citizendata.feeds.dump_parts import face_part, quads_part, table_part, triples_part
from ckanext.citizendata.feeds.dumps import Recipe, dumped, latest_dump
from ckanext.citizendata.feeds.entry import Grave
from ckanext.citizendata.feeds.face import N_TRIPLES, face_from_suffix
from ckanext.citizendata.feeds.kept_faces import KeptFaces
from ckanext.citizendata.feeds.rendering import rendered
from ckanext.citizendata.feeds.splicing import end_in, head_in
from ckanext.citizendata.feeds.store import Store

from ...snapshots import DAY, HEAD, SITE, dataset_of, page_of, snapshot_of

GRAVE = Grave(f"{SITE}/dataset/9", f"{SITE}/record/9", "withdrawn", DAY)
RDFLIB = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt"}


def in_silence(_doing, _done, _total):
    """Nobody listens."""


def ignored(_problem):
    """Nobody reads it."""


@pytest.fixture
def store(tmp_path):
    return Store.of(tmp_path, "everyone")


@pytest.fixture
def pages(store):
    """The pages of a snapshot with three datasets and a tombstone."""
    made = snapshot_of(store, 4, page_of(dataset_of(1), GRAVE), page_of(), page_of(dataset_of(2), dataset_of(3)))
    return [page.sha256 for page in made.pages]


def recipe(suffix):
    said = statements_of_head(HEAD)
    if suffix in ("nt", "nq"):
        part = quads_part if suffix == "nq" else partial(triples_part, catalogue=HEAD.iri)
        return Recipe(suffix, rendered(said, N_TRIPLES).body, lambda store, name: part(store, name=name))
    face = face_from_suffix(suffix)
    part = partial(face_part, faces=KeptFaces(ignored), catalogue=HEAD.iri, face=face)
    return Recipe(suffix, head_in(said, face), lambda store, name: part(store, name=name), end_in(face))


def listed(body, form):
    index = Index({quad.triple for quad in parse(body, format=form)})
    return {each.value.rpartition("/")[2] for each in index.objects(NamedNode(HEAD.iri), DCAT.dataset)}


class TestDumped:
    @pytest.mark.parametrize("suffix", ["nt", "ttl", "jsonld"])
    def test_graph(self, store, pages, suffix):
        """All datasets, in one document that two parsers read; of each page, blank nodes are its own."""
        path = dumped(store, 4, pages, recipe(suffix), in_silence)
        body = gzip.decompress(path.read_bytes())
        assert listed(body, face_from_suffix(suffix).format) == {"00001", "00002", "00003"}
        found = rdflib.Graph().parse(data=body, format=RDFLIB[suffix])
        periods = rdflib.URIRef("http://purl.org/dc/terms/PeriodOfTime")
        assert len({*found.subjects(rdflib.RDF.type, periods)}) == 3
        assert f"{SITE}/record/9" in body.decode()

    def test_named_graphs(self, store, pages):
        """N-Quads keep each record in its graph, as the pages have them."""
        path = dumped(store, 4, pages, recipe("nq"), in_silence)
        quads = [*parse(gzip.decompress(path.read_bytes()), format=RdfFormat.N_QUADS)]
        records = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)}
        assert records == {f"{SITE}/record/{each}" for each in ("9", "00001", "00002", "00003")}

    def test_table(self, store, pages):
        """A line a dataset; no tombstone."""
        part = partial(table_part, row=lambda iri, text: f"{iri},{len(text) > 9}\r\n", version="1")
        made = Recipe("csv", b"uri,said\r\n", lambda store, name: part(store, name=name))
        lines = gzip.decompress(dumped(store, 4, pages, made, in_silence).read_bytes()).decode().splitlines()
        assert lines == ["uri,said", *(f"{SITE}/dataset/0000{each},True" for each in (1, 2, 3))]

    def test_latest(self, store, pages):
        """The last one is served, and the one before goes."""
        dumped(store, 4, pages, recipe("nt"), in_silence)
        last = dumped(store, 10, pages, recipe("nt"), in_silence)
        assert latest_dump(store, "nt") == last
        assert [path.name for path in (store.folder / "dumps").iterdir()] == ["10.nt.gz"]
        assert latest_dump(store, "ttl") is None

    def test_taken_back(self, store, pages):
        """Where a page was taken back there is no dump, and nothing of it is left."""
        store.retire(pages[0])
        assert dumped(store, 4, pages, recipe("nt"), in_silence) is None
        assert [*(store.folder / "dumps").iterdir()] == []

    def test_taken_back_meanwhile(self, store, pages):
        """Neither is there one where that happened while it was made."""

        def take_back(_doing, done, _total):
            if done == 2:
                store.retire(pages[0])
                store.drop_dumps()

        assert dumped(store, 4, pages, recipe("nt"), take_back) is None
        assert latest_dump(store, "nt") is None

    def test_progress(self, store, pages):
        """How far it is, is told page by page."""
        told = []
        dumped(store, 4, pages, recipe("nt"), lambda doing, done, total: told.append((doing, done, total)))
        assert told == [("making dump.nt.gz", done, 3) for done in range(4)]
