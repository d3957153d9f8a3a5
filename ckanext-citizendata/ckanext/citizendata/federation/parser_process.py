"""The process that parses strangers' pages: little memory, little time, no files, no network, nothing to steal.

It reads a page from its standard input, or a large one from a file that was opened for it, answers on its standard
output (`frames`), and ends with its input.
"""

from __future__ import annotations

import codecs
import json
import logging
import math
import os
import resource
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import BinaryIO

from ckanext.citizendata.core.following import Limits
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation import frames
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.apart import Apart
from ckanext.citizendata.federation.api_answer import listed
from ckanext.citizendata.federation.decode import ENCODINGS
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.parse import Reader, SecondLibraryNeeded, parsed, to_the_second_library
from ckanext.citizendata.federation.quads import records_parsed

__all__ = ["main"]

NICE = 10
# So many bytes of N-Triples are held back to be sent in one piece; a page of a hundred datasets has less than one MB.
MOST_HELD = 8 * 1024 * 1024
# What a large page says is sent in pieces of about this size.
PIECE = 1024 * 1024
# No text of this length can be part of a record. A character has at most four bytes.
MOST_TEXT = 4 * (Limits().value + 1)
# Messages quote the page, which may hold a value of any length.
MAX_REASON = 1_000


class Pipe:
    """The way to the worker for one page, as the sink of a reader; what isn't large is sorted here."""

    def __init__(self, out: BinaryIO, most_held: int) -> None:
        self._out = out
        self._most_held = most_held
        self._held: list[bytes] = []
        self._size = 0
        self._is_large = False

    def add(self, text: bytes) -> None:
        """Take lines."""
        self._held.append(text)
        self._size += len(text)
        if self._is_large or self._size > self._most_held:
            self._is_large = True
            self._send_held()

    def forget(self) -> None:
        """Take back what was taken of this page."""
        self._held.clear()
        self._size = 0
        self.send(frames.FORGET, b"")

    def end(self) -> None:
        """Send what wasn't sent yet."""
        lines = b"".join(self._held).split(b"\n")[:-1]
        self._held.clear()
        if lines:
            self.send(frames.SORTED, b"\n".join([*sorted(set(lines)), b""]))

    def _send_held(self) -> None:
        for text in self._held:
            for piece in _pieces(text):
                self.send(frames.TEXT, piece)
        self._held.clear()

    def send(self, letter: bytes, content: bytes) -> None:
        """Send a frame."""
        self._out.write(frames.packed_header(letter, len(content)))
        self._out.write(content)
        self._out.flush()


def _pieces(text: bytes) -> Iterator[bytes]:
    """Lines of N-Triples in pieces that the worker takes; what is too long for any record is cut."""
    if len(text) <= PIECE:
        yield text
        return
    piece: list[bytes] = []
    size = 0
    for line in text.split(b"\n")[:-1]:
        piece.append(_cut(line))
        size += len(piece[-1])
        if size > PIECE:
            yield b"\n".join([*piece, b""])
            piece, size = [], 0
    yield b"\n".join([*piece, b""])


def _cut(line: bytes) -> bytes:
    """The line with no more of its text than is too much, so that it is refused for its length all the same."""
    if len(line) <= MOST_TEXT:
        return line
    subject, predicate, text = line.split(b" ", 2)
    if text[:1] != b'"' or len(text) <= MOST_TEXT:
        return line
    start = text[:MOST_TEXT].decode(errors="ignore").rstrip("\\").encode()
    return b'%b %b %b" .' % (subject, predicate, start)


def main(cpu_seconds: int, memory: int, library: str, file: int | None = None) -> None:
    """Parse page after page until the worker closes the pipe, with the first library alone or with the `second`.

    `file` is the number of a file that is open, with the body of a large page.
    """
    logging.disable()
    warnings.simplefilter("ignore")
    last = _last_reader(library)
    large = None if file is None else open(file, "rb", buffering=0)  # noqa: SIM115, PTH123 - open as long as we live
    _confine(memory)
    try:
        while (received := _received(sys.stdin.buffer, large)) is not None:
            _allow(cpu_seconds)
            kind, answer = received
            pipe = Pipe(sys.stdout.buffer, frames.MOST if kind == frames.API else MOST_HELD)
            _parse(answer, pipe, _read_by(kind, last))
    except MemoryError:
        os._exit(frames.OUT_OF_MEMORY)


def _read_by(kind: bytes, last: Reader) -> Callable[[Answer, Pipe], Sequence[Problem]]:
    """What reads pages of this kind."""
    return {frames.API: listed, frames.QUADS: _records}.get(kind) or partial(parsed, last=last)


def _records(answer: Answer, pipe: Pipe) -> Sequence[Problem]:
    records = Apart()
    problems = records_parsed(answer, records)
    for text in records.texts():
        pipe.send(frames.PART, text)
    return problems


def _last_reader(library: str) -> Reader:
    """What reads pages that the first library doesn't, with all loaded that it needs."""
    for encoding in ENCODINGS:
        # Python decodes some without their codec, which is looked up all the same.
        codecs.lookup(encoding)
    if library != frames.SECOND:
        return to_the_second_library
    from ckanext.citizendata.federation import second_library

    second_library.warm_up()
    return second_library.read_by_rdflib


def _confine(memory: int) -> None:
    """From here on neither a file nor a socket can be opened, nor another process started."""
    os.nice(NICE)
    limits = {"AS": memory, "FSIZE": 0, "CORE": 0, "NPROC": 0, "NOFILE": 3}
    for name, wanted in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        most = _at_most(kind, wanted)
        resource.setrlimit(kind, (most, most))


def _allow(cpu_seconds: int) -> None:
    """So much time for the next page; the system ends a process that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    wanted = math.ceil(used.ru_utime + used.ru_stime) + cpu_seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (_at_most(resource.RLIMIT_CPU, wanted), hard))


def _at_most(kind: int, wanted: int) -> int:
    """What is wanted, or what the system allows where that is less: nobody may ask for more."""
    hard = resource.getrlimit(kind)[1]
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _received(source: BinaryIO, large: BinaryIO | None) -> tuple[bytes, Answer] | None:
    """The next page with the letter of its kind, or None at the end."""
    head = _content(source)
    body = _content(source)
    if head is None or body is None:
        return None
    about = json.loads(head[1])
    file = large if body[0] == frames.FILE else None
    # JSON is read in one piece.
    whole = file.read() if file and head[0] == frames.API else body[1]
    return head[0], Answer(about["url"], about["content_type"], whole, file=None if whole else file)


def _content(source: BinaryIO) -> tuple[bytes, bytes] | None:
    """The letter and content of the next frame, or None at the end."""
    start = source.read(frames.HEADER)
    if len(start) != frames.HEADER:
        return None
    letter, size = frames.unpacked_header(start)
    return letter, source.read(size)


def _parse(answer: Answer, pipe: Pipe, read: Callable[[Answer, Pipe], Sequence[Problem]]) -> None:
    try:
        problems = read(answer, pipe)
    except SecondLibraryNeeded:
        pipe.send(frames.OTHER, b"null")
        return
    except SourceMalformed as error:
        refusal = {"reason": error.reason[:MAX_REASON], "line": error.line, "code": error.code}
        pipe.send(frames.REFUSED, json.dumps(refusal).encode())
        return
    pipe.end()
    told = [{"code": each.code, "message": each.message[:MAX_REASON]} for each in problems]
    pipe.send(frames.DONE, json.dumps(told).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:]))
