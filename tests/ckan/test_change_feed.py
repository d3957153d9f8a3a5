"""The change feed: what everyone is told of what happened, in which order, and what is never told."""

from __future__ import annotations

import time
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.citizendata.logic.marks import Incoming, publishing
from ckanext.citizendata.model import change, dirty, feed, member

pytestmark = pytest.mark.usefixtures("site")

FEED = "/feed/everyone/changes.json"
CANARY = "ostrichfeather"
IRI, NEW_IRI = "https://source.example/dataset/1", "https://source.example/dataset/new"
FRAGMENT = '<{0}> <http://purl.org/dc/terms/title> "Source" .\n'
PATIENCE = 20
SOURCE = {"id": "source", "title": "Source", "url": "https://source.example/c.ttl", "audience": "everyone"}


def settled() -> int:
    """The number of the last change, once readers may have it: other transactions of the server may hold it back."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        model.Session.rollback()
        last = model.Session.execute(sa.text("SELECT max(sequence) FROM citizendata_change")).scalar() or 0
        if [row.sequence for row in change.changes_since(0, 1000)][-1:] == [last] or not last:
            return last
        time.sleep(0.05)
    raise AssertionError("the changes don't settle")


def read(app: Any, address: str = FEED, **arguments: Any) -> dict[str, Any]:
    settled()
    return app.get(address, status=200, **arguments).json


def words(found: dict[str, Any], iri: str) -> list[str | None]:
    return [entry["operation"] for entry in found["changes"] if entry["iri"] == iri]


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


class TestLife:
    def test_of_a_record_for_everyone(self, app, dataset):
        """Each step with its place, its time, the record and where its RDF is."""
        package = dataset()
        call_action("package_patch", id=package["id"], notes_translated={"en": "Changed."})
        found = read(app)
        created, updated = found["changes"]

        assert (found["catalogue"], found["since"], found["next"]) == ("http://test.ckan.net/catalog", 0, None)
        assert found["until"] == updated["sequence"] > created["sequence"]
        assert [created["operation"], updated["operation"]] == ["created", "updated"]
        assert created["iri"] == package["uri"]
        assert created["record"] == package["uri"].replace("/dataset/", "/record/")
        assert app.get(path(created["dataset"]), status=200).headers["Content-Type"].startswith("text/turtle")

    @pytest.mark.parametrize("how", ["withdrawn", "deleted", "purged", "access_changed"])
    def test_of_what_is_taken_back(self, app, dataset, how):
        """A tombstone that says since when, and of what came before the address alone; back again, it says all."""
        package = dataset(title_translated={"en": CANARY}, name=CANARY)
        call_action("package_patch", id=package["id"], notes_translated={"en": "Changed."})
        if how == "withdrawn":
            call_action("citizendata_record_withdraw", id=package["id"])
        elif how == "access_changed":
            call_action("package_patch", id=package["id"], audience="national")
            # Among whom it goes on, and how, is nobody else's business.
            call_action("package_patch", id=package["id"], audience="producer")
            call_action("package_patch", id=package["id"], notes_translated={"en": "In private."})
        else:
            call_action({"deleted": "package_delete", "purged": "dataset_purge"}[how], id=package["id"])
        found = read(app)
        first, second, last = found["changes"]

        assert words(found, package["uri"]) == [None, None, {"purged": "deleted"}.get(how, how)]
        assert all(entry[key] is None for entry in (first, second) for key in ("at", "record", "dataset"))
        assert (last["dataset"], bool(last["at"])) == (None, True)

    def test_of_what_comes_back(self, app, dataset):
        """All of it is told again, the tombstone too."""
        package = dataset()
        call_action("citizendata_record_withdraw", id=package["id"])
        call_action("citizendata_record_restore", id=package["id"])

        assert words(read(app), package["uri"]) == ["created", "withdrawn", "created"]

    def test_of_what_moves(self, app, dataset):
        """A member gives its record another address: told of the old one, and the RDF names the new one."""
        member.write({**SOURCE, "interval_minutes": 60})
        with publishing("source", Incoming(IRI, FRAGMENT.format(IRI), "f1", "1")):
            package = dataset()
        with publishing("source", Incoming(NEW_IRI, FRAGMENT.format(NEW_IRI), "f2", "1")):
            call_action("package_patch", id=package["id"], title_translated={"en": "Moved"})
        found = read(app)

        assert words(found, IRI) == ["created", "moved"]
        assert NEW_IRI in app.get(path(found["changes"][-1]["dataset"]), status=200).text

    def test_of_what_is_being_written_anew(self, app, dataset):
        """Its RDF can't be had for the moment; nobody learns more."""
        package = dataset()
        dirty.mark([package["id"]], dirty.EDITED)
        model.Session.commit()
        (entry,) = read(app)["changes"]

        assert (entry["operation"], entry["dataset"]) == ("created", None)


class TestHidden:
    def test_never_appears(self, app, dataset, stranger):
        """What never was for everyone leaves a number without an entry, whoever asks; what opens late begins there."""
        hidden = dataset(audience="producer", title_translated={"en": CANARY})
        call_action("package_patch", id=hidden["id"], notes_translated={"en": CANARY})
        call_action("package_delete", id=hidden["id"])
        draft = dataset(state="draft", title_translated={"en": CANARY})
        late = dataset(audience="national")
        call_action("package_patch", id=late["id"], audience="everyone")
        token = {"Authorization": factories.APIToken(user=stranger["name"])["token"]}
        found, as_stranger = read(app), app.get(FEED, headers=token, status=200)

        assert found == as_stranger.json
        assert [(entry["operation"], entry["iri"]) for entry in found["changes"]] == [("created", late["uri"])]
        for secret in (hidden["id"], draft["id"], CANARY):
            assert secret not in as_stranger.text


class TestPaging:
    def test_reads_each_change_once(self, app, dataset):
        """Page by page, over what isn't told too; the end is a place to come back to."""
        uris = [dataset(audience=audience)["uri"] for audience in ("everyone", "producer", "everyone", "everyone")]
        found, address, pages = [], f"{FEED}?limit=1", 0
        while address:
            page = read(app, address)
            found += [entry["iri"] for entry in page["changes"]]
            pages, address = pages + 1, path(page["next"]) if page["next"] else ""

        assert (found, pages) == ([uris[0], *uris[2:]], 4)
        assert read(app, f"{FEED}?since={page['until']}")["changes"] == []

        later = dataset()
        assert words(read(app, f"{FEED}?since={page['until']}"), later["uri"]) == ["created"]

    def test_asked_again(self, app, dataset):
        """Nothing new costs a 304; scripts of other sites may ask; it is packed for whoever takes that."""
        dataset()
        settled()
        first = app.get(FEED, headers={"Accept-Encoding": "identity"})
        packed = app.get(FEED, headers={"Accept-Encoding": "gzip"})
        head = app.client.head(FEED)

        assert app.get(FEED, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert (first.headers["ETag"], "Content-Encoding" in first.headers) != (packed.headers["ETag"], True)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert {each.headers["Access-Control-Allow-Origin"] for each in (first, packed, head)} == {"*"}
        assert (head.data, head.headers["ETag"]) == (b"", first.headers["ETag"])
        assert "If-None-Match" in app.options(FEED).headers["Access-Control-Allow-Headers"]


class TestEpoch:
    def test_a_place_from_before_a_restore_is_refused(self, app, dataset):
        """What was told then may never have happened now."""
        dataset(), dataset()
        following = read(app, f"{FEED}?limit=1")["next"]
        app.get(path(following), status=200)
        model.Session.add(feed.Feed(name="everyone", epoch=2))
        model.Session.commit()

        answer = app.get(path(following), status=410)
        assert "epoch" in answer.text
        assert read(app)["epoch"] == 2


class TestWrongParameters:
    @pytest.mark.parametrize(
        ("asked", "status", "words"),
        [
            ("limit=0", 400, ("limit", "“0”", "1 to 1000")),
            ("limit=1001", 400, ("limit", "“1001”")),
            ("limit=ten", 400, ("limit", "“ten”")),
            ("since=-1", 400, ("since", "“-1”", "changes.json")),
            ("since=x", 400, ("since", "“x”")),
            ("since=99999999", 400, ("since", "“99999999”")),
            ("since=9223372036854775808", 400, ("since",)),
            ("epoch=7", 410, ("epoch", "“7”", "changes.json")),
            ("epoch=x&since=1", 410, ("epoch", "“x”")),
        ],
    )
    def test_are_refused(self, app, asked, status, words):
        """With a sentence that names parameter and value, and a link to begin anew where a place is wrong."""
        answer = app.get(f"{FEED}?{asked}", status=status)

        assert all(word in answer.text for word in words)
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert ("limit" in asked) != (f'{FEED}>; rel="start"' in answer.headers.get("Link", ""))
