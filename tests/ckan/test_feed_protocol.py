"""What this site tells other catalogues, held against the protocol as any stranger would hold it."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.jobs import get_queue
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import call_action
from click.testing import CliRunner
from rq.registry import ScheduledJobRegistry

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.command import main
from ckanext.citizendata.core.ping import PING_TYPE, ping_from_json
from ckanext.citizendata.core.signature import PublicKey
from ckanext.citizendata.feeds.issuing import manifest_in
from ckanext.citizendata.logic.feeds import feed_keys, feed_news
from ckanext.citizendata.logic.feeds.cutting import cut
from ckanext.citizendata.logic.feeds.moving import addresses_before

FOLDER = tempfile.mkdtemp(prefix="feeds-")

pytestmark = [
    pytest.mark.ckan_config("ckanext.citizendata.feed_folder", FOLDER),
    pytest.mark.ckan_config("ckanext.citizendata.contact", "data@kenya.example.org"),
]


@pytest.fixture(autouse=True)
def folder(site: None) -> Iterator[Path]:  # noqa: ARG001
    """The folder of the feeds, empty before and after."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    yield Path(FOLDER)
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture
def published(dataset: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Three datasets, one that isn't for everyone, and one that was withdrawn; cut into a snapshot."""
    packages = [dataset() for _ in range(4)]
    dataset(audience="producer")
    call_action("citizendata_record_withdraw", id=packages[3]["id"])
    cut("everyone")
    return packages


def checks_of(address: str) -> dict[str, dict[str, Any]]:
    """What the conformance command says, by the names of checks."""
    result = CliRunner().invoke(main, ["conformance", "--json", address])
    return {check["name"]: check for check in json.loads(result.stdout)["checks"]}


class Quiet(SimpleHTTPRequestHandler):
    """Serves the files of a folder without a word."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


class TestWellKnown:
    def test_says_what_the_site_is(self, app: Any, published: list[dict[str, Any]]) -> None:  # noqa: ARG002
        """Every field that must be there, as the checks of the protocol want it."""
        response = app.get("/.well-known/citizendata")
        said = response.json
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert (said["protocol"], said["roles"], said["delete_policy"]) == (
            "citizendata/1",
            ["catalogue", "registry"],
            "persistent",
        )
        assert said["contact"] == "mailto:data@kenya.example.org"
        assert said["key"]["kid"] == feed_keys.shown()[-1]["kid"]
        address = said["feeds"][0].pop("manifest")
        assert said["feeds"] == [{"audience": "everyone", "access": "open"}]
        assert address.endswith("/feed/everyone/manifest")
        assert said["ping"].endswith("/feed/ping")
        assert said["catalogue_pages"]["ttl"].endswith("/catalog.ttl")

    def test_before_the_first_snapshot(self, app: Any) -> None:
        """There is no feed to name yet."""
        said = app.get("/.well-known/citizendata").json
        assert "feeds" not in said
        assert said["catalogue"].endswith("/catalog")


class QuietRequests(WSGIRequestHandler):
    """Answers without a word."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


class TestSite:
    def test_passes_every_check(
        self, published: list[dict[str, Any]], make_app: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Over HTTP, as any stranger's program asks it."""
        monkeypatch.setitem(tk.config, "ckanext.citizendata.base_iri", published[0]["uri"].partition("/dataset/")[0])
        with make_server("127.0.0.1", 0, lambda *_: [], handler_class=QuietRequests) as server:
            address = f"http://127.0.0.1:{server.server_port}"
            monkeypatch.setitem(tk.config, "ckan.site_url", address)
            server.set_app(make_app().app)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            found = checks_of(address)
            server.shutdown()
        assert [check for check in found.values() if not check["passed"]] == []
        assert len(found) == 25


class TestExport:
    def test_is_a_feed_by_the_protocol(self, published: list[dict[str, Any]], tmp_path: Path) -> None:
        """From any web server: all that could be otherwise is what such a server says of itself."""
        result = CliRunner().invoke(citizendata, ["feed", "export", str(tmp_path / "out")])
        assert result.exit_code == 0, result.output
        assert f"{tmp_path / 'out'} written: 3 datasets, and 1 that were taken back." in result.output
        with HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "out"))) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            found = checks_of(f"http://127.0.0.1:{server.server_port}/manifest")
            server.shutdown()
        failed = {name for name, check in found.items() if not check["passed"]}
        assert failed == {"manifest.media_type", "manifest.unchanged"}
        assert found["pages.once"]["found"] == "8 IRIs"
        text = "".join(path.read_text() for path in (tmp_path / "out" / "pages").iterdir())
        assert all(package["uri"] in text for package in published)

    def test_is_one_file_where_that_is_wished(self, published: list[dict[str, Any]], tmp_path: Path) -> None:  # noqa: ARG002
        """With progress on the error output."""
        target = tmp_path / "out.zip"
        result = CliRunner().invoke(citizendata, ["feed", "export", str(target)])
        assert "Export: pages written 100 %" in result.stderr
        with zipfile.ZipFile(target) as packed:
            assert {"manifest", "README.txt"} < {*packed.namelist()}

    def test_without_a_snapshot_says_what_to_do(self, tmp_path: Path) -> None:
        """And writes nothing."""
        result = CliRunner().invoke(citizendata, ["feed", "export", str(tmp_path / "out")])
        assert result.exit_code == 1
        assert "jobs worker" in result.output
        assert list(tmp_path.iterdir()) == []


@dataclass
class Registry:
    """Somebody's registry, which answers so and keeps what it hears."""

    address: str = ""
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[tuple[str, str, bytes]] = field(default_factory=list)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry that this site tells of news."""
    found = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name that http.server calls
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.heard.append((self.path, self.headers["Content-Type"], body))
            self.send_response(found.status)
            for name, text in found.headers.items():
                self.send_header(name, text)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        found.address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setitem(tk.config, "ckanext.citizendata.registries", [found.address])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


class TestNews:
    def test_are_told_after_each_change(self, registry: Registry, dataset: Callable[..., dict[str, Any]]) -> None:
        """Signed by the key of the feed, and nothing of the change itself; nothing new, no word."""
        package = dataset()
        cut("everyone")
        cut("everyone")
        ((path, media_type, body),) = registry.heard
        assert (path, media_type) == ("/feed/ping", "application/jose")
        ping = ping_from_json(PublicKey(feed_keys.shown()[-1]["x"]).verified(body.decode(), PING_TYPE))
        assert (ping.sequence, ping.manifest.endswith("/feed/everyone/manifest")) == (1, True)
        assert package["id"] not in body.decode()

    def test_come_again_after_a_pause_that_is_asked_for(
        self, registry: Registry, published: list[dict[str, Any]]
    ) -> None:
        """Once, from the queue."""
        for key in connect_to_redis().scan_iter("rq:*"):
            connect_to_redis().delete(key)
        registry.status, registry.headers = 429, {"Retry-After": "3"}
        call_action("package_patch", id=published[0]["id"], notes_translated={"en": "Changed."})
        cut("everyone")
        planned = [each for each in ScheduledJobRegistry(queue=get_queue()).get_job_ids() if "tell" in each]
        assert len(planned) == 1

    @pytest.mark.parametrize("status", [301, 404, 500])
    def test_cost_nothing_where_the_registry_fails(
        self, registry: Registry, dataset: Callable[..., dict[str, Any]], status: int
    ) -> None:
        """The snapshot is there; the registry reads it in its next round."""
        registry.status, registry.headers = status, {"Location": "http://127.0.0.1:9/"}
        dataset()
        assert cut("everyone") is not None
        assert len(registry.heard) == 1

    def test_cost_nothing_where_nobody_listens(self, registry: Registry, published: list[dict[str, Any]]) -> None:  # noqa: ARG002
        """Nor where the address is none."""
        for address in ("http://127.0.0.1:9", "http://[", "nonsense"):
            feed_news.tell_one(address, "everyone", 1)


class TestMove:
    def test_tells_where_the_site_was(self, app: Any, published: list[dict[str, Any]], monkeypatch: Any) -> None:  # noqa: ARG002
        """In its document and its manifest; names stay."""
        before = app.get("/.well-known/citizendata").json
        old = before["catalogue"].removesuffix("/catalog")
        monkeypatch.setitem(tk.config, "ckanext.citizendata.base_iri", old)
        monkeypatch.setitem(tk.config, "ckan.site_url", "https://new.example.org")
        result = CliRunner().invoke(citizendata, ["move", old, "https://new.example.org/"])
        assert result.exit_code == 0, result.output
        assert addresses_before() == (old,)
        manifest = max(Path(FOLDER, "everyone", "manifests").glob("*.jws"), key=lambda path: int(path.stem)).read_text()
        assert (manifest_in(manifest).moved_from, manifest_in(manifest).catalogue) == (old, before["catalogue"])

    def test_asks_for_the_right_options_first(self, published: list[dict[str, Any]]) -> None:  # noqa: ARG002
        """And notes nothing."""
        result = CliRunner().invoke(citizendata, ["move", "https://old.example.org", "https://new.example.org"])
        assert result.exit_code == 1
        assert "set ckan.site_url to https://new.example.org" in result.output
        model.Session.rollback()
        assert addresses_before() == ()

    @pytest.mark.parametrize("words", [("ftp://a.example.org", "https://b.example.org"), ("https://a.org", "b")])
    def test_takes_addresses_alone(self, words: tuple[str, str]) -> None:
        """In a sentence."""
        result = CliRunner().invoke(citizendata, ["move", *words])
        assert result.exit_code == 1
        assert "http:// or https://" in result.output
