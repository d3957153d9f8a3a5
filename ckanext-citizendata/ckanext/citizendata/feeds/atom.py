"""What a search finds as an Atom feed (RFC 4287), in pages (RFC 5005 §3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feedgen.feed import FeedGenerator

from ckanext.citizendata.core.hazard import NOT_XML

__all__ = ["AtomEntry", "AtomFeed", "atom_rendered"]

ATOM = "application/atom+xml"
HTML = "text/html"


@dataclass(frozen=True, slots=True)
class AtomEntry:
    """One dataset: its IRI, what a person reads of it, when it changed, and its page."""

    iri: str
    title: str
    summary: str
    updated: datetime
    page: str


@dataclass(frozen=True, slots=True)
class AtomFeed:
    """One page of a feed; `pages` are addresses by what they are to this one: `self`, `first`, `prev`, `next`, `last`.

    :param search: the page on which a person makes the same search.
    """

    iri: str
    title: str
    language: str
    author: str
    updated: datetime
    search: str
    pages: Mapping[str, str]
    entries: tuple[AtomEntry, ...]


def atom_rendered(feed: AtomFeed) -> bytes:
    """The feed as XML, without characters that XML doesn't have."""
    generator = FeedGenerator()
    generator.id(feed.iri)
    generator.title(_text(feed.title))
    generator.language(feed.language)
    generator.author(name=_text(feed.author))
    generator.updated(feed.updated)
    generator.link(href=feed.search, rel="alternate", type=HTML)
    for relation, address in feed.pages.items():
        generator.link(href=address, rel=relation, type=ATOM)
    for each in feed.entries:
        _add(generator, each)
    return generator.atom_str(encoding="UTF-8")


def _add(generator: FeedGenerator, each: AtomEntry) -> None:
    entry = generator.add_entry(order="append")
    entry.id(each.iri)
    entry.title(_text(each.title))
    entry.updated(each.updated)
    entry.link(href=each.page, rel="alternate", type=HTML)
    if each.summary:
        entry.summary(_text(each.summary))


def _text(text: str) -> str:
    return NOT_XML.sub("", text)
