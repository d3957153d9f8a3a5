"""A mail server on this machine that keeps what it is given."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

__all__ = ["LetterBox", "letter_box"]


class LetterBox:
    """A running server; `letters` are the mails in the order in which they came."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.letters: list[Message] = []

    def told(self) -> list[tuple[str, str, str]]:
        """To whom, subject and text of each mail."""
        return [(_to(each), str(make_header(decode_header(each["Subject"]))), _text(each)) for each in self.letters]


@contextmanager
def letter_box() -> Iterator[LetterBox]:
    """A mail server on a free port."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), socketserver.StreamRequestHandler) as running:
        box = LetterBox(f"127.0.0.1:{running.server_address[1]}")
        running.RequestHandlerClass = _postman(box)
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield box
        running.shutdown()


def _postman(box: LetterBox) -> type[socketserver.StreamRequestHandler]:
    class Postman(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while command := self.rfile.readline().strip().upper():
                if command == b"DATA":
                    self._say("354 go on")
                    box.letters.append(message_from_bytes(self._letter()))
                self._say("221 bye" if command == b"QUIT" else "250 good")
                if command == b"QUIT":
                    return

        def _letter(self) -> bytes:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return b"".join(lines)

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    return Postman


def _to(letter: Message) -> str:
    return str(make_header(decode_header(letter["To"])))


def _text(letter: Message) -> str:
    return letter.get_payload(decode=True).decode()  # type: ignore[union-attr]
