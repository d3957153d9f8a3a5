"""Files over HTTP (RFC 9110): which encoding, which part, or nothing new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

from werkzeug.http import http_date, is_resource_modified

__all__ = ["ALLOWED", "EXPOSED", "OPEN", "Body", "Refusal", "Reply", "Sendable", "refused", "reply_to"]

ALLOWED = "GET, HEAD, OPTIONS"
CHUNK = 256 * 1024
ONE_RANGE = re.compile(r"\s*bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*", re.IGNORECASE)
GZIP = re.compile(r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?(?=,|$)", re.IGNORECASE)
ANY_CODING = re.compile(r"(?:^|,)\s*\*\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?(?=,|$)")
OPEN = ("Access-Control-Allow-Origin", "*")
EXPOSED = (
    "Access-Control-Expose-Headers",
    "Accept-Ranges, Citizendata-Withheld, Content-Encoding, Content-Length, Content-Range, ETag, Last-Modified, Link",
)
WORDS = {
    200: "OK",
    204: "No Content",
    206: "Partial Content",
    302: "Found",
    304: "Not Modified",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    410: "Gone",
    412: "Precondition Failed",
    416: "Range Not Satisfiable",
}

Environ = Mapping[str, Any]
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Body:
    """Texts and files that are sent one after the other, and how many bytes that is."""

    parts: tuple[bytes | Path, ...]
    size: int

    @classmethod
    def of(cls, *parts: bytes | Path) -> Body:
        """Raises `FileNotFoundError` for a file that isn't there any more."""
        return cls(parts, sum(map(_size, parts)))


@dataclass(frozen=True, slots=True)
class Sendable:
    """Something to send: `packed` is the same as a gzip file; `tag` names its bytes and no others.

    `links` are values of the header `Link`. What isn't `is_open` is for this reader alone.
    """

    plain: Body
    content_type: str
    tag: str
    modified: datetime
    cache: str
    packed: Body | None = None
    links: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status other than 200 with one sentence for whoever reads it."""

    status: int
    sentence: str
    links: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as WSGI wants it."""

    status: int
    headers: Headers
    body: Any

    @property
    def line(self) -> str:
        return f"{self.status} {WORDS[self.status]}"


def refused(refusal: Refusal, environ: Environ) -> Reply:
    """The answer that says why there is nothing else."""
    text = f"{refusal.sentence}\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text)))]
    more = {"Cache-Control": "no-store", **refusal.headers}
    headers += [OPEN, EXPOSED, *_linked(refusal.links), *more.items()]
    return Reply(refusal.status, headers, [] if environ["REQUEST_METHOD"] == "HEAD" else [text])


def reply_to(environ: Environ, thing: Sendable) -> Reply:
    """The answer to GET or HEAD: all of it, a part, or that the reader has it already.

    Raises `FileNotFoundError` where a file goes just now: nothing was sent by then.
    """
    body = thing.packed if thing.packed and _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else thing.plain
    tag = f'"{thing.tag}-gzip"' if body is thing.packed else f'"{thing.tag}"'
    headers = _headers(thing, tag)
    if not is_resource_modified(environ, tag, None, thing.modified):  # type: ignore[arg-type]
        return Reply(412 if environ.get("HTTP_IF_MATCH") else 304, headers, [])
    headers.append(("Content-Type", thing.content_type))
    if body is thing.packed:
        headers.append(("Content-Encoding", "gzip"))
    if environ["REQUEST_METHOD"] == "HEAD":
        return Reply(200, [*headers, ("Content-Length", str(body.size))], [])
    return _sent(environ, thing, body, tag, headers)


def _sent(environ: Environ, thing: Sendable, body: Body, tag: str, headers: Headers) -> Reply:
    asked = _range(environ, tag, thing.modified, body.size)
    if asked is None:
        return Reply(200, [*headers, ("Content-Length", str(body.size))], _whole(environ, body))
    start, stop = asked
    if start >= stop:
        sentence = f"There is no such part: this file has {body.size} bytes."
        return refused(Refusal(416, sentence, (), {"Content-Range": f"bytes */{body.size}"}), environ)
    headers += [("Content-Range", f"bytes {start}-{stop - 1}/{body.size}"), ("Content-Length", str(stop - start))]
    return Reply(206, headers, _Stream(body, start, stop))


def _headers(thing: Sendable, tag: str) -> Headers:
    varies = "Accept-Encoding" if thing.is_open else "Accept-Encoding, Authorization"
    headers = [
        ("ETag", tag),
        ("Last-Modified", http_date(thing.modified)),
        ("Cache-Control", thing.cache),
        ("Vary", varies),
        ("Accept-Ranges", "bytes"),
        *thing.headers.items(),
        *_linked(thing.links),
    ]
    return [*headers, OPEN, EXPOSED] if thing.is_open else headers


def _linked(links: Sequence[str]) -> Headers:
    return [("Link", ", ".join(links))] if links else []


def _takes_gzip(accepted: str) -> bool:
    """Whether a reader unpacks gzip (RFC 9110 §12.5.3)."""
    found = GZIP.search(accepted) or ANY_CODING.search(accepted)
    return found is not None and (found[1] is None or found[1].strip("0.") != "")


def _range(environ: Environ, tag: str, modified: datetime, size: int) -> tuple[int, int] | None:
    """The part that is asked for, with nothing in it where there is none such; None for all of it.

    Several parts at once, other units and what is no range at all are answered with all of it (RFC 9110 §14.2).
    """
    found = ONE_RANGE.fullmatch(environ.get("HTTP_RANGE", ""))
    if found is None or not (found[1] or found[2]) or _is_stale(environ, tag, modified):
        return None
    if not found[1]:
        return max(0, size - int(found[2])), size
    start, stop = int(found[1]), int(found[2]) + 1 if found[2] else size
    return None if found[2] and stop <= start else (start, min(stop, size))


def _is_stale(environ: Environ, tag: str, modified: datetime) -> bool:
    """Whether the reader has a part of another state, or doesn't know of which, so that only all of it helps."""
    state = environ.get("HTTP_IF_RANGE")
    if state is None or state.strip().startswith("W/"):
        return state is not None
    return is_resource_modified(environ, tag, None, modified, ignore_if_range=False)  # type: ignore[arg-type]


def _whole(environ: Environ, body: Body) -> Any:
    """The body; a single file in the server's own wrapper, which may leave the copying to the system."""
    (*before, last) = body.parts
    if before or not isinstance(last, Path) or "wsgi.file_wrapper" not in environ:
        return _Stream(body, 0, body.size)
    return environ["wsgi.file_wrapper"](last.open("rb"), CHUNK)


class _Stream:
    """The bytes from `start` to `stop` of a body; all its files are open from the beginning, and closed at the end."""

    def __init__(self, body: Body, start: int, stop: int) -> None:
        self._stack = ExitStack()
        self._pieces: list[tuple[bytes | BufferedReader, int]] = []
        offset = 0
        for part in body.parts:
            size = _size(part)
            first, last = max(start - offset, 0), min(stop - offset, size)
            if first < last:
                self._pieces.append((self._opened(part, first, last), last - first))
            offset += size

    def _opened(self, part: bytes | Path, first: int, last: int) -> bytes | BufferedReader:
        if isinstance(part, bytes):
            return part[first:last]
        file = self._stack.enter_context(part.open("rb"))
        file.seek(first)
        return file

    def __iter__(self) -> Iterator[bytes]:
        for piece, length in self._pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from _read(piece, length)

    def close(self) -> None:
        """Called by the server when it has sent everything, or whenever the reader went."""
        self._stack.close()


def _read(file: BufferedReader, length: int) -> Iterator[bytes]:
    while length > 0 and (chunk := file.read(min(CHUNK, length))):
        length -= len(chunk)
        yield chunk


def _size(part: bytes | Path) -> int:
    return len(part) if isinstance(part, bytes) else part.stat().st_size
