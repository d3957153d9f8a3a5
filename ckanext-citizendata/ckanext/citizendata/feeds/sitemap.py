"""The addresses of pages as search engines read them (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from ckanext.citizendata.feeds.listing import moment

__all__ = ["Located", "sitemap", "sitemap_index"]

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
LINES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Located:
    """The address of a page or of a part, and when something there changed last."""

    address: str
    changed: datetime


def sitemap(pages: Iterable[Located]) -> Iterator[bytes]:
    """One part, in pieces, while the pages come; at most 50,000 of them are allowed in it."""
    return _listed("urlset", "url", pages)


def sitemap_index(parts: Iterable[Located]) -> Iterator[bytes]:
    """The list of all parts, in pieces."""
    return _listed("sitemapindex", "sitemap", parts)


def _listed(whole: str, each: str, entries: Iterable[Located]) -> Iterator[bytes]:
    waiting = [f'{HEAD}<{whole} xmlns="{NAMESPACE}">\n']
    for entry in entries:
        waiting.append(
            f"<{each}><loc>{escape(entry.address)}</loc><lastmod>{moment(entry.changed)}</lastmod></{each}>\n"
        )
        if len(waiting) > LINES_AT_ONCE:
            yield "".join(waiting).encode()
            waiting = []
    waiting.append(f"</{whole}>\n")
    yield "".join(waiting).encode()
