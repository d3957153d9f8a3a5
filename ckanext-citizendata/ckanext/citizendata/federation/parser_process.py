"""The process that parses strangers' pages: little memory, little time, no files, no network, nothing to steal.

It reads a page from its standard input, answers on its standard output (`frames`), and ends with its input.
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
from typing import BinaryIO

from ckanext.citizendata.federation import frames
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.decode import ENCODINGS
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.parse import Reader, SecondLibraryNeeded, parsed, to_the_second_library

__all__ = ["main"]

NICE = 10
# Messages quote the page, which may hold a value of any length.
MAX_REASON = 1_000


class Pipe:
    """The way to the worker, as the sink of a reader."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def add(self, text: bytes) -> None:
        """Send lines of N-Triples."""
        self.send(frames.TEXT, text)

    def forget(self) -> None:
        """Take back what was sent of this page."""
        self.send(frames.FORGET, b"")

    def send(self, letter: bytes, content: bytes) -> None:
        """Send a frame."""
        self._out.write(frames.packed_header(letter, len(content)))
        self._out.write(content)
        self._out.flush()


def main(cpu_seconds: int, memory: int, library: str) -> None:
    """Parse page after page until the worker closes the pipe, with the first library alone or with the `second`."""
    logging.disable()
    warnings.simplefilter("ignore")
    last = _last_reader(library)
    _confine(memory)
    try:
        while (answer := _received(sys.stdin.buffer)) is not None:
            _allow(cpu_seconds)
            _parse(answer, Pipe(sys.stdout.buffer), last)
    except MemoryError:
        os._exit(frames.OUT_OF_MEMORY)


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


def _received(source: BinaryIO) -> Answer | None:
    """The next page, or None at the end."""
    head = _content(source)
    body = _content(source)
    if head is None or body is None:
        return None
    about = json.loads(head)
    return Answer(about["url"], about["content_type"], body)


def _content(source: BinaryIO) -> bytes | None:
    start = source.read(frames.HEADER)
    return source.read(frames.unpacked_header(start)[1]) if len(start) == frames.HEADER else None


def _parse(answer: Answer, pipe: Pipe, last: Reader) -> None:
    try:
        problems = parsed(answer, pipe, last)
    except SecondLibraryNeeded:
        pipe.send(frames.OTHER, b"null")
        return
    except SourceMalformed as error:
        refusal = {"reason": error.reason[:MAX_REASON], "line": error.line, "code": error.code}
        pipe.send(frames.REFUSED, json.dumps(refusal).encode())
        return
    told = [{"code": each.code, "message": each.message[:MAX_REASON]} for each in problems]
    pipe.send(frames.DONE, json.dumps(told).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
