"""What a fetch brings, and who fetches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from ckanext.citizendata.federation.limits import Limits

__all__ = ["Answer", "Getter"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a page with the address where it was finally found.

    `framed` says that the server told where the body ends; else the end of the connection looks like the end of it.
    A large body is in `file`, and `body` empty. `etag` is what the server calls this version, "" where it doesn't.
    """

    url: str
    content_type: str
    body: bytes
    framed: bool = True
    file: BinaryIO | None = None
    etag: str = ""

    def start(self, size: int) -> bytes:
        """So many bytes from the beginning of the body, or all of it."""
        if self.file is None:
            return self.body[:size]
        self.file.seek(0)
        return self.file.read(size)

    def close(self) -> None:
        """Give the file back, if there is one."""
        if self.file is not None:
            self.file.close()


class Getter(Protocol):
    """Fetches pages within limits."""

    @property
    def limits(self) -> Limits:
        """How much a page may cost."""
        ...

    def get(self, url: str) -> Answer:
        """The page at `url`; raises `SourceUnreachable` or `SourceMalformed`, and `SourceGone` where there is none."""
        ...

    def get_changed(self, url: str, etag: str) -> Answer | None:
        """The same, but None where it is still the version of this name; of no name ("") whatever is there."""
        ...
