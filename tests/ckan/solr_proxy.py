"""A server between CKAN and Solr that writes down what it passes on, and may have a bad day."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_plus, urlsplit

SCHEME = ("http", "https")


@dataclass(frozen=True)
class Asked:
    """One request as Solr got it."""

    path: str
    body: bytes

    @property
    def text(self) -> str:
        """Path and body as a person would read them."""
        return unquote_plus(f"{self.path} {self.body.decode('utf-8', 'replace')}")

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The documents that it brings, none for any other request."""
        return json.loads(self.body) if "/update" in self.path and self.body.startswith(b"[") else []


# The status of an answer in place of Solr's, None for Solr's own.
Mood = Callable[[Asked], int | None]


@dataclass
class Proxy:
    """The server; `seen` are all requests so far, those among them that it answered in Solr's place."""

    url: str
    seen: list[Asked] = field(default_factory=list)
    mood: Mood = lambda _: None

    @property
    def documents(self) -> list[dict[str, Any]]:
        """All documents that were sent so far."""
        return [document for asked in self.seen for document in asked.documents]


@contextmanager
def proxy_before(solr: str) -> Iterator[Proxy]:
    """A proxy before a core of Solr, while it is entered."""
    core = urlsplit(solr)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.core = f"{core.scheme}://{core.netloc}"  # type: ignore
        server.proxy = Proxy(f"http://127.0.0.1:{server.server_port}{core.path}")  # type: ignore
        thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        yield server.proxy  # type: ignore
        server.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass_on(None)

    def do_POST(self) -> None:
        self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

    def _pass_on(self, body: bytes | None) -> None:
        proxy: Proxy = self.server.proxy  # type: ignore
        asked = Asked(self.path, body or b"")
        proxy.seen.append(asked)
        status = proxy.mood(asked)
        if status is None:
            self._answer(*self._solr(body))
        else:
            self._answer(status, b'{"error": {"msg": "a bad day"}}')

    def _solr(self, body: bytes | None) -> tuple[int, bytes]:
        headers = {"Content-Type": self.headers["Content-Type"]} if body is not None else {}
        address = self.server.core + self.path  # type: ignore
        assert urlsplit(address).scheme in SCHEME
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body, headers)) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a test tells what it needs of what was seen."""
