"""The RDF of one dataset over HTTP: who gets what, at which address, under which headers."""

from __future__ import annotations

from typing import Any

import pytest
import rdflib
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from pyoxigraph import CanonicalizationAlgorithm, NamedNode, Quad, parse
from pyoxigraph import Dataset as Quads

from ckanext.citizendata.core.graph import Index
from ckanext.citizendata.core.terms import DCT, FOAF
from ckanext.citizendata.feeds.face import FACES, face_from_suffix
from ckanext.citizendata.feeds.revision import revision
from ckanext.citizendata.logic.feeds.entries import entry_from_row
from ckanext.citizendata.model import dirty, place, record
from tests.tombstones import tombstones_of

pytestmark = pytest.mark.usefixtures("site")

RDFLIB = {"ttl": "turtle", "rdf": "xml", "xml": "xml", "jsonld": "json-ld", "nt": "nt", "n3": "n3"}
CANARY = "ostrichfeather"


def canonical(body: bytes, suffix: str = "nt", without: str = "") -> set[Quad]:
    face = face_from_suffix(suffix)
    assert face is not None
    quads = Quads(
        Quad(*quad.triple) for quad in parse(body, format=face.format) if quad.subject != NamedNode(without or "x:")
    )
    quads.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(quads)


def token(user: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user=user["name"])["token"]}


def row(package: dict[str, Any]) -> Any:
    found = record.by_package(package["id"])
    assert found is not None
    return found


class TestDataset:
    @pytest.mark.parametrize("face", FACES, ids=lambda face: face.suffix)
    def test_faces(self, app, dataset, face):
        """Every face is the record's fragment and one catalogue record, for two parsers."""
        package = dataset()
        listing = f"{package['uri'].replace('/dataset/', '/record/')}"
        response = app.get(f"/dataset/{package['name']}.{face.suffix}", status=200)
        assert response.headers["Content-Type"] == face.content_type
        assert canonical(response.data, face.suffix, listing) == canonical(row(package).fragment.encode())
        found = rdflib.Graph().parse(data=response.data, format=RDFLIB[face.suffix])
        assert len(found) == len(canonical(response.data, face.suffix))

    def test_by_id(self, app, dataset):
        """Id and name lead to the same."""
        package = dataset()
        assert app.get(f"/dataset/{package['id']}.nt").data == app.get(f"/dataset/{package['name']}.nt").data

    def test_entity_tag(self, app, dataset):
        """A reader who has the current state gets 304, until something changes."""
        package = dataset()
        address = f"/dataset/{package['name']}.ttl"
        tag = app.get(address).headers["ETag"]
        assert app.get(address, headers={"If-None-Match": tag}).status_code == 304
        call_action("package_patch", id=package["id"], notes_translated={"en": "Changed."})
        assert app.get(address, headers={"If-None-Match": tag}).status_code == 200

    def test_public_headers(self, app, dataset):
        """What everyone may read may be kept, and is asked for anew each time."""
        headers = app.get(f"/dataset/{dataset()['name']}.ttl").headers
        assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "Authorization" in headers["Vary"]

    @pytest.mark.parametrize("suffix", ["pdf", "ttl2", "TTL", "json"])
    def test_unknown_ending(self, app, dataset, suffix):
        """An ending that isn't served is a 404 that lists those that are."""
        response = app.get(f"/dataset/{dataset()['name']}.{suffix}", status=404)
        assert "ttl, rdf, xml, jsonld, nt, n3" in response.text

    def test_unknown_profile(self, app, dataset):
        """Another profile is refused with a sentence."""
        response = app.get(f"/dataset/{dataset()['name']}.ttl?profiles=euro_dcat_ap_3", status=406)
        assert "euro_dcat_ap_3" in response.text

    @pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json, text/html;q=0.5"])
    def test_negotiation(self, app, dataset, accept):
        """The dataset's address leads to RDF whoever asks for it."""
        package = dataset()
        response = app.get(f"/dataset/{package['id']}", headers={"Accept": accept}, follow_redirects=False)
        assert response.status_code == 303
        assert f"/dataset/{package['id']}." in response.headers["Location"]
        assert "Accept" in response.headers["Vary"]

    def test_browser_gets_the_page(self, app, dataset):
        """A browser stays on the page."""
        accept = "text/html,application/xhtml+xml,*/*;q=0.8"
        response = app.get(f"/dataset/{dataset()['name']}", headers={"Accept": accept}, follow_redirects=False)
        assert response.status_code == 200
        assert "Accept" in response.headers["Vary"]

    def test_record_and_catalogue_addresses(self, app, dataset):
        """The addresses of catalogue record and catalogue lead to what describes them."""
        package = dataset()
        for address, end in (
            (f"/record/{package['id']}", f"/dataset/{package['id']}.ttl"),
            ("/catalog", "/catalog.ttl"),
        ):
            response = app.get(address, headers={"Accept": "text/turtle"}, follow_redirects=False)
            assert response.headers["Location"].endswith(end)


class TestHidden:
    @pytest.mark.parametrize("audience", ["producer", "partners", "national", "collaborative", "everyone_short"])
    def test_one_answer_for_all(self, app, dataset, stranger, audience):
        """What isn't for everyone answers as what doesn't exist, for anonymous and for another organisation."""
        package = dataset(audience=audience, title_translated={"en": CANARY})
        nothing = app.get("/dataset/no-such-dataset.ttl", status=404)
        readers = [{}] if audience == "national" else [{}, token(stranger)]
        for headers in readers:
            for reference in (package["name"], package["id"]):
                response = app.get(f"/dataset/{reference}.ttl", headers=headers, status=404)
                assert response.data == nothing.data
                assert CANARY not in response.text

    def test_own_people(self, app, dataset, reader):
        """Its own people read the fragment, which no cache may keep and no catalogue record lists."""
        package = dataset(audience="producer", title_translated={"en": CANARY})
        response = app.get(f"/dataset/{package['name']}.ttl", headers=token(reader), status=200)
        assert CANARY in response.text
        assert "CatalogRecord" not in response.text
        assert "private" in response.headers["Cache-Control"]
        assert "public" not in response.headers["Cache-Control"]

    def test_national(self, app, dataset, stranger):
        """What is for users of the national catalogue is for whoever is signed in, and for no cache."""
        package = dataset(audience="national")
        response = app.get(f"/dataset/{package['name']}.ttl", headers=token(stranger), status=200)
        assert "private" in response.headers["Cache-Control"]

    def test_unread(self, app, dataset):
        """Whoever has the revision already gets a 304, for which nothing is rendered."""
        package = dataset()
        record.write({**row(package)._mapping, "fragment": "<<< no RDF"})
        model.Session.commit()
        entry = entry_from_row(place.of_package(package["id"]))
        parts = (entry.iri, entry.record, entry.issued, entry.modified, entry.custody, entry.fragment)
        tag = revision("ttl", "open", *parts)
        app.get(f"/dataset/{package['name']}.ttl", headers={"If-None-Match": f'"{tag}"'}, status=304)

    def test_damaged(self, app, dataset, caplog):
        """A stored graph that can't be read is said to be damaged; the log names the record."""
        package = dataset()
        record.write({**row(package)._mapping, "fragment": "<<< no RDF"})
        model.Session.commit()
        response = app.get(f"/dataset/{package['name']}.ttl", status=500)
        assert "damaged" in response.text
        assert "ETag" not in response.headers
        assert f"The stored RDF of {package['uri']} can't be read" in caplog.text

    def test_safety_questions_cap(self, app, dataset):
        """An open safety question hides what was meant for everyone."""
        app.get(f"/dataset/{dataset(sensitivity='unknown')['name']}.ttl", status=404)

    def test_waiting(self, app, dataset):
        """A record that waits to be rendered says so; one that nobody could see says nothing."""
        public, hidden = dataset(), dataset(audience="producer")
        dirty.mark([public["id"], hidden["id"]], dirty.EDITED)
        model.Session.commit()
        assert app.get(f"/dataset/{public['name']}.ttl", status=503).headers["Retry-After"] == "10"
        app.get(f"/dataset/{hidden['name']}.ttl", status=404)


class TestGone:
    def take_back(self, package: dict[str, Any], how: str) -> str:
        if how == "withdrawn":
            call_action("citizendata_record_withdraw", id=package["id"])
        elif how == "deleted":
            call_action("package_delete", id=package["id"])
        elif how == "purged":
            call_action("dataset_purge", id=package["id"])
        else:
            call_action("package_patch", id=package["id"], audience="producer")
        return {"purged": "deleted"}.get(how, how)

    @pytest.mark.parametrize("how", ["withdrawn", "deleted", "purged", "no_longer_public"])
    def test_tombstone(self, app, dataset, how):
        """What was public and is gone answers 410 with a tombstone that discloses nothing else."""
        package = dataset(title_translated={"en": CANARY})
        kind = self.take_back(package, how)
        response = app.get(f"/dataset/{package['id']}.ttl", status=410)
        found = {quad.triple for quad in parse(response.data, format=FACES[0].format)}
        assert [(each.iri, each.kind) for each in tombstones_of(Index(found))] == [(package["uri"], kind)]
        # Five about this site's entry, three about what the EU calls the state.
        assert len(found) == 8
        assert CANARY not in response.text

    @pytest.mark.parametrize("how", ["withdrawn", "deleted", "purged", "no_longer_public"])
    def test_never_public(self, app, dataset, how):
        """What nobody else could ever read leaves no trace."""
        package = dataset(audience="producer")
        self.take_back(package, how)
        app.get(f"/dataset/{package['id']}.ttl", status=404)

    def test_restored(self, app, dataset):
        """A withdrawn record that is restored is back."""
        package = dataset()
        call_action("citizendata_record_withdraw", id=package["id"])
        call_action("citizendata_record_restore", id=package["id"])
        app.get(f"/dataset/{package['name']}.ttl", status=200)


class TestPublisher:
    def test_named_agent(self, app, dataset, organization):
        """The dataset's publisher is its organisation, by name."""
        package = dataset()
        found = {quad.triple for quad in parse(app.get(f"/dataset/{package['name']}.nt").data, format=FACES[4].format)}
        publisher = Index(found).value(NamedNode(package["uri"]), DCT.publisher)
        assert isinstance(publisher, NamedNode)
        assert [name.value for name in Index(found).objects(publisher, FOAF.name)] == [organization["title"]]
