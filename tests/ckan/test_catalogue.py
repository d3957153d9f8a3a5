"""The catalogue as RDF: what stands in it, in which order, and how a reader walks through it."""

from __future__ import annotations

import shutil
import tempfile
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.search import SearchError
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.dcat.processors import RDFParser
from pyoxigraph import NamedNode, parse

from ckanext.citizendata.core.graph import Index
from ckanext.citizendata.core.terms import DCAT, DCT, FOAF, HYDRA, RDF
from ckanext.citizendata.feeds.face import FACES, face_from_suffix
from ckanext.citizendata.logic.feeds.cutting import cut
from ckanext.citizendata.model import dirty, record
from tests.tombstones import tombstones_of

pytestmark = pytest.mark.usefixtures("site")

CANARY = "ostrichfeather"
FOLDER = tempfile.mkdtemp(prefix="feeds-")
TWO_A_PAGE = pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", 2)


def read(app: Any, address: str = "/catalog.ttl", **arguments: Any) -> Index:
    face = face_from_suffix(address.partition("?")[0].rpartition(".")[2])
    assert face is not None
    return Index({quad.triple for quad in parse(app.get(address, status=200, **arguments).data, format=face.format)})


def listed(index: Index) -> set[str]:
    """The datasets that the catalogue lists and describes."""
    (catalogue,) = index.subjects(RDF.type, DCAT.Catalog)
    datasets = index.objects(catalogue, DCAT.dataset)
    assert all(DCAT.Dataset in index.objects(dataset, RDF.type) for dataset in datasets)
    return {dataset.value for dataset in datasets}


def following(index: Index) -> str | None:
    (page,) = index.subjects(RDF.type, HYDRA.PartialCollectionView)
    found = index.value(page, HYDRA["next"])
    return found.value if found else None


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def walk(app: Any, between: Any = None) -> tuple[list[set[str]], set[str]]:
    """The datasets of each page, and all tombstones; `between` is called after each page with its number."""
    pages, gone, address = [], set(), "/catalog.ttl"
    while address:
        index = read(app, address)
        pages.append(listed(index))
        gone |= {each.iri for each in tombstones_of(index)}
        if between:
            between(len(pages))
        address = path(following(index) or "") if following(index) else None
    return pages, gone


class TestEntries:
    def test_open_records_alone(self, app, dataset, stranger):
        """Everything for everyone is in it, nothing else, whoever asks."""
        public = dataset()
        dataset(audience="producer", title_translated={"en": CANARY})
        dataset(sensitivity="unknown", title_translated={"en": CANARY})
        sysadmin = factories.SysadminWithToken()
        for headers in (
            {},
            {"Authorization": sysadmin["token"]},
            {"Authorization": factories.APIToken(user=stranger["name"])["token"]},
        ):
            response = app.get("/catalog.ttl", headers=headers)
            assert CANARY not in response.text
            assert listed(read(app, headers=headers)) == {public["uri"]}

    @pytest.mark.parametrize("face", FACES, ids=lambda face: face.suffix)
    def test_faces(self, app, dataset, face):
        """Every face lists the same."""
        packages = [dataset(), dataset()]
        response = app.get(f"/catalog.{face.suffix}")
        assert response.headers["Content-Type"] == face.content_type
        assert listed(read(app, f"/catalog.{face.suffix}")) == {package["uri"] for package in packages}

    def test_mandatory_statements(self, app, dataset):
        """Catalogue, record, agent: DCAT-AP 3.0.1's mandatory properties, once each where once is the rule."""
        package = dataset()
        index = read(app)
        (catalogue,) = index.subjects(RDF.type, DCAT.Catalog)
        assert index.objects(catalogue, DCT.title)
        assert index.objects(catalogue, DCT.description)
        (publisher,) = index.objects(catalogue, DCT.publisher)
        assert index.objects(publisher, FOAF.name)  # type: ignore
        (listing,) = index.objects(catalogue, DCAT.record)
        assert index.objects(listing, FOAF.primaryTopic) == (NamedNode(package["uri"]),)  # type: ignore
        assert len(index.objects(listing, DCT.modified)) == 1  # type: ignore
        assert index.objects(NamedNode(package["uri"]), DCT.title)

    def test_tombstones(self, app, dataset):
        """What was public and is gone is there as a tombstone; what never was public isn't."""
        gone, never = dataset(title_translated={"en": CANARY}), dataset(audience="producer")
        for package in (gone, never):
            call_action("citizendata_record_withdraw", id=package["id"])
        index = read(app)
        assert [(each.iri, each.kind) for each in tombstones_of(index)] == [(gone["uri"], "withdrawn")]
        assert listed(index) == set()
        assert CANARY not in app.get("/catalog.ttl").text

    def test_waiting_records(self, app, dataset):
        """A record that waits to be rendered is absent, but counted."""
        waits, other = dataset(), dataset()
        dirty.mark([waits["id"]], dirty.EDITED)
        model.Session.commit()
        index = read(app)
        assert listed(index) == {other["uri"]}
        assert not tombstones_of(index)
        assert {
            each.value
            for page in index.subjects(RDF.type, HYDRA.PagedCollection)
            for each in index.objects(page, HYDRA.totalItems)
        } == {"2"}

    def test_poison(self, app, dataset, caplog):
        """A fragment that can't be read costs only its own entry, and the log names it."""
        poisoned, other = dataset(), dataset()
        record.write({**record.by_package(poisoned["id"])._mapping, "fragment": "<<< no RDF"})  # type: ignore
        model.Session.commit()
        assert listed(read(app)) == {other["uri"]}
        assert poisoned["uri"] in caplog.text


def uri(entry: dict[str, Any]) -> str:
    """Where ckanext-dcat keeps a dataset's IRI, with a schema that has a field for it and without."""
    return entry.get("uri") or next(each["value"] for each in entry["extras"] if each["key"] == "uri")


@TWO_A_PAGE
class TestPaging:
    def test_all_are_found(self, app, dataset):
        """The links lead through all pages, absolute on the site's address, in the order of publication."""
        packages = [dataset() for _ in range(5)]
        pages, _ = walk(app)
        assert pages == [{each["uri"] for each in packages[start : start + 2]} for start in (0, 2, 4)]

    @pytest.mark.ckan_config("ckanext.citizendata.feed_folder", FOLDER)
    def test_a_snapshot_that_comes_meanwhile(self, app, dataset):
        """It has its own order; whoever began in that of the tables goes on in it, and misses nothing."""
        packages = [dataset() for _ in range(5)]
        try:
            pages, _ = walk(app, lambda page: cut("everyone") if page == 1 else None)
            assert pages == [{each["uri"] for each in packages[start : start + 2]} for start in (0, 2, 4)]
            assert app.get("/catalog.ttl", follow_redirects=False).status_code == 302
        finally:
            shutil.rmtree(FOLDER)

    def test_removals_while_walking(self, app, dataset):
        """Records that go while a reader walks don't make it miss another."""
        packages = [dataset() for _ in range(6)]

        def take_back(page: int) -> None:
            if page == 1:
                call_action("citizendata_record_withdraw", id=packages[0]["id"])
                call_action("dataset_purge", id=packages[1]["id"])
                call_action("package_patch", id=packages[2]["id"], audience="producer")
                dirty.mark([packages[5]["id"]], dirty.EDITED)
                model.Session.commit()

        pages, gone = walk(app, take_back)
        assert set().union(*pages) == {packages[n]["uri"] for n in (0, 1, 3, 4)}
        assert gone == {packages[2]["uri"]}

    def test_edits_while_walking(self, app, dataset):
        """Edits and additions while a reader walks don't make it miss one."""
        packages = [dataset() for _ in range(5)]

        def edit(page: int) -> None:
            call_action("package_patch", id=packages[5 - page]["id"], notes_translated={"en": f"Edit {page}"})
            if page == 1:
                packages.append(dataset())

        pages, _ = walk(app, edit)
        assert set().union(*pages) == {package["uri"] for package in packages}

    def test_published_later(self, app, dataset):
        """A record that is opened late stands at the end, so no page before it moves."""
        late = dataset(audience="producer")
        packages = [dataset() for _ in range(2)]
        call_action("package_patch", id=late["id"], audience="everyone")
        pages, _ = walk(app)
        assert pages == [{package["uri"] for package in packages}, {late["uri"]}]

    def test_stock_reader(self, app, dataset):
        """ckanext-dcat's own parser finds every dataset and the next page."""
        packages = [dataset(notes_translated={"en": "Words."}) for _ in range(3)]
        found, address = set(), "/catalog.ttl"
        while address:
            parser = RDFParser(profiles=["euro_dcat_ap_3"])
            parser.parse(app.get(address).text, "ttl")
            found |= {uri(entry) for entry in parser.datasets()}
            address = path(parser.next_page() or "") if parser.next_page() else None
        assert found == {package["uri"] for package in packages}

    @pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "99999999999999999999", "١"])
    def test_no_page(self, app, page):
        """What isn't a number of a page is refused with a sentence."""
        assert page in app.get("/catalog.ttl", query_string={"page": page}, status=400).text

    def test_beyond_the_last(self, app, dataset):
        """A page after the last one is a 404 that names the last."""
        dataset()
        assert "the last one is 1" in app.get("/catalog.ttl?page=2", status=404).text


class TestParameters:
    def test_modified_since(self, app, dataset):
        """Only what changed since, tombstones included."""
        old, gone, changed = dataset(), dataset(), dataset()
        before = record.by_package(changed["id"]).modified.isoformat()  # type: ignore
        call_action("citizendata_record_withdraw", id=gone["id"])
        call_action("package_patch", id=changed["id"], notes_translated={"en": "Changed."})
        index = read(app, "/catalog.ttl?modified_since=" + before.replace("+", "%2B"))
        assert listed(index) == {changed["uri"]}
        assert {each.iri for each in tombstones_of(index)} == {gone["uri"]}
        assert old["uri"] not in app.get("/catalog.ttl?modified_since=" + before).text
        assert listed(read(app, "/catalog.ttl?modified_since=2999-01-01")) == set()

    @pytest.mark.parametrize("value", ["yesterday", "2024-13-01", "1"])
    def test_wrong_date(self, app, value):
        """What isn't a date is refused with a sentence."""
        assert value in app.get(f"/catalog.ttl?modified_since={value}", status=400).text

    def test_search(self, app, dataset):
        """q and fq select what an anonymous reader finds; the records are the same."""
        water, _ = dataset(title_translated={"en": "Giraffe census"}, country=["KEN"]), dataset(country=["GHA"])
        dataset(title_translated={"en": "Giraffe secrets"}, audience="producer")
        assert listed(read(app, "/catalog.ttl?q=giraffe")) == {water["uri"]}
        assert listed(read(app, "/catalog.ttl?fq=vocab_country:KEN")) == {water["uri"]}
        assert listed(read(app, "/catalog.ttl?q=giraffe&fq=capacity:private")) == set()

    def test_conforming(self, app, dataset):
        """Only what breaks no rule of DCAT-AP; the others are listed with sentences."""
        good, bad = dataset(), dataset()
        row = record.by_package(bad["id"])
        said, instead = ("<http://purl.org/dc/terms/description>", "<http://purl.org/dc/terms/abstract>")
        broken = row.fragment.replace(said, instead)
        record.write({**row._mapping, "fragment": broken})
        model.Session.commit()
        index = read(app, "/catalog.ttl?conforms=dcat-ap")
        assert listed(index) == {good["uri"]}
        assert listed(read(app)) == {good["uri"], bad["uri"]}
        others = app.get("/catalog/nonconforming.json").json
        assert (others["profile"], others["page"], others["last"], others["next"]) == ("DCAT-AP 3.0.1", 1, 1, None)
        (found,) = others["records"]
        assert found["iri"] == bad["uri"]
        assert any("dct:description: nothing is said" in reason["message"] for reason in found["reasons"])

    @pytest.mark.parametrize("address", ["/catalog.ttl?conforms=x", "/catalog/nonconforming.json?page=x"])
    def test_wrong_wish(self, app, address):
        """Another profile, and what is no page, are refused with a sentence."""
        assert "x is no " in app.get(address, status=400).text
        assert "the last one is 1" in app.get("/catalog/nonconforming.json?page=2", status=404).text

    def test_wrong_search(self, app):
        """A search that Solr can't read is refused with a sentence."""
        assert "package_search" in app.get("/catalog.ttl?fq=title:(", status=400).text

    @pytest.mark.parametrize("address", ["http://127.0.0.1:1/solr/away", "{own}-nowhere"])
    def test_while_the_search_engine_is_away(self, app, monkeypatch, address):
        """Readers come back later: no parameter of theirs is at fault."""
        own = tk.config["solr_url"]
        assert app.get("/catalog.ttl?q=water", status=200)
        monkeypatch.setitem(tk.config, "solr_url", address.format(own=own))
        answer = app.get("/catalog.ttl?q=water", status=503)

        assert "out of order" in answer.text
        assert answer.headers["Retry-After"] == "10"
        with pytest.raises(SearchError, match="out of order"):
            call_action("dcat_catalog_show", q="water")

    def test_unknown_profile(self, app):
        """Another profile is refused with a sentence; ours may be named."""
        assert "health_dcat_ap" in app.get("/catalog.ttl?profiles=health_dcat_ap", status=406).text
        app.get("/catalog.ttl?profiles=citizendata", status=200)

    def test_unknown_ending(self, app):
        """An ending that isn't served is a 404."""
        app.get("/catalog.pdf", status=404)


class TestEntityTag:
    def test_unchanged(self, app, dataset):
        """A reader who has the page gets 304 until an entry changes, and caches ask each time."""
        package = dataset()
        first = app.get("/catalog.ttl")
        assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        tag = {"If-None-Match": first.headers["ETag"]}
        assert app.get("/catalog.ttl", headers=tag).status_code == 304
        call_action("citizendata_record_withdraw", id=package["id"])
        assert app.get("/catalog.ttl", headers=tag).status_code == 200


class TestOtherTypes:
    def test_behind_ours(self, app, dataset):
        """Packages of another type stand behind ours, as ckanext-dcat writes them."""
        own = dataset()
        other = factories.Dataset(type="portal", title="Other portal", owner_org=factories.Organization()["id"])
        private = factories.Dataset(type="portal", title=CANARY, private=True, owner_org=factories.Organization()["id"])
        pages, _ = walk(app)
        assert pages[0] == {own["uri"]}
        assert len(pages) == 2
        assert {address.rpartition("/")[2] for address in pages[1]} == {other["id"]}
        assert private["id"] not in app.get("/catalog.ttl?page=2").text
        assert "Other portal" in app.get(f"/dataset/{other['name']}.ttl", status=200).text
        app.get(f"/dataset/{other['name']}.nt", status=404)
