"""What the web finds of datasets: headers of their RDF, typed links, machine-readable pages, Atom, sitemap."""

from __future__ import annotations

import gzip
import json
from typing import Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.citizendata.model import dirty, open_record

pytestmark = pytest.mark.usefixtures("site")

CANARY = "ostrichfeather"
SITE = "http://test.ckan.net"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FILE = {"url": "https://files.example.org/a.csv", "name": "A", "mimetype": "text/csv", "license": "CC_BY_4"}
ALLOWED = {"consent_scope": ["ai_training_allowed"]}
LATER = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}


def token(user: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user=user["name"])["token"]}


def links(answer: Any) -> set[tuple[str, str]]:
    found = (each.split(";")[:2] for each in answer.headers.getlist("Link"))
    return {(relation.strip()[5:-1], target.strip("<>")) for target, relation in found}


def at(package: dict[str, Any], *moments: str) -> None:
    """Lets the changes of a record have begun then."""
    number = sa.text("SELECT sequence FROM citizendata_change WHERE package_id = :id ORDER BY sequence")
    for sequence, moment in zip(model.Session.execute(number, {"id": package["id"]}).scalars(), moments, strict=True):
        change = sa.text("UPDATE citizendata_change SET at = :at WHERE sequence = :sequence")
        model.Session.execute(change, {"at": moment, "sequence": sequence})
    model.Session.commit()


class TestHeaders:
    def test_a_date_is_enough_to_ask_again(self, app, dataset):
        """Where it tells two states apart; a tag counts more than a date."""
        package = dataset()
        call_action("package_patch", id=package["id"], notes_translated={"en": "Changed."})
        address = f"/dataset/{package['name']}.ttl"
        at(package, "2026-01-05T10:00:00.2Z", "2026-01-05T10:00:01.7Z")
        dated = app.get(address, status=200).headers
        same = {"If-Modified-Since": dated["Last-Modified"]}

        assert dated["Last-Modified"] == "Mon, 05 Jan 2026 10:00:01 GMT"
        app.get(address, headers=same, status=304)
        app.get(address, headers={**same, "If-None-Match": '"other"'}, status=200)
        app.get(address, headers={"If-Modified-Since": "Mon, 05 Jan 2026 10:00:00 GMT"}, status=200)

        at(package, "2026-01-05T10:00:01.2Z", "2026-01-05T10:00:01.7Z")
        assert "Last-Modified" not in app.get(address, headers=LATER, status=200).headers

    def test_packed_and_open_to_scripts(self, app, dataset):
        """The same statements, under a tag of their own; also for who asks for the head alone."""
        address = f"/dataset/{dataset()['name']}.nt"
        plain = app.get(address, headers={"Accept-Encoding": "identity"})
        packed = app.get(address, headers={"Accept-Encoding": "gzip, br;q=0.5"})
        refused = app.get(address, headers={"Accept-Encoding": "gzip;q=0"})
        head = app.client.head(address, headers={"Accept-Encoding": "gzip"})

        assert gzip.decompress(packed.data) == plain.data == refused.data
        assert packed.headers["ETag"] != plain.headers["ETag"]
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert (head.data, head.headers["Content-Length"]) == (b"", packed.headers["Content-Length"])
        assert plain.headers["Access-Control-Allow-Origin"] == "*"
        assert "Link" in plain.headers["Access-Control-Expose-Headers"]
        assert "If-None-Match" in app.options(address).headers["Access-Control-Allow-Headers"]

    def test_what_is_not_for_everyone(self, app, dataset, reader):
        """No date, no packing, no other site, no typed link; who may not see it gets no 304 for a tag or date."""
        package = dataset(audience="producer")
        address = f"/dataset/{package['name']}.ttl"
        own = app.get(address, headers={**token(reader), **LATER, "Accept-Encoding": "gzip"}, status=200).headers

        assert not {"Last-Modified", "Content-Encoding", "Access-Control-Allow-Origin", "Link"} & set(own.keys())
        app.get(address, headers={**LATER, "If-None-Match": own["ETag"]}, status=404)
        assert links(app.get(f"/dataset/{package['name']}", headers=token(reader), status=200)) == set()


class TestSignposts:
    def test_of_the_page(self, app, dataset):
        """What it is, its name for good, its descriptions, its files and their licence."""
        package = dataset(resources=[FILE, {**FILE, "url": "https://files.example.org/bücher.csv"}])
        about = f"{SITE}/dataset/{package['id']}"

        assert links(app.get(f"/dataset/{package['name']}", status=200)) == {
            ("cite-as", package["uri"]),
            ("type", "https://schema.org/AboutPage"),
            ("type", "https://schema.org/Dataset"),
            *(("describedby", f"{about}.{suffix}") for suffix in ("ttl", "rdf", "jsonld", "nt")),
            *(("describedby", f"{about}/cite.{suffix}") for suffix in ("ris", "bib", "json")),
            ("item", "https://files.example.org/a.csv"),
            ("item", "https://files.example.org/b%C3%BCcher.csv"),
            ("license", "http://creativecommons.org/licenses/by/4.0/"),
        }

    @pytest.mark.ckan_config(
        "ckanext.citizendata.metadata_licence", "https://creativecommons.org/publicdomain/zero/1.0/"
    )
    def test_of_its_rdf(self, app, dataset):
        """What it describes, and the licence of the description."""
        package = dataset()

        assert links(app.get(f"/dataset/{package['name']}.ttl", status=200)) == {
            ("describes", f"{SITE}/dataset/{package['id']}"),
            ("cite-as", package["uri"]),
            ("license", "https://creativecommons.org/publicdomain/zero/1.0/"),
        }


class TestTraining:
    """schema.org and Croissant are for machines that learn: only where those whom the data are about said yes."""

    @pytest.mark.parametrize(
        ("scope", "shown"),
        [
            (["ai_training_allowed", "research"], True),
            (["ai_training_refused"], False),
            (["ai_training_allowed", "ai_training_refused"], False),
            (["unknown"], False),
            (None, False),
        ],
    )
    def test_follows_what_people_agreed_to(self, app, dataset, scope, shown):
        """In the page and as a file; a refusal looks like a dataset that isn't there."""
        package = dataset(resources=[FILE], **({"consent_scope": scope} if scope else {}))
        page = BeautifulSoup(app.get(f"/dataset/{package['name']}", status=200).text, "html.parser")
        scripts = page.find_all("script", type="application/ld+json")
        address = f"/dataset/{package['id']}/croissant.jsonld"

        assert len(scripts) == (2 if shown else 0)
        if shown:
            found = app.get(address, status=200)
            assert found.headers["Content-Type"].startswith("application/ld+json")
            said = json.loads(found.text)
            assert said["@id"] == package["uri"]
            assert said["distribution"]["contentUrl"] == FILE["url"]
            assert "consent" not in found.text
        else:
            assert app.get(address, status=404).data == app.get("/dataset/none/croissant.jsonld", status=404).data


class TestAtom:
    def test_of_a_search(self, app, dataset):
        """The entries of the search, latest change first, in pages that lead on; another word finds nothing."""
        for number in range(3):
            dataset(title_translated={"en": f"Wells {number}", "fr": f"Puits {number}"}, name=f"wells-{number}")
        dataset(title_translated={"en": "Roads"})
        found = ElementTree.fromstring(app.get("/feed/search.atom?q=wells", status=200).data)
        none = ElementTree.fromstring(app.get("/feed/search.atom?q=wells&fq=vocab_country:UGA", status=200).data)
        entry = found.findall(f"{ATOM}entry")[0]

        assert [each.findtext(f"{ATOM}title") for each in found.iter(f"{ATOM}entry")] == [
            "Wells 2",
            "Wells 1",
            "Wells 0",
        ]
        assert entry.findtext(f"{ATOM}id") == call_action("package_show", id="wells-2")["uri"]
        assert entry.find(f"{ATOM}link").attrib["href"] == f"{SITE}/dataset/wells-2"
        assert none.findall(f"{ATOM}entry") == []

    @pytest.mark.ckan_config("ckan.feeds.limit", 1)
    def test_in_pages(self, app, dataset):
        """Each names its neighbours; behind the last one there is none."""
        dataset(), dataset()
        second = ElementTree.fromstring(app.get("/feed/search.atom?page=2", status=200).data)
        where = {each.attrib["rel"]: each.attrib["href"] for each in second.findall(f"{ATOM}link")}
        first = f"{SITE}/feed/search.atom"

        assert (where["first"], where["prev"], where["self"]) == (first, first, f"{first}?page=2")
        assert "next" not in where
        assert "the last one is 2" in app.get("/feed/search.atom?page=3", status=404).text

    @pytest.mark.parametrize(
        ("asked", "word"), [("page=0", "“0”"[1]), ("page=x", "x"), ("q=title:[", "q or fq"), ("fq={!join}", "q or fq")]
    )
    def test_wrong_parameters(self, app, asked, word):
        """A sentence says what is wrong."""
        answer = app.get(f"/feed/search.atom?{asked}", status=400)

        assert word in answer.text
        assert answer.headers["Content-Type"].startswith("text/plain")

    def test_the_search_page_leads_to_it(self, app, dataset):
        """With the words and the choices of the search."""
        dataset()
        page = BeautifulSoup(app.get("/dataset/?q=water&organization=o&page=1", status=200).text, "html.parser")
        (link,) = page.find_all("link", type="application/atom+xml")

        assert link["href"] == f"{SITE}/feed/search.atom?q=water&fq=organization%3A%22o%22"


class TestSitemap:
    def test_names_the_pages(self, app, dataset):
        """robots.txt names the list, the list its parts, a part the pages with their last change."""
        package = dataset()
        robots = app.get("/robots.txt", status=200).text
        index = ElementTree.fromstring(app.get("/sitemap.xml", status=200).data)
        (part,) = (each.text for each in index.iter(f"{MAP}loc"))
        pages = ElementTree.fromstring(app.get(part, status=200).data)

        assert f"\nSitemap: {SITE}/sitemap.xml\n" in f"{robots}\n"
        assert [each.text for each in pages.iter(f"{MAP}loc")] == [f"{SITE}/dataset/{package['name']}"]
        assert [each.text[:2] for each in pages.iter(f"{MAP}lastmod")] == ["20"]
        assert gzip.decompress(app.get(part, headers={"Accept-Encoding": "gzip"}).data) == app.get(part).data
        assert "start" in app.get("/sitemap/part.xml?start=%00", status=400).text

    @pytest.mark.parametrize("length", [0, 1, 2])
    def test_parts_have_each_page_once(self, dataset, length):
        """However finely the list is divided; a part is as long as the list says."""
        names = sorted(dataset()["name"] for _ in range(5))
        rows = open_record.parts(length)
        found = [[each.name for each in open_record.part(row.start, 100)] for row in rows]

        assert {len(row.start) for row in rows} == {length}
        assert [len(part) for part in found] == [row.pages for row in rows]
        assert sorted(name for part in found for name in part) == names


class TestNobodyElsesBusiness:
    """What isn't for everyone answers as what isn't there, for anonymous readers and for another organisation's."""

    def hidden(self, dataset: Any) -> dict[str, dict[str, Any]]:
        """One record of each kind that isn't for everyone."""
        fields = {
            "notes_translated": {"en": CANARY},
            "keyword": {"en": [CANARY]},
            "resources": [{**FILE, "name": CANARY, "description": CANARY}],
            **ALLOWED,
        }
        kinds = {"private": "producer", "lowered": "everyone", "withdrawn": "everyone", "dirty": "everyone"}
        made = {
            kind: dataset(audience=audience, name=f"{CANARY}-{kind}", title_translated={"en": CANARY}, **fields)
            for kind, audience in kinds.items()
        }
        made["draft"] = dataset(state="draft", name=f"{CANARY}-draft", title_translated={"en": CANARY}, **fields)
        call_action("package_patch", id=made["lowered"]["id"], audience="producer")
        call_action("citizendata_record_withdraw", id=made["withdrawn"]["id"])
        dirty.mark([made["dirty"]["id"]], dirty.EDITED)
        model.Session.commit()
        return made

    def test_is_nowhere(self, app, dataset, stranger):
        """Not in a feed, a list or a file, by a word, a name or an id."""
        shown = dataset(name="shown", **ALLOWED)
        made = self.hidden(dataset)
        addresses = (
            "/feed/everyone/changes.json",
            "/feed/search.atom",
            "/feed/search.csv",
            f"/search/suggest?q={CANARY}",
            "/sitemap.xml",
            "/sitemap/part.xml",
        )
        for headers in ({}, token(stranger)):
            answers = [app.get(address, headers=headers, status=200).text for address in addresses]
            assert not any(CANARY in answer for answer in answers)
            for asked in (f"q={CANARY}", f"fq=name:{CANARY}*"):
                assert "<entry>" not in app.get(f"/feed/search.atom?{asked}", headers=headers, status=200).text
            assert shown["name"] in answers[1]
            assert shown["name"] in answers[-1]
            for kind, package in made.items():
                self.is_not_there(app, package, headers, was_open=kind in ("lowered", "withdrawn", "dirty"))

    def is_not_there(self, app: Any, package: dict[str, Any], headers: dict[str, str], *, was_open: bool) -> None:
        absent = app.get("/dataset/none/croissant.jsonld", headers=headers, status=404)
        for reference in (package["name"], package["id"]):
            rdf = app.get(f"/dataset/{reference}.ttl", headers={**headers, **LATER})
            croissant = app.get(f"/dataset/{reference}/croissant.jsonld", headers=headers, status=404)
            page = app.get(f"/dataset/{reference}", headers=headers, status=404)

            # What was for everyone leaves a tombstone, or asks for patience while it is written anew.
            assert rdf.status_code in ((410, 503) if was_open else (404,))
            assert croissant.data == absent.data
            assert not any(CANARY in answer.text for answer in (rdf, croissant))
            assert links(page) == links(rdf) == set()
