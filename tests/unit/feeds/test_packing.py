"""gzip files of parts."""

from __future__ import annotations

import gzip
import random
import zlib

import pytest

from ckanext.citizendata.feeds.packing import begun, checksum, ended, member, packed

RANDOM = random.Random(6)
BODIES = [b"", b"a", b"water " * 50_000, RANDOM.randbytes(70_001)]


@pytest.mark.parametrize("body", BODIES, ids=len)
@pytest.mark.parametrize("end", [b"", b"</rdf:RDF>\n"])
@pytest.mark.parametrize("head", [b"", b"@prefix dct: <http://purl.org/dc/terms/> .\n" * 40])
def test_one_file(head, body, end):
    """Head, body and end are one gzip file of one member, whose checksum is right."""
    content = begun(head) + packed(body) + ended(head, checksum(body), end)
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert reader.decompress(content) == head + body + end
    assert reader.eof
    assert reader.unused_data == b""


@pytest.mark.parametrize("body", BODIES, ids=len)
def test_members(body):
    """Packed blocks are a gzip file of their own, and several are one after the other."""
    content = member(packed(body), checksum(body))
    assert gzip.decompress(content + content) == body + body
