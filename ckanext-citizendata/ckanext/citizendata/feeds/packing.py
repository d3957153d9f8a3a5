"""gzip files of parts of which some were packed before: in RFC 1951, blocks that were made apart may follow each other.

Of two gzip files one after the other, many readers of HTTP would read the first alone.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Packed", "begun", "checksum", "ended", "member", "packed"]

# RFC 1952 §2.3: deflate, no name, no time, unknown system.
MAGIC = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LEVEL = 6
POLYNOMIAL = 0xEDB88320
# The polynomials 1 and x⁸, of which the highest bit is the constant term.
ONE, BYTE = 1 << 31, 1 << 23


@dataclass(frozen=True, slots=True)
class Packed:
    """What is told of packed blocks: the CRC-32 and the size of what they unpack to."""

    crc: int
    size: int


def packed(content: bytes, level: int = LEVEL) -> bytes:
    """The content as blocks, after which others may follow."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)


def checksum(content: bytes) -> Packed:
    """What is told of the blocks of a content."""
    return Packed(zlib.crc32(content), len(content))


def begun(head: bytes) -> bytes:
    """The beginning of a gzip file, up to the end of `head`."""
    return MAGIC + packed(head)


def ended(head: bytes, body: Packed, end: bytes) -> bytes:
    """The rest of a gzip file behind head and body: `end`, and what proves the whole."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    crc = zlib.crc32(end, _joined(zlib.crc32(head), body))
    size = (len(head) + body.size + len(end)) & 0xFFFFFFFF
    return packer.compress(end) + packer.flush() + crc.to_bytes(4, "little") + size.to_bytes(4, "little")


def member(blocks: bytes, body: Packed) -> bytes:
    """A whole gzip file of some blocks."""
    return MAGIC + blocks + ended(b"", body, b"")


def _joined(crc: int, body: Packed) -> int:
    """The CRC-32 of something with a body behind it: x to the power of its bytes moves what came before."""
    return _times(_power(body.size), crc) ^ body.crc


@lru_cache(maxsize=4096)
def _power(size: int) -> int:
    power, square = ONE, BYTE
    while size:
        if size & 1:
            power = _times(square, power)
        square = _times(square, square)
        size >>= 1
    return power


def _times(a: int, b: int) -> int:
    """The product of two polynomials modulo that of the CRC."""
    product, bit = 0, ONE
    while bit:
        if a & bit:
            product ^= b
        b = b >> 1 ^ POLYNOMIAL if b & 1 else b >> 1
        bit >>= 1
    return product
