"""The files of feeds over HTTP, from a real gunicorn: parts, encodings, tokens, and what is gone."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import requests
from pyoxigraph import NamedNode, RdfFormat, parse

from ckanext.citizendata.core.graph import Index
from ckanext.citizendata.core.manifest import MANIFEST_TYPE, Manifest, manifest_from_json
from ckanext.citizendata.core.terms import DCAT, HYDRA
from ckanext.citizendata.feeds.store import Store
from ckanext.citizendata.logic.feeds.feed_tokens import add_feed, new_token, revoke
from tests.snapshots import HEAD, dataset_of, page_of, snapshot_of

ROOT = Path(__file__).parents[2]
START, ENDS = 60, 20
PARTNER = "partner:kenya"
TOKENS = (
    ("valid", PARTNER, 1), ("over", PARTNER, -1), ("revoked", PARTNER, 1), ("other", "collaborative", 1)
)  # fmt: skip


class Served:
    """A site with snapshots that were made by hand, behind a real server."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.store = Store.of(folder, "everyone")
        self.partner = Store.of(folder, PARTNER)

    def get(self, path: str, method: str = "GET", **headers: str) -> requests.Response:
        """The answer as it came, not unpacked and not followed."""
        sent = {"Accept-Encoding": "identity", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return requests.request(method, self.address + path, headers=sent, allow_redirects=False, timeout=30)

    def raw(self, path: str) -> tuple[int, str | None, bytes]:
        """Status, type and body of a path that is sent as it is written."""
        connection = HTTPConnection(self.address.removeprefix("http://"), timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """gunicorn with one worker and four threads on the test's own services."""
    home = tmp_path_factory.mktemp("served")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    config = home / "site.ini"
    config.write_text(
        f"[app:main]\nuse = config:{ROOT}/config/test.ini\nckan.site_url = {address}\n"
        f"ckanext.citizendata.feed_folder = {home}/feeds\nckanext.citizendata.base_iri = https://data.example.org\n"
    )
    command = [
        "-m",
        "gunicorn",
        "--workers",
        "1",
        "--threads",
        "4",
        "--bind",
        f"127.0.0.1:{port}",
        "--no-control-socket",
    ]
    environment = {**os.environ, "CITIZENDATA_CONFIG": str(config)}
    log = (home / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, *command, "tests.site_app:application"], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    try:
        _await(address, process, home / "log")
        yield Served(address, home / "feeds")
    finally:
        process.terminate()
        _end(process)
        log.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(ENDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await(address: str, process: Any, log: Path) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        try:
            requests.get(f"{address}/feed/everyone/manifest", timeout=START)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"gunicorn doesn't answer: {log.read_text()[-2000:]}")


@pytest.fixture
def snapshot(served: Served, site_with_tables: None) -> Manifest:  # noqa: ARG001
    """The snapshot 7 of 150 datasets on two pages."""
    first, second = (page_of(*map(dataset_of, numbers)) for numbers in (range(100), range(100, 150)))
    return snapshot_of(served.store, 7, first, second)


@pytest.fixture
def tokens(site_with_tables: None) -> dict[str, str]:  # noqa: ARG001
    """A token of the partner's feed that is valid, one that was, one that was revoked, and one of another feed."""
    for feed in (PARTNER, "collaborative"):
        add_feed(feed)
    made = {name: new_token(feed, days, name) for name, feed, days in TOKENS}
    revoke(made["revoked"][0])
    return {name: token for name, (_, token) in made.items()}


class TestCatalogue:
    @pytest.mark.usefixtures("snapshot")
    def test_into_the_snapshot(self, served: Served) -> None:
        """The catalogue leads to the current snapshot, whose pages lead to each other and to nothing else."""
        answer = served.get("/catalog.ttl")
        assert answer.status_code == 302
        assert answer.headers["Cache-Control"] == "no-cache"
        address, found, pages = answer.headers["Location"], set(), 0
        while address:
            assert address.startswith(f"{served.address}/snapshot/7/")
            body = served.get(address.removeprefix(served.address)).content
            index = Index({quad.triple for quad in parse(body, format=RdfFormat.TURTLE)})
            found |= {each.value for each in index.objects(NamedNode(HEAD.iri), DCAT.dataset)}
            following = index.value(NamedNode(address), HYDRA["next"])
            address, pages = following.value if following else "", pages + 1
        assert (pages, found) == (2, {dataset_of(number).iri for number in range(150)})

    @pytest.mark.usefixtures("snapshot")
    def test_pages(self, served: Served) -> None:
        """A page by its number, in a language or not; one that isn't there is a sentence."""
        assert served.get("/fr/catalog.rdf?page=2").headers["Location"] == f"{served.address}/snapshot/7/2.rdf"
        answer = served.get("/catalog.ttl?page=3")
        assert (answer.status_code, answer.text) == (404, "There is no page 3; the last one is 2.\n")
        assert served.get("/catalog.ttl?page=x").status_code == 400
        assert served.get("/catalog.ttl?profiles=euro_dcat_ap_3").status_code == 406

    @pytest.mark.usefixtures("snapshot")
    def test_the_tables(self, served: Served) -> None:
        """What a snapshot can't tell, the tables do."""
        assert served.get("/catalog.ttl?modified_since=2024-01-01").status_code == 200
        # Whoever began in their order goes on in it.
        assert served.get("/catalog.ttl?order=published&page=1").status_code == 200
        assert served.get("/catalog.pdf").status_code == 404


class TestSnapshot:
    @pytest.mark.usefixtures("snapshot")
    def test_packed(self, served: Served) -> None:
        """Packed, a page is the same; each form has its name, and 304 costs nothing."""
        plain, packed = served.get("/snapshot/7/1.ttl"), served.get("/snapshot/7/1.ttl", Accept_Encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) == len(plain.content)
        assert packed.content == plain.content
        assert plain.headers["ETag"] != packed.headers["ETag"]
        again = served.get("/snapshot/7/1.ttl", If_None_Match=plain.headers["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        since = served.get("/snapshot/7/1.ttl", If_Modified_Since=plain.headers["Last-Modified"])
        assert since.status_code == 304

    @pytest.mark.usefixtures("snapshot")
    def test_parts(self, served: Served) -> None:
        """Parts make the whole; one that isn't there is refused."""
        whole = served.get("/snapshot/7/1.nt").content
        first, rest = (
            served.get("/snapshot/7/1.nt", Range="bytes=0-4999"),
            served.get("/snapshot/7/1.nt", Range="bytes=5000-"),
        )
        assert (first.status_code, rest.status_code) == (206, 206)
        assert first.content + rest.content == whole
        beyond = served.get("/snapshot/7/1.nt", Range=f"bytes={len(whole)}-")
        assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")

    def test_gone(self, served: Served, snapshot: Manifest) -> None:
        """What was taken back is gone at once, also where it was read a moment ago."""
        assert served.get("/snapshot/7/2.ttl").status_code == 200
        served.store.retire(snapshot.pages[1].sha256)
        for path in ("/snapshot/7/2.ttl", f"/feed/everyone/pages/{snapshot.pages[1].sha256}.nq"):
            answer = served.get(path)
            assert answer.status_code == 410
            assert answer.headers["Link"] == f'<{served.address}/feed/everyone/manifest>; rel="latest-version"'
        older = served.get("/snapshot/6/1.ttl")
        assert (older.status_code, "the current one is 7" in older.text) == (410, True)


class TestFiles:
    def test_manifest(self, served: Served, snapshot: Manifest) -> None:
        """Signed, and under the hash of its bytes."""
        answer = served.get("/feed/everyone/manifest")
        assert answer.headers["Content-Type"] == "application/jose"
        assert answer.headers["ETag"] == f'"{sha256(answer.content).hexdigest()}"'
        payload = snapshot.keys[-1].key.verified(answer.text, MANIFEST_TYPE)
        assert manifest_from_json(payload) == snapshot
        assert served.get("/feed/everyone/manifest", If_None_Match=answer.headers["ETag"]).status_code == 304
        assert served.get("/feed/everyone/manifest.json").json()["sequence"] == 7

    def test_page(self, served: Served, snapshot: Manifest) -> None:
        """A page whose name is the hash of its bytes, for ever; for other sites' pages too."""
        name = snapshot.pages[0].sha256
        answer = served.get(f"/feed/everyone/pages/{name}.nq")
        assert sha256(answer.content).hexdigest() == name
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        packed = served.get(f"/fr/feed/everyone/pages/{name}.nq", Accept_Encoding="gzip")
        assert (packed.headers["Content-Encoding"], packed.content) == ("gzip", answer.content)

    @pytest.mark.usefixtures("snapshot")
    def test_dump(self, served: Served) -> None:
        """A dump as a file, in parts where a reader was cut off."""
        folder = served.store.folder / "dumps"
        folder.mkdir(exist_ok=True)
        (folder / "7.nt.gz").write_bytes(gzip.compress(b"<a:a> <a:b> <a:c> .\n" * 1000))
        whole = served.get("/feed/everyone/dump.nt.gz")
        assert (whole.headers["Content-Type"], "Content-Encoding" in whole.headers) == ("application/gzip", False)
        part = served.get("/feed/everyone/dump.nt.gz", Range="bytes=10-", If_Range=whole.headers["ETag"])
        assert (part.status_code, part.content) == (206, whole.content[10:])
        assert served.get("/feed/everyone/dump.ttl.gz").status_code == 404

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
    @pytest.mark.usefixtures("snapshot")
    def test_reading_alone(self, served: Served, method: str) -> None:
        """Nothing can be done with these files but reading."""
        answer = served.get("/feed/everyone/manifest", method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")

    def test_options(self, served: Served) -> None:
        """Other sites' pages may ask for parts."""
        answer = served.get("/feed/everyone/manifest", "OPTIONS")
        assert answer.status_code == 204
        assert "Range" in answer.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Origin" not in served.get(f"/feed/{PARTNER}/manifest", "OPTIONS").headers

    @pytest.mark.usefixtures("snapshot")
    def test_head(self, served: Served) -> None:
        """HEAD tells what GET would."""
        answer, whole = served.get("/snapshot/7/1.ttl", "HEAD"), served.get("/snapshot/7/1.ttl")
        assert (answer.content, answer.headers["Content-Length"]) == (b"", str(len(whole.content)))

    @pytest.mark.parametrize(
        "path",
        [
            "/feed/everyone/pages/..%2f..%2fkey",
            "/feed/everyone/pages/%2e%2e/%2e%2e/key",
            f"/feed/everyone/pages/{'0' * 64}.nq",
            "/feed/everyone/pages/%00.nq",
            "/snapshot/7/..%2f..%2fcurrent",
            "/snapshot/8/1.ttl",
            "/snapshot/7/9.ttl",
        ],
    )
    @pytest.mark.usefixtures("snapshot")
    def test_nothing_else(self, served: Served, path: str) -> None:
        """No path leads anywhere else; each is told so in a sentence."""
        (served.store.folder.parent / "key").write_text("secret")
        status, content_type, body = served.raw(path)
        assert (status, content_type) == (404, "text/plain; charset=utf-8")
        assert (b"secret" in body, body.endswith(b".\n")) == (False, True)


class TestTokens:
    def test_valid(self, served: Served, tokens: dict[str, str]) -> None:
        """Whoever has a token reads the feed, which no cache keeps."""
        made = snapshot_of(served.partner, 1, page_of(dataset_of(1)))
        bearer = {"Authorization": f"Bearer {tokens['valid']}"}
        assert served.get(f"/feed/{PARTNER}/manifest", **bearer).status_code == 200
        answer = served.get(f"/feed/{PARTNER}/pages/{made.pages[0].sha256}.nq", **bearer)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"].startswith("private")
        assert "Authorization" in answer.headers["Vary"]
        assert "Access-Control-Allow-Origin" not in answer.headers

    @pytest.mark.parametrize("name", ["over", "revoked", "other", "unknown"])
    def test_not_valid(self, served: Served, tokens: dict[str, str], name: str) -> None:
        """A token that isn't valid, or isn't one of this feed, is refused with a sentence."""
        snapshot_of(served.partner, 1, page_of(dataset_of(1)))
        bearer = {"Authorization": f"Bearer {tokens.get(name, name)}"}
        answer = served.get(f"/feed/{PARTNER}/manifest", **bearer)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert answer.text.startswith("This token isn't")

    @pytest.mark.parametrize("feed", [PARTNER, "partner:nobody", "collaborative"])
    @pytest.mark.usefixtures("tokens")
    def test_without(self, served: Served, feed: str) -> None:
        """Without a token there is one answer, whether there is such a feed or not."""
        answer = served.get(f"/feed/{feed}/manifest")
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
