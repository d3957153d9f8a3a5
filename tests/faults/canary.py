"""What nobody may touch: a server in the house, and a file. Whoever does is noted, by the system and not by us."""

from __future__ import annotations

import ctypes
import os
import select
import socket
import struct
import threading
from contextlib import suppress
from pathlib import Path

from tests.faults.feeds import catalogue, dataset

__all__ = ["Bait", "Canary"]

HOST = "127.0.0.2"
SECRET = catalogue(dataset("https://inside.example.org/secret", "From inside"))
IN_ACCESS, IN_OPEN = 0x1, 0x20


class Canary:
    """Accepts every connection, writes it down, and answers with a feed, so that who gets in also gets something."""

    def __init__(self, port: int = 0) -> None:
        self.accepted: list[str] = []
        self._socket = socket.create_server((HOST, port), backlog=64)
        self.port = self._socket.getsockname()[1]
        self.address = f"http://{HOST}:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, peer = self._socket.accept()
                self.accepted.append(f"{peer[0]}:{peer[1]}")
                threading.Thread(target=_answer, args=(connection,), daemon=True).start()

    def stop(self) -> None:
        """Take no more connections."""
        self._socket.close()


def _answer(connection: socket.socket) -> None:
    head = b"HTTP/1.0 200 OK\r\nContent-Type: text/turtle\r\nContent-Length: %d\r\n\r\n" % len(SECRET)
    with connection, suppress(OSError):
        connection.settimeout(5)
        connection.recv(4096)
        connection.sendall(head + SECRET)


class Bait:
    """A file that nobody has a reason to open; the kernel (inotify) tells when any process does."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bait.ttl"
        self.path.write_bytes(SECRET)
        library = ctypes.CDLL(None, use_errno=True)
        self._watch = library.inotify_init1(os.O_NONBLOCK)
        added = library.inotify_add_watch(self._watch, str(self.path).encode(), IN_OPEN | IN_ACCESS)
        if self._watch < 0 or added < 0:
            raise OSError(ctypes.get_errno(), "the kernel can't watch the bait", str(self.path))

    def taken(self) -> int:
        """How often it was opened or read since this was last asked."""
        touched = 0
        while select.select([self._watch], [], [], 0)[0]:
            touched += len(os.read(self._watch, 65536)) // struct.calcsize("iIII")
        return touched

    def stop(self) -> None:
        """Watch no longer."""
        os.close(self._watch)
