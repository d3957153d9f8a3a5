"""A CKAN of somebody else, as far as its API goes: answers in the shape of CKAN 2.11's, and may change meanwhile."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Package = dict[str, Any]


def stock_package(number: int, **more: Any) -> Package:
    """A dataset as `package_search` of a stock CKAN lists it."""
    id_ = f"00000000-0000-4000-8000-{number:012}"
    resource = {
        "id": f"10000000-0000-4000-8000-{number:012}",
        "package_id": id_,
        "name": "All wells",
        "description": "",
        "format": "CSV",
        "mimetype": "text/csv",
        "mimetype_inner": None,
        "size": 2048,
        "hash": "d41d8cd98f00b204e9800998ecf8427e",
        "url": f"https://files.example.org/{number}.csv",
        "url_type": None,
        "created": "2024-03-01T10:00:00.000000",
        "last_modified": "2024-05-02T10:00:00.000000",
        "metadata_modified": "2024-05-02T10:00:00.000000",
        "position": 0,
        "state": "active",
    }
    return {
        "id": id_,
        "name": f"wells-{number}",
        "title": f"Wells {number}",
        "notes": "Where people fetch water.",
        "type": "dataset",
        "state": "active",
        "private": False,
        "isopen": True,
        "author": "Neighbours of Kibera",
        "author_email": "",
        "maintainer": "Water desk",
        "maintainer_email": "water@example.org",
        "url": "https://water.example.org/wells",
        "version": "2.1",
        "license_id": "cc-zero",
        "license_title": "Creative Commons CCZero",
        "license_url": "http://www.opendefinition.org/licenses/cc-zero",
        "metadata_created": "2024-03-01T09:00:00.000000",
        "metadata_modified": "2024-05-02T09:00:00.000000",
        "organization": {
            "id": "20000000-0000-4000-8000-000000000001",
            "name": "water",
            "title": "Water for all",
            "type": "organization",
        },
        "tags": [{"name": "tap", "display_name": "tap", "state": "active", "vocabulary_id": None}],
        "groups": [],
        "extras": [],
        "resources": [resource],
        "num_resources": 1,
        "num_tags": 1,
        **more,
    }


@dataclass
class StockSite:
    """A site with these packages; `before` is called before each search, with how many there were."""

    address: str = ""
    packages: list[Package] = field(default_factory=list)
    language: str | None = "en"
    rows_max: int = 1000
    searches: int = 0
    before: Callable[[int], None] = lambda _searches: None
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, media type and body of what stands at a path."""
        self.seen.append(path)
        parts = urlsplit(path)
        if path in self.pages:
            return 200, *self.pages[path]
        if parts.path == "/api/3/action/status_show":
            return self._api({"ckan_version": "2.11.3", "locale_default": self.language})
        if parts.path == "/api/3/action/package_search":
            return self._search({name: values[0] for name, values in parse_qs(parts.query).items()})
        return 404, "text/plain", b"no such page"

    def _search(self, asked: dict[str, str]) -> tuple[int, str, bytes]:
        self.before(self.searches)
        self.searches += 1
        assert asked["sort"] == "id asc"
        found = sorted(self.packages, key=lambda each: str(each.get("id")))
        start, rows = int(asked["start"]), min(int(asked["rows"]), self.rows_max)
        return self._api({"count": len(found), "sort": "id asc", "results": found[start : start + rows], "facets": {}})

    def _api(self, result: Any) -> tuple[int, str, bytes]:
        body = {"help": f"{self.address}/api/3/action/help_show?name=x", "success": True, "result": result}
        return 200, "application/json;charset=utf-8", json.dumps(body).encode()


@contextmanager
def stock_site(*packages: Package) -> Iterator[StockSite]:
    """A running site on a free port."""
    site = StockSite(packages=[*packages])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            status, media_type, body = site.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Silence: what was asked for stands in `seen`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield site
        server.shutdown()
