"""Signed feeds of other sites: what is read of them, what is refused, and what a person decides."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from click.testing import CliRunner, Result

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.logic.harvesting.needs import needs_of
from ckanext.citizendata.model import record as records
from tests.generation.signed_feed import SignedFeed, record, tombstone, written

from .conftest import Report, Server, answer, counts, state
from .test_harvest import everything_written, titles

Member = Callable[..., str]
Harvest = Callable[..., Report]
Command = Callable[..., Result]
FEED, WELL_KNOWN = "/feed/everyone/", "/.well-known/citizendata"
A, B, C = (f"https://node.example.org/dataset/{name}" for name in "abc")
AGENT, NAME = "<https://node.example.org/agent/water>", "<http://xmlns.com/foaf/0.1/name>"
PUBLISHER = "<http://purl.org/dc/terms/publisher>"


class Site:
    """A site with a signed feed; `feed` changes, and `publish` shows it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.feed = SignedFeed([record(A, "Water"), record(B, "Rivers")], [record(C, "Wells")])
        self.url = f"{server.address}{FEED}manifest"

    def publish(self) -> None:
        """Serve the feed as it is now, and no page that it hasn't."""
        for path in [path for path in self.server.pages if path.startswith(FEED)]:
            del self.server.pages[path]
        for name, content in self.feed.files().items():
            self.server.serve(FEED + name, content, "application/octet-stream")
        self.serve(self.feed.signed())

    def serve(self, manifest: bytes) -> None:
        """Serve another signed list, by its hash as its ETag."""
        etag = f'"{sha256(manifest).hexdigest()}"'

        def told(handler: BaseHTTPRequestHandler) -> None:
            if handler.headers.get("If-None-Match") == etag:
                handler.send_response(304)
                handler.end_headers()
            else:
                answer(handler, manifest, "application/jose", ETag=etag)

        self.server.answer(f"{FEED}manifest", told)

    def asked(self) -> list[str]:
        """What was asked for since the last time, without the beginning that all share."""
        seen = [path.removeprefix(FEED)[:9] for path in self.server.seen]
        self.server.seen.clear()
        return seen


@pytest.fixture
def site(server: Server, member: Member) -> Site:
    """The member `kenya` with a feed of three records on two pages."""
    made = Site(server)
    made.publish()
    member("kenya", made.url, kind="citizendata", prefixes=["https://node.example.org/"])
    return made


@pytest.fixture
def command(registry: None) -> Iterator[Command]:  # noqa: ARG001
    """Runs `ckan citizendata …` in this process, on the site that the test has already."""
    yield lambda *words: CliRunner().invoke(citizendata, words)


def page(site: Site, number: int) -> str:
    """How `asked` tells a page."""
    return f"pages/{site.feed.manifest().pages[number].sha256[:3]}"


class TestReading:
    def test_costs_what_changed(self, site: Site, harvest: Harvest) -> None:
        """All at first; nothing but one question while nothing changes; then the one page that did, and no other."""
        assert counts(harvest("kenya")) == {"added": 3}
        assert titles() == ["Rivers", "Water", "Wells"]
        assert site.asked() == ["manifest", page(site, 0), page(site, 1)]

        before = everything_written()
        report = harvest("kenya")
        assert (report.state, counts(report), list(report.notes)) == ("finished", {}, [])
        assert site.asked() == ["manifest"]
        assert everything_written() == before

        site.feed.lists([record(A, "Water"), record(B, "Rivers")], [record(C, "Clean wells")])
        site.publish()
        assert counts(harvest("kenya")) == {"changed": 1}
        assert site.asked() == ["manifest", page(site, 1)]
        assert sorted(titles()) == ["Clean wells", "Rivers", "Water"]

        site.feed.lists([record(A, "Water"), tombstone(B)], site.feed.pages[1])
        site.publish()
        report = harvest("kenya")
        assert (counts(report), list(report.notes)) == ({"unchanged": 1, "removed": 1}, [])
        assert sorted(titles()) == ["Clean wells", "Water"]

    def test_proves_absence_only_when_whole(self, site: Site, harvest: Harvest, command: Command) -> None:
        """A record that is away from its page isn't missing for that; it is once all pages were read."""
        harvest("kenya")
        site.feed.lists([record(A, "Water")], [record(C, "Wells")])
        site.publish()
        report = harvest("kenya")
        assert (counts(report), list(report.notes)) == ({"unchanged": 1}, [])
        done = command("harvest", "run", "kenya", "--whole")
        assert done.exit_code == 0, done.output
        assert state(B) == "missing"

    def test_begins_anew_where_a_page_is_taken_back(self, site: Site, harvest: Harvest) -> None:
        """In the middle of a crawl; what was on it then is no absence, and the new list counts."""
        harvest("kenya")
        site.feed.lists([record(A, "Clean water"), record(B, "Rivers")], [record(C, "Clean wells")])
        site.publish()
        gone = f"{FEED}pages/{site.feed.manifest().pages[1].sha256}.nq"

        def taken_back(handler: BaseHTTPRequestHandler) -> None:
            site.feed.lists(site.feed.pages[0], [tombstone(C)])
            site.publish()
            handler.send_error(410)

        site.server.answer(gone, taken_back)
        assert counts(harvest("kenya")) == {"changed": 1, "unchanged": 1, "removed": 1}
        assert site.server.seen.count(f"{FEED}manifest") == 3
        assert sorted(titles()) == ["Clean water", "Rivers"]

    def test_keeps_names_apart(self, site: Site, harvest: Harvest) -> None:
        """Two records that name one publisher differently, on one page: each keeps what it says, byte for byte."""
        pairs = {A: "Water desk", B: "Office of water"}
        made = [
            record(iri, "T", f"<{iri}> {PUBLISHER} {AGENT}", f'{AGENT} {NAME} "{name}"') for iri, name in pairs.items()
        ]
        site.feed.lists([*made, record(C, "Wells", f"<{C}> {PUBLISHER} {AGENT}")])
        site.publish()
        assert counts(harvest("kenya")) == {"added": 3}
        said = {iri: records.by_iri(iri)[0].fragment.count(f"{AGENT} {NAME} ") for iri in (A, B, C)}
        assert said == {A: 1, B: 1, C: 0}
        assert all(f'"{name}"' in records.by_iri(iri)[0].fragment for iri, name in pairs.items())

    def test_reads_again_what_a_person_lets_return(self, site: Site, harvest: Harvest) -> None:
        """Though its page is still what it was."""
        site.feed.lists([record(A, "Water"), tombstone(B)], [record(C, "Wells")])
        site.publish()
        harvest("kenya")
        site.feed.lists([record(A, "Water"), record(B, "Rivers")], [record(C, "Wells")])
        site.publish()
        assert counts(harvest("kenya")) == {"unchanged": 1, "held": 1}
        call_action("citizendata_harvest_approve", id="kenya", iri=B)
        assert counts(harvest("kenya")) == {"added": 1, "unchanged": 2}

    def test_of_a_cleared_member_brings_all_back(self, site: Site, harvest: Harvest) -> None:
        """And of one that was removed and comes again."""
        harvest("kenya")
        call_action("citizendata_member_clear", id="kenya")
        assert counts(harvest("kenya")) == {"added": 3}
        site.asked()
        call_action("citizendata_member_delete", id="kenya")
        with pytest.raises(tk.ObjectNotFound):
            call_action("citizendata_member_feed_show", id="kenya")


class TestRefusals:
    def test_change_nothing(self, site: Site, harvest: Harvest) -> None:
        """S22: each of the ways in which a feed isn't to be believed, and the healthy one afterwards."""
        last_week = SignedFeed(*site.feed.pages)
        last_week.signer, last_week.keys = site.feed.signer, site.feed.keys
        site.feed.epoch, site.feed.sequence = 2, 7
        site.publish()
        harvest("kenya")
        before = everything_written()
        old = dict(last_week.files())
        flipped = bytearray(site.feed.lists([record(A, "Later")]).signed())
        flipped[flipped.index(b".") + 60] ^= 1
        manifests = {
            "rollback": last_week.signed(),
            "signature": bytes(flipped),
        }
        last_week.epoch, last_week.sequence = 2, 6
        manifests["rollback "] = last_week.signed()
        for code, manifest in manifests.items():
            site.serve(manifest)
            report = harvest("kenya")
            assert f"rejected({code.strip()})" in str(report.reason)
            assert report.state == "failed"
        site.publish()
        mixed = f"{FEED}pages/{site.feed.manifest().pages[0].sha256}.nq"
        site.server.serve(mixed, next(body for name, body in old.items() if name != "manifest"), "text/plain")
        assert "rejected(hash)" in str(harvest("kenya").reason)
        assert everything_written() == before
        assert titles() == ["Rivers", "Water", "Wells"]

        site.publish()
        assert counts(harvest("kenya")) == {"changed": 1}

    def test_of_what_is_over(self, site: Site, harvest: Harvest) -> None:
        """Also where the server says that nothing has changed since."""
        harvest("kenya")
        model.Session.execute(sa.text("UPDATE citizendata_member_feed SET expires = now()"))
        model.Session.commit()
        site.asked()
        assert "rejected(expired)" in str(harvest("kenya").reason)
        assert site.asked() == ["manifest"]
        site.feed.lists(*site.feed.pages)
        site.publish()
        assert harvest("kenya").state == "finished"


class TestKeys:
    def test_that_follow_are_accepted_by_themselves(self, site: Site, harvest: Harvest) -> None:
        """The old key says so."""
        harvest("kenya")
        site.feed.rotate()
        site.publish()
        assert harvest("kenya").state == "finished"
        found = call_action("citizendata_member_feed_show", id="kenya")
        assert (found["key"], found["waiting_key"]) == (site.feed.signer.public.kid, None)

    def test_that_were_lost_wait_for_a_person(self, site: Site, harvest: Harvest, command: Command) -> None:
        """Who trusts the new one, by its name; the old one is refused then, also in the hands of who stole it."""
        harvest("kenya")
        stolen = SignedFeed([record(A, "Stolen")])
        stolen.signer, stolen.keys, stolen.sequence = site.feed.signer, site.feed.keys, 100
        site.feed.replace_key()
        site.publish()
        assert "rejected(key_changed)" in str(harvest("kenya").reason)
        user = tk.get_action("get_site_user")(tk.fresh_context({"ignore_auth": True}), {})["name"]
        assert [need.kind for need in needs_of(user)] == ["key_changed"]

        kid = site.feed.signer.public.kid
        told = command("member", "key", "kenya").output
        assert f"ckan citizendata member key kenya --trust {kid}" in told
        wrong = command("member", "key", "kenya", "--trust", stolen.signer.public.kid)
        assert (wrong.exit_code, f"the key that waits is {kid}" in wrong.output) == (1, True)
        assert command("member", "key", "kenya", "--trust", kid).exit_code == 0
        assert needs_of(user) == []
        assert counts(harvest("kenya")) == {"unchanged": 3}

        site.serve(stolen.signed())
        assert "rejected(signature)" in str(harvest("kenya").reason)
        assert call_action("citizendata_member_feed_show", id="kenya")["waiting_key"] is None
        site.publish()
        assert harvest("kenya").state == "finished"

    def test_a_new_count_waits_for_a_person(self, site: Site, harvest: Harvest, command: Command) -> None:
        """Then all of it is read, whatever its number."""
        site.feed.sequence = 40
        site.publish()
        harvest("kenya")
        site.feed.epoch, site.feed.sequence = 2, 1
        site.publish()
        assert "rejected(epoch)" in str(harvest("kenya").reason)
        assert "--approve 2" in command("member", "epoch", "kenya").output
        assert "3 can't be approved: 2 waits" in command("member", "epoch", "kenya", "--approve", "3").output
        assert command("member", "epoch", "kenya", "--approve", "2").exit_code == 0
        assert counts(harvest("kenya")) == {"unchanged": 3}
        assert call_action("citizendata_member_feed_show", id="kenya")["epoch"] == 2


class TestFinding:
    def test_looks_for_the_signed_feed_first(self, server: Server, command: Command) -> None:
        """From any address of the site; the key is named, and the command that adds it."""
        site = Site(server)
        site.publish()
        said = {"protocol": "citizendata/1", "feeds": [{"audience": "everyone", "manifest": site.url}]}
        server.serve(WELL_KNOWN, json.dumps(said).encode(), "application/json")
        lines = command("member", "probe", f"{server.address}/about").stdout.splitlines()
        assert lines[0] == f"{site.url}: its signed feed, N-Quads, signed pages"
        assert f"its key is called {site.feed.signer.public.kid}" in lines[1]
        assert lines[2] == "The whole of it was read (2 pages): 3 datasets, of 3 that it says it has"
        assert lines[-1].startswith(f"Add it with: ckan citizendata member add 127-0-0-1 {site.url} --kind citizendata")
        assert command("member", "probe", site.url).stdout.splitlines() == lines
        assert "It is read by its signed feed." in command("member", "add", "ghana", f"{server.address}/").output
        found = call_action("citizendata_member_show", id="ghana")
        assert (found["kind"], found["url"]) == ("citizendata", site.url)

    def test_reads_the_first_pages_alone(self, server: Server, command: Command) -> None:
        """As of any other feed."""
        site = Site(server)
        site.feed.lists(*([record(f"{A}{number}", f"T{number}")] for number in range(5)))
        site.publish()
        lines = command("member", "probe", site.url, "--pages", "2").stdout.splitlines()
        assert lines[2] == "Only the beginning was read (2 pages): 2 datasets, of 5 that it says it has"

    def test_leaves_other_servers_alone(self, server: Server, command: Command) -> None:
        """A site names its own feed, or none."""
        said = {"protocol": "citizendata/1", "feeds": [{"audience": "everyone", "manifest": "https://x.example.org/m"}]}
        for wrong in (json.dumps(said).encode(), b"[" * 50_000, b"null", b"<html>"):
            server.serve(WELL_KNOWN, wrong, "application/json")
            assert "answers 404" in command("member", "probe", f"{server.address}/about").output


class TestImport:
    def test_reads_files_as_a_server_would_serve_them(self, site: Site, command: Command, tmp_path: Path) -> None:
        """A folder, then a zip with what changed, then an older one, which is refused."""
        site.server.pages.clear()
        folder = written(site.feed.files(), tmp_path / "export")
        done = command("harvest", "import", "kenya", str(folder))
        assert done.exit_code == 0, done.output
        assert titles() == ["Rivers", "Water", "Wells"]
        with zipfile.ZipFile(tmp_path / "next.zip", "w") as packed:
            for name, content in site.feed.lists([record(A, "Clean water")], [record(C, "Wells")]).files().items():
                packed.writestr(name, content)
        assert command("harvest", "import", "kenya", str(tmp_path / "next.zip")).exit_code == 0
        assert sorted(titles()) == ["Clean water", "Rivers", "Wells"]
        done = command("harvest", "import", "kenya", str(folder))
        assert (done.exit_code, "rejected(rollback)" in done.output) == (1, True)
        assert site.asked() == []

    def test_of_other_kinds_is_refused(self, server: Server, member: Member, command: Command, tmp_path: Path) -> None:
        """With what the member is read by."""
        member("kenya", f"{server.address}/c.ttl")
        done = command("harvest", "import", "kenya", str(tmp_path))
        assert (done.exit_code, "kenya is read by DCAT in RDF" in done.output) == (1, True)
