"""Servers on this machine that do as a test says, byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass

Talk = Callable[[socket.socket], None]


@dataclass
class Listener:
    """A server; `accepted` counts connections."""

    port: int
    accepted: int = 0


@contextmanager
def accepting(*talks: Talk, host: str = "127.0.0.1", port: int = 0) -> Iterator[Listener]:
    """A server that has one talk for each connection, the last one for all that follow."""
    with socket.create_server((host, port)) as server:
        listener = Listener(server.getsockname()[1])

        def run() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    talk = talks[min(listener.accepted, len(talks) - 1)]
                    listener.accepted += 1
                    threading.Thread(target=_talked, args=(connection, talk), daemon=True).start()

        threading.Thread(target=run, daemon=True).start()
        yield listener
        server.shutdown(socket.SHUT_RDWR)


def listening(*talks: Talk, host: str = "127.0.0.1", port: int = 0) -> AbstractContextManager[Listener]:
    """A server that hears a request of HTTP before each talk."""
    return accepting(*map(_hearing, talks), host=host, port=port)


def _talked(connection: socket.socket, talk: Talk) -> None:
    with connection, suppress(OSError):
        talk(connection)


def _hearing(talk: Talk) -> Talk:
    def heard(connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            chunk = connection.recv(65536)
            if not chunk:
                return
            request += chunk
        talk(connection)

    return heard


def says(status: str, body: bytes = b"", **headers: str) -> Talk:
    """Answer and hang up; an underscore in the name of a header is a hyphen."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    return sends("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def sends(answer: bytes) -> Talk:
    """Send these bytes and hang up."""
    return lambda connection: connection.sendall(answer)
