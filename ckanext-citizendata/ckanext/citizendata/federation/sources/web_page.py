"""The links of a web page to descriptions in RDF, as people's browsers and other programs find them."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin

from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.decode import BY_MEDIA_TYPE, WEB_PAGE

__all__ = ["is_web_page", "linked_feeds"]

# Where a page has its head.
HEAD = 256 * 1024
LINK = re.compile(r"<link\b([^<>]{1,2000})>", re.IGNORECASE)
PART = re.compile(r"""\b(rel|type|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE)


def is_web_page(answer: Answer) -> bool:
    """Whether the answer is HTML."""
    return WEB_PAGE.match(answer.body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")) is not None


def linked_feeds(answer: Answer) -> tuple[str, ...]:
    """The addresses that its head names as the same in RDF, each once.

    <link rel="alternate" type="text/turtle" href="/catalog.ttl"> -> https://data.example.org/catalog.ttl
    """
    head = answer.body[:HEAD].decode("utf-8", "replace")
    found = (_feed(answer.url, parts[1]) for parts in LINK.finditer(head))
    return tuple(dict.fromkeys(filter(None, found)))


def _feed(base: str, parts: str) -> str | None:
    said = {found[1].lower(): unescape(found[2] or found[3] or found[4] or "") for found in PART.finditer(parts)}
    if "alternate" not in said.get("rel", "").lower().split() or said.get("type", "").lower() not in BY_MEDIA_TYPE:
        return None
    try:
        return urljoin(base, said.get("href", "")) if said.get("href") else None
    except ValueError:
        return None
