"""The pages of datasets that everyone may read, for search engines."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from ckanext.citizendata.feeds.sitemap import Located, sitemap, sitemap_index
from ckanext.citizendata.logic import own_type
from ckanext.citizendata.logic.feeds.catalogue_head import site_address
from ckanext.citizendata.model import open_record

__all__ = ["index_of_parts", "is_start", "part", "sitemap_address"]

# The protocol allows so many in a part; one is divided before that, for what comes after the list of parts was read.
MOST, FILLED = 50_000, 45_000
# How many times more fit where one character more is told apart: an id is in 16 digits, and not all are as frequent.
SPREAD = 8
# No id of a package is longer.
LONGEST_START = 100


def sitemap_address() -> str:
    """Where the list of parts is."""
    return f"{site_address()}/sitemap.xml"


def index_of_parts() -> bytes:
    """The list of parts; a site without datasets for everyone has none."""
    return b"".join(sitemap_index(_parts()))


def _parts() -> Iterator[Located]:
    """One part for each beginning of an id, so short that few suffice: what is new changes no other part's address."""
    pages = open_record.at_most()
    length = next(length for length in range(LONGEST_START) if pages <= FILLED * SPREAD**length)
    rows = open_record.parts(length)
    while length < LONGEST_START and any(row.pages > FILLED for row in rows):
        length += 1
        rows = open_record.parts(length)
    address = f"{site_address()}/sitemap/part.xml"
    for row in rows:
        yield Located(f"{address}?{urlencode({'start': row.start})}" if row.start else address, row.changed)


def is_start(text: str) -> bool:
    """Whether the id of a package can start so."""
    return len(text) < LONGEST_START and text.isascii() and text.isprintable()


def part(start: str) -> Iterator[bytes]:
    """The pages of the datasets whose ids start so, in pieces as they are read."""
    first = f"{site_address()}/{own_type.dataset_type()}/"
    rows = open_record.part(start, MOST)
    return sitemap(Located(first + quote(row.name), row.changed) for row in rows)
