"""What the worker and the process that parses say to each other: a letter, a length, and that many bytes."""

from __future__ import annotations

import struct

__all__ = [
    "API",
    "BODY",
    "DONE",
    "FILE",
    "FIRST",
    "FORGET",
    "HEAD",
    "HEADER",
    "MOST",
    "OTHER",
    "OUT_OF_MEMORY",
    "PART",
    "QUADS",
    "REFUSED",
    "SECOND",
    "SORTED",
    "TEXT",
    "packed_header",
    "unpacked_header",
]

# To the parser: address and media type of a page of RDF, of an answer of CKAN's API, or of a page of N-Quads whose
# graphs are kept apart; then its bytes, or that they are in the file that it was given.
HEAD = b"H"
API = b"A"
QUADS = b"Q"
BODY = b"B"
FILE = b"L"
# From the parser: all lines of N-Triples of a page, or of JSON of an answer, each once, sorted; or, of a large page,
# some of them, as they come; or, of graphs that are kept apart, the sorted lines of some; that all lines so far are
# void, since another reader begins anew; the end of the page with its problems; that the page can't be taken.
SORTED = b"S"
TEXT = b"T"
PART = b"P"
FORGET = b"F"
DONE = b"D"
REFUSED = b"R"
# That a process with the second library should have the page.
OTHER = b"O"

# With which library a process reads.
FIRST, SECOND = "first", "second"

# The exit code of a parser that ran into its limit of memory and could still say so.
OUT_OF_MEMORY = 75

# The most bytes that the parser may say at a time.
MOST = 16 * 1024 * 1024

SHAPE = struct.Struct(">cQ")
# How many bytes stand before the content of a frame.
HEADER = SHAPE.size


def packed_header(letter: bytes, length: int) -> bytes:
    """What stands before the content."""
    return SHAPE.pack(letter, length)


def unpacked_header(text: bytes) -> tuple[bytes, int]:
    """Letter and length."""
    return SHAPE.unpack(text)
