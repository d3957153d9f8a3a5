"""What the addresses of feeds give."""

from __future__ import annotations

import gzip
import json
from hashlib import sha256

import pytest
from pyoxigraph import Literal, NamedNode, parse

from ckanext.citizendata.core.graph import Index
from ckanext.citizendata.core.terms import CDATA, DCAT, DCT, HYDRA, RDF
from ckanext.citizendata.feeds.addresses import (
    CatalogueAsked,
    DumpAsked,
    ManifestAsked,
    NothingAsked,
    PageAsked,
    SnapshotAsked,
)
from ckanext.citizendata.feeds.delivery import Delivery, Site
from ckanext.citizendata.feeds.face import FACES, TURTLE
from ckanext.citizendata.feeds.kept_faces import KeptFaces
from ckanext.citizendata.feeds.sending import Refusal, Sendable
from ckanext.citizendata.feeds.store import Store

from ...snapshots import HEAD, SITE, dataset_of, page_of, snapshot_of

MANIFEST = f"{SITE}/feed/everyone/manifest"


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path, SITE, HEAD.iri, HEAD.licence)


@pytest.fixture
def store(tmp_path):
    return Store.of(tmp_path, "everyone")


@pytest.fixture
def problems():
    return []


@pytest.fixture
def delivery(problems):
    return Delivery(KeptFaces(problems.append))


@pytest.fixture
def snapshot(store):
    return snapshot_of(store, 4, page_of(dataset_of(1), dataset_of(2)), page_of(dataset_of(3)))


def read(body):
    return b"".join(part if isinstance(part, bytes) else part.read_bytes() for part in body.parts)


def index(thing, face):
    return Index({quad.triple for quad in parse(read(thing.plain), format=face.format)})


class TestSnapshot:
    @pytest.mark.parametrize("face", FACES, ids=lambda face: face.suffix)
    @pytest.mark.usefixtures("snapshot")
    def test_page(self, delivery, site, face):
        """A page has its datasets, both forms of Hydra, and how much there is in all; packed it is the same."""
        thing = delivery.given(site, SnapshotAsked(4, 1, face))
        found = index(thing, face)
        node = NamedNode(f"{SITE}/snapshot/4/1.{face.suffix}")
        assert {each.value for each in found.objects(NamedNode(HEAD.iri), DCAT.dataset)} == {
            dataset_of(1).iri,
            dataset_of(2).iri,
        }
        assert found.value(node, HYDRA["next"]) == NamedNode(f"{SITE}/snapshot/4/2.{face.suffix}")
        assert found.value(node, HYDRA.nextPage) == NamedNode(f"{SITE}/snapshot/4/2.{face.suffix}")
        assert found.value(node, HYDRA.previous) is None
        assert found.value(node, HYDRA.totalItems).value == "3"
        assert gzip.decompress(read(thing.packed)) == read(thing.plain)
        assert thing.content_type == face.content_type
        assert thing.cache == "public, max-age=0, must-revalidate"

    @pytest.mark.usefixtures("snapshot")
    def test_head(self, delivery, site):
        """The catalogue says under which licence its descriptions are, and that tombstones stay."""
        found = index(delivery.given(site, SnapshotAsked(4, 2, TURTLE)), TURTLE)
        catalogue = NamedNode(HEAD.iri)
        assert found.value(catalogue, DCT.license) == NamedNode(HEAD.licence)
        assert found.value(catalogue, CDATA.deletePolicy) == Literal("persistent")
        assert DCAT.Catalog in found.objects(catalogue, RDF.type)

    @pytest.mark.usefixtures("snapshot")
    def test_links(self, delivery, site):
        """Programs are led to the catalogue, the other pages, the licence, and to what proves the page."""
        links = delivery.given(site, SnapshotAsked(4, 2, TURTLE)).links
        assert set(links) == {
            f'<{HEAD.iri}>; rel="describes"',
            '<http://www.w3.org/ns/hydra/core#PartialCollectionView>; rel="type"',
            f'<{MANIFEST}>; rel="describedby"; type="application/jose"',
            f'<{HEAD.licence}>; rel="license"',
            f'<{SITE}/snapshot/4/1.ttl>; rel="first"',
            f'<{SITE}/snapshot/4/1.ttl>; rel="prev"',
            f'<{SITE}/snapshot/4/2.ttl>; rel="last"',
        }

    @pytest.mark.usefixtures("snapshot")
    def test_stays(self, delivery, site, store):
        """A page of an old snapshot is the same as before, byte for byte, while a new one is served."""
        before = read(delivery.given(site, SnapshotAsked(4, 2, TURTLE)).plain)
        snapshot_of(store, 5, page_of(dataset_of(1), dataset_of(2), dataset_of(4)), page_of(dataset_of(3)))
        assert read(delivery.given(site, SnapshotAsked(4, 2, TURTLE)).plain) == before
        assert (
            "4"
            in index(delivery.given(site, SnapshotAsked(5, 2, TURTLE)), TURTLE)
            .value(NamedNode(f"{SITE}/snapshot/5/2.ttl"), HYDRA.totalItems)
            .value
        )

    def test_untitled(self, delivery, site, store):
        """A record without a title is on no page, and isn't counted."""
        page = page_of(dataset_of(1), dataset_of(2)).replace('"Water points 2"', '" "')
        snapshot_of(store, 1, page)
        found = index(delivery.given(site, SnapshotAsked(1, 1, TURTLE)), TURTLE)
        assert found.value(NamedNode(HEAD.iri), HYDRA.totalItems).value == "1"
        assert dataset_of(2).iri not in str(found.objects(NamedNode(HEAD.iri), DCAT.dataset))

    def test_poison(self, delivery, site, store, problems):
        """A record that can't be read is missing, and told; the page is there."""
        snapshot_of(store, 1, page_of(dataset_of(1), dataset_of(2)).replace('"Water points 2"', '"Water'))
        found = index(delivery.given(site, SnapshotAsked(1, 1, TURTLE)), TURTLE)
        assert found.value(NamedNode(HEAD.iri), DCAT.dataset) == NamedNode(dataset_of(1).iri)
        assert [problem.path for problem in problems] == [dataset_of(2).record]

    def test_taken_back(self, delivery, site, store, snapshot):
        """A page that was taken back is gone in each snapshot and face, whatever was made of it before."""
        assert isinstance(delivery.given(site, SnapshotAsked(4, 2, TURTLE)), Sendable)
        store.retire(snapshot.pages[1].sha256)
        for face in FACES:
            refusal = delivery.given(site, SnapshotAsked(4, 2, face))
            assert refusal.status == 410
            assert refusal.links == [f'<{MANIFEST}>; rel="latest-version"']
        assert isinstance(delivery.given(site, SnapshotAsked(4, 1, TURTLE)), Sendable)

    def test_taken_back_meanwhile(self, delivery, site, store, snapshot):
        """Till the next cut whoever begins with the catalogue is answered from the tables: he would lose a page."""
        asked = CatalogueAsked(1, TURTLE)
        assert delivery.current(site, asked).status == 302
        store.retire(snapshot.pages[1].sha256)
        assert delivery.current(site, asked) is None
        snapshot_of(store, 5, page_of(dataset_of(1), dataset_of(2)))
        assert delivery.current(site, asked).status == 302

    @pytest.mark.usefixtures("store", "snapshot")
    def test_not_kept(self, delivery, site):
        """A snapshot that was pruned leads to the current one; one that never was is nothing."""
        refusal = delivery.given(site, SnapshotAsked(3, 1, TURTLE))
        assert refusal.status == 410
        assert f'<{SITE}/snapshot/4/1.ttl>; rel="latest-version"' in refusal.links
        assert delivery.given(site, SnapshotAsked(5, 1, TURTLE)).status == 404
        assert delivery.given(site, SnapshotAsked(0, 1, TURTLE)).status == 404

    @pytest.mark.parametrize("number", [0, 3])
    @pytest.mark.usefixtures("snapshot")
    def test_no_page(self, delivery, site, number):
        """A page that isn't there is a sentence with the last one."""
        refusal = delivery.given(site, SnapshotAsked(4, number, TURTLE))
        assert (refusal.status, "the last one is 2" in refusal.sentence) == (404, True)


class TestFiles:
    def test_manifest(self, delivery, site, snapshot):
        """The signed text under the hash of its bytes, and what it says as JSON."""
        signed = delivery.given(site, ManifestAsked("everyone", ""))
        assert signed.content_type == "application/jose"
        assert signed.tag == sha256(read(signed.plain)).hexdigest()
        plain = delivery.given(site, ManifestAsked("everyone", "json"))
        assert json.loads(read(plain.plain))["sequence"] == 4
        assert read(plain.plain) == snapshot.payload()

    def test_page(self, delivery, site, snapshot):
        """A page for ever, packed as it is kept."""
        page = delivery.given(site, PageAsked("everyone", snapshot.pages[0].sha256))
        assert page.cache == "public, max-age=31536000, immutable"
        assert page.content_type == "application/n-quads; charset=utf-8"
        assert sha256(read(page.plain)).hexdigest() == page.tag == snapshot.pages[0].sha256
        assert gzip.decompress(read(page.packed)) == read(page.plain)
        assert f'<{MANIFEST}>; rel="describedby"; type="application/jose"' in page.links

    def test_gone_and_never(self, delivery, site, store, snapshot):
        """A page that was taken back is gone, with a link to the manifest; one that never was isn't there."""
        name = snapshot.pages[0].sha256
        store.retire(name)
        gone = delivery.given(site, PageAsked("everyone", name))
        assert (gone.status, gone.links) == (410, [f'<{MANIFEST}>; rel="latest-version"'])
        assert delivery.given(site, PageAsked("everyone", "0" * 64)).status == 404

    @pytest.mark.usefixtures("snapshot")
    def test_other_feed(self, delivery, site, tmp_path):
        """A feed has its own pages alone, which are nobody else's and kept by no cache."""
        name = "partner:kenya"
        own = snapshot_of(Store.of(tmp_path, name), 1, page_of(dataset_of(7)))
        page = delivery.given(site, PageAsked(name, own.pages[0].sha256))
        assert page.cache.startswith("private")
        assert not page.is_open
        assert delivery.given(site, PageAsked("everyone", own.pages[0].sha256)).status == 404

    @pytest.mark.parametrize(
        "asked", [ManifestAsked("collaborative", ""), DumpAsked("everyone", "nt"), NothingAsked("", "No.")]
    )
    def test_nothing(self, delivery, site, asked):
        """What isn't there is a 404 with a sentence."""
        refusal = delivery.given(site, asked)
        assert isinstance(refusal, Refusal)
        assert (refusal.status, refusal.sentence.endswith(".")) == (404, True)
