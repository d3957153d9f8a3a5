"""A web server that does what a case tells it, however rude; it is the only one that harvests may connect to."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = [
    "JSON",
    "NT",
    "OK",
    "TURTLE",
    "XML",
    "Answer",
    "Hostile",
    "bomb",
    "breaks_off",
    "chunked",
    "drips",
    "in_turn",
    "late",
    "redirects",
    "says",
    "status",
    "talks",
    "to_the_close",
]

HOST = "127.0.0.10"
TURTLE, XML, JSON, NT = "text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"
OK = b"HTTP/1.1 200 OK\r\n"

Answer = Callable[[BaseHTTPRequestHandler], None]


class Hostile:
    """Answers by path; what isn't named is a 404. `asked` lists each request with its time."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[float, str]] = []
        self._server = _Server((HOST, 0), _handler(self))
        self.address = f"http://{HOST}:{self._server.server_port}"
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def serve(self, path: str, answer: Answer | bytes, media_type: str = TURTLE) -> str:
        """The address at which this is answered from now on."""
        self.pages[path] = says(answer, media_type) if isinstance(answer, bytes) else answer
        return self.address + path

    def times(self, path: str) -> list[float]:
        """When the path was asked for."""
        return [at for at, asked in self.asked if asked == path]

    def stop(self) -> None:
        """Take no more requests."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Silence: that a reader hangs up is what many cases are about."""


def _handler(hostile: Hostile) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Else a small page waits for the reader's word about its head, which takes 40 ms.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            hostile.asked.append((time.monotonic(), self.path))
            page = hostile.pages.get(self.path)
            if page is None:
                self.send_error(404)
            else:
                page(self)

        def log_message(self, *_: object) -> None:
            """Silence: what was asked for stands in `asked`."""

    return Handler


def says(body: bytes, media_type: str = TURTLE, code: int = 200, **headers: str) -> Answer:
    """Answers with the body; an underscore in a header's name is a hyphen."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Type", media_type)
        for name, text in {"Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), text)
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = "Content_Length" in headers

    return answer


def late(body: bytes, seconds: float) -> Answer:
    """Answers with the body after a while."""
    answer = says(body)

    def later(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        answer(handler)

    return later


def status(code: int, **headers: str) -> Answer:
    """Answers with a status and no page."""
    return says(b"", code=code, **headers)


def redirects(code: int, location: str, body: bytes = b"", **headers: str) -> Answer:
    """Sends elsewhere."""
    return says(body, code=code, Location=location, **headers)


def in_turn(*answers: Answer) -> Answer:
    """One answer after the other, a request each; the last one again and again."""
    left = list(answers)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


def breaks_off(body: bytes, at: int) -> Answer:
    """Hangs up after so many bytes of a body whose length was told."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(OK + b"Content-Type: text/turtle\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:at])
        handler.close_connection = True

    return answer


def chunked(body: bytes, at: int) -> Answer:
    """The same with a body in chunks: the chunk that ends it is missing."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(OK + b"Content-Type: text/turtle\r\nTransfer-Encoding: chunked\r\n\r\n")
        if at:
            handler.wfile.write(b"%x\r\n%b\r\n" % (at, body[:at]))
        handler.close_connection = True

    return answer


def to_the_close(body: bytes, at: int, media_type: str = TURTLE) -> Answer:
    """The same with a body whose length nobody tells: only its content says that something is missing."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(OK + f"Content-Type: {media_type}\r\nConnection: close\r\n\r\n".encode() + body[:at])
        handler.close_connection = True

    return answer


def talks(head: bytes, more: bytes = b"", pause: float = 0.05, seconds: float = 400) -> Answer:
    """Says the head, then more and more with pauses, until the other side hangs up; nothing more is silence."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)
        handler.connection.settimeout(pause)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not _hung_up(handler.connection, pause):
            if more:
                handler.wfile.write(more)

    return answer


def drips(body: bytes, pause: float) -> Answer:
    """One byte after the other."""
    head = OK + b"Content-Type: text/turtle\r\nContent-Length: 1000000\r\n\r\n" + body
    return talks(head, b"#", pause)


def _hung_up(connection: socket.socket, pause: float) -> bool:
    with suppress(TimeoutError):
        connection.settimeout(pause)
        return connection.recv(1) == b""
    return False


def bomb(megabytes: int, members: bool) -> Answer:
    """Zeros that unpack to so much: as a chain of gzip files, or as one; sent until the other side hangs up."""
    ten = bytes(10 * 1024 * 1024)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first = packer.compress(ten) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(ten) + packer.flush(zlib.Z_FULL_FLUSH)
    parts: Iterable[bytes] = [gzip.compress(ten)] if members else [again]
    head = OK + b"Content-Type: text/turtle\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(head + (b"" if members else first))
        for _ in range(megabytes // 10):
            for part in parts:
                handler.wfile.write(part)

    return answer
