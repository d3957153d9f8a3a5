"""The readers of catalogues that are measured: they read all of it, and nothing that is kept or packed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from typing import Any

import pytest

from benchmarks.reader import bodies

# As stock writes it, and as ours: a text or an IRI, at the site's own address.
FIRST = b'<x:page> hydra:nextPage "http://site.example/catalog.ttl?page=2" .\n<x:a> a dcat:Dataset ;\n'
SECOND = b"<x:page> hydra:next <http://site.example/snapshot/7/3.ttl> .\n<x:b> a dcat:Dataset ;\n"
LAST = b"<x:page> hydra:last <http://site.example/snapshot/7/3.ttl> .\n"
PAGES = {"/snapshot/7/1.ttl": FIRST, "/catalog.ttl?page=2": SECOND, "/snapshot/7/3.ttl": LAST}


@pytest.fixture
def asked() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server whose first page is elsewhere, and the headers of all requests."""
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            seen.append(dict(self.headers))
            if self.path == "/catalog.ttl":
                self.send_response(302)
                self.send_header("Location", "http://site.example/snapshot/7/1.ttl")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = PAGES[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Silence."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", seen
        server.shutdown()


class TestBodies:
    def test_follow_redirects_and_both_spellings_of_hydra(self, asked: tuple[str, list[dict[str, str]]]) -> None:
        """To the last page, always at the address that was given."""
        address, seen = asked
        assert [*islice(bodies(address), 4)] == [FIRST, SECOND, LAST]
        assert len(seen) == 4

    def test_ask_for_everything_anew(self, asked: tuple[str, list[dict[str, str]]]) -> None:
        """Neither for what changed alone nor for anything packed."""
        address, seen = asked
        assert len([*bodies(address)]) == 3
        names = {name.lower() for headers in seen for name in headers}
        assert not {name for name in names if name.startswith("if-")}
        assert {headers["Accept-Encoding"] for headers in seen} == {"identity"}
