"""The catalogues that are harvested: one HTTP server on this machine for the files of a folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

__all__ = ["FeedServer", "feed_server"]


@dataclass(frozen=True)
class FeedServer:
    """A running server: its address, and the folder whose files it serves."""

    address: str
    folder: Path


@contextmanager
def feed_server(folder: Path) -> Iterator[FeedServer]:
    """A server on a free port of the loopback interface, until the end of the block."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(folder)) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        yield FeedServer(f"http://127.0.0.1:{running.server_port}", folder)
        running.shutdown()


def _handler(folder: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Says neither when a page changed nor which version it is, as a site doesn't that makes its feed anew."""

        protocol_version = "HTTP/1.1"
        # As other servers do; else the end of a page waits for the reader's word about what came before.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            file = (folder / self.path.lstrip("/")).resolve()
            if not (file.is_relative_to(folder.resolve()) and file.is_file()):
                self.send_error(404)
                return
            body = file.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/turtle; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002 - as http.server calls it
            """Silence."""

    return Handler
