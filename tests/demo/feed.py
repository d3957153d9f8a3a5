"""Somebody else's catalogue: one address on a free port that answers what a test says, or isn't there at all."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Feed:
    """A web server with one page; `length` is what it claims to send, where that isn't the truth."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.status = 200
        self.media_type = "text/turtle"
        self.length: int | None = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        self.port = self.server.server_port
        self.start()

    @property
    def site(self) -> str:
        """What its addresses begin with."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"{self.site}/catalog.ttl"

    def start(self) -> None:
        """Answer from now on; at the same port as before."""
        if self.server.socket.fileno() < 0:
            self.server = ThreadingHTTPServer(("127.0.0.1", self.port), BaseHTTPRequestHandler)
        self.server.RequestHandlerClass = _handler(self)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Be gone: nobody listens any more."""
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self) -> Feed:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _handler(feed: Feed) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            self.send_response(feed.status)
            self.send_header("Content-Type", feed.media_type)
            self.send_header("Content-Length", str(len(feed.body) if feed.length is None else feed.length))
            self.end_headers()
            self.wfile.write(feed.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: ARG002
            """Silence."""

    return Handler
