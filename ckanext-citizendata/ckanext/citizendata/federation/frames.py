"""What the worker and the process that parses say to each other: a letter, a length, and that many bytes."""

from __future__ import annotations

import struct

__all__ = [
    "BODY",
    "DONE",
    "FIRST",
    "FORGET",
    "HEAD",
    "HEADER",
    "OTHER",
    "OUT_OF_MEMORY",
    "REFUSED",
    "SECOND",
    "TEXT",
    "packed_header",
    "unpacked_header",
]

# To the parser: address and media type of a page, then its bytes.
HEAD = b"H"
BODY = b"B"
# From the parser: whole lines of N-Triples; that all lines so far are void, since another reader begins anew; the end
# of the page with its problems; that the page can't be taken.
TEXT = b"T"
FORGET = b"F"
DONE = b"D"
REFUSED = b"R"
# That a process with the second library should have the page.
OTHER = b"O"

# With which library a process reads.
FIRST, SECOND = "first", "second"

# The exit code of a parser that ran into its limit of memory and could still say so.
OUT_OF_MEMORY = 75

SHAPE = struct.Struct(">cQ")
# How many bytes stand before the content of a frame.
HEADER = SHAPE.size


def packed_header(letter: bytes, length: int) -> bytes:
    """What stands before the content."""
    return SHAPE.pack(letter, length)


def unpacked_header(text: bytes) -> tuple[bytes, int]:
    """Letter and length."""
    return SHAPE.unpack(text)
