"""The list of Solr's jars, and the way from a Maven repository into the cache."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.jars import Jar, class_path, jar_from_line, line_from_jar, read_lock
from ckanext.citizendata.local.settings import CHECKOUT

CONTENT = b"a jar"
JAR = Jar("org.example", "thing", "1.0", "", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


class Repository(BaseHTTPRequestHandler):
    """A Maven repository with one jar at `/whole`, and with something else under its name at `/changed`."""

    def do_GET(self) -> None:  # noqa: N802
        body = CONTENT if self.path.startswith("/whole") else b"not it"
        self.send_response(200 if self.path.endswith(f"/{JAR.path}") else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def repository() -> Iterator[str]:
    """The address of a Maven repository."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Repository)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock that names one jar."""
    file = tmp_path / "jars.lock"
    file.write_text(f"# A comment.\n{line_from_jar(JAR)}\n", encoding="utf-8")
    return file


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Maven cache, and a home without anybody's settings."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
    return tmp_path / "m2"


def set_mirror(home: Path, url: str) -> None:
    """Write the person's settings of jgo."""
    (home / ".config").mkdir()
    (home / ".config" / "jgo.conf").write_text(f"[repositories]\ncentral = {url}\n", encoding="utf-8")


class TestLock:
    def test_round_trip(self) -> None:
        """A line names a jar and is written from it again."""
        for jar in read_lock(CHECKOUT / "config" / "solr" / "jars.lock"):
            assert jar_from_line(line_from_jar(jar)) == jar

    def test_holds_solr(self) -> None:
        """The committed lock holds Solr and what starts it."""
        names = {jar.artifact for jar in read_lock(CHECKOUT / "config" / "solr" / "jars.lock")}
        assert {"solr-core", "solr-test-framework", "lucene-analysis-icu", "jetty-server"} <= names

    def test_path(self) -> None:
        """A jar lies where Maven puts it."""
        jar = Jar("org.example", "thing", "1.0", "tests", "", 0)
        assert jar.path == "org/example/thing/1.0/thing-1.0-tests.jar"


class TestClassPath:
    def test_fetched_once(self, lock: Path, cache: Path, repository: str) -> None:
        """A missing jar is fetched by the person's mirror; one that is there is not fetched again."""
        set_mirror(cache.parent, f"{repository}/whole")
        told: list[str] = []
        assert class_path(lock, told.append) == class_path(lock, told.append) == (cache / JAR.path,)
        assert len(told) == 1
        assert (cache / JAR.path).read_bytes() == CONTENT

    def test_broken_in_cache(self, lock: Path, cache: Path, repository: str) -> None:
        """Half a file that a killed download left is fetched anew."""
        set_mirror(cache.parent, f"{repository}/whole")
        (cache / JAR.path).parent.mkdir(parents=True)
        (cache / JAR.path).write_bytes(CONTENT[:2])
        class_path(lock, lambda _: None)
        assert (cache / JAR.path).read_bytes() == CONTENT

    def test_changed_at_source(self, lock: Path, cache: Path, repository: str) -> None:
        """Another file under the right name is refused, and nothing of it stays."""
        set_mirror(cache.parent, f"{repository}/changed")
        with pytest.raises(LocalError, match="thing-1.0.jar can't be fetched .* checksum is not the expected one"):
            class_path(lock, lambda _: None)
        assert [file for file in cache.rglob("*") if file.is_file()] == []

    def test_out_of_reach(self, lock: Path, cache: Path) -> None:
        """Without the repository there is one sentence that says what to do."""
        set_mirror(cache.parent, "http://127.0.0.1:9")
        with pytest.raises(
            LocalError, match="can't be fetched .*: check the network, or name a mirror in jgo's settings"
        ):
            class_path(lock, lambda _: None)
        assert [file for file in cache.rglob("*") if file.is_file()] == []
