"""The process that parses strangers' pages: little memory, little time, no files, no network, nothing to steal.

It reads a page from its standard input, answers on its standard output (`frames`), and ends with its input.
"""

from __future__ import annotations

import json
import logging
import math
import os
import resource
import sys
import warnings
from typing import BinaryIO

import rdflib

from ckanext.citizendata.federation import frames
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.decode import ENCODINGS
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.parse import SECOND_LIBRARY, parsed

__all__ = ["main"]

NICE = 10
# Messages quote the page, which may hold a value of any length.
MAX_REASON = 1_000

# A little of everything: reading it loads all that the second library loads when it is first used, values of all kinds
# among it. Later no file can be opened any more.
SAMPLES = {
    "turtle": "@prefix x: <http://www.w3.org/2001/XMLSchema#> ."
    "@prefix r: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
    '<x:a> <x:b> 1, 1.5, "2026-01-01"^^x:date, "P1D"^^x:duration, "<b/>"^^r:XMLLiteral, "<b>"^^r:HTML, "x"@en .',
    "nt": "<x:a> <x:b> <x:c> .",
    "xml": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about="x:a"><r:value '
    'r:parseType="Literal"><b/></r:value></r:Description></r:RDF>',
}


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


def main(cpu_seconds: int, memory: int) -> None:
    """Parse page after page until the worker closes the pipe."""
    logging.disable()
    warnings.simplefilter("ignore")
    _warm_up()
    _confine(memory)
    try:
        while (answer := _received(sys.stdin.buffer)) is not None:
            _allow(cpu_seconds)
            _parse(answer, Pipe(sys.stdout.buffer))
    except MemoryError:
        os._exit(frames.OUT_OF_MEMORY)


def _warm_up() -> None:
    for encoding in ENCODINGS:
        b"".decode(encoding)
    for name in SECOND_LIBRARY.values():
        rdflib.Graph().parse(data=SAMPLES[name], format=name, publicID="x:y").serialize(format="nt")


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


def _parse(answer: Answer, pipe: Pipe) -> None:
    try:
        problems = parsed(answer, pipe)
    except SourceMalformed as error:
        refusal = {"reason": error.reason[:MAX_REASON], "line": error.line, "code": error.code}
        pipe.send(frames.REFUSED, json.dumps(refusal).encode())
        return
    told = [{"code": each.code, "message": each.message[:MAX_REASON]} for each in problems]
    pipe.send(frames.DONE, json.dumps(told).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
