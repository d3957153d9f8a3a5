"""Searches as Atom, read by another parser."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from xml.etree import ElementTree

from ckanext.citizendata.feeds.atom import AtomEntry, AtomFeed, atom_rendered

NS = {"a": "http://www.w3.org/2005/Atom"}
DAY = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone.utc)
ENTRY = AtomEntry(
    "https://d.example/dataset/1",
    "Water <points>",
    "Who has\x00 water & who hasn't",
    DAY,
    "https://d.example/dataset/water",
)
FEED = AtomFeed(
    "https://d.example/feed/search.atom",
    "Data: a\x0b<b>",
    "fr",
    "The office",
    DAY,
    "https://d.example/dataset/?q=a",
    {"self": "https://d.example/feed/search.atom", "next": "https://d.example/feed/search.atom?page=2"},
    (ENTRY, replace(ENTRY, iri="https://d.example/dataset/2", summary="")),
)


def read(feed: AtomFeed) -> ElementTree.Element:
    return ElementTree.fromstring(atom_rendered(feed))


class TestAtom:
    def test_entry(self) -> None:
        """IRI, texts without what XML doesn't have, time and page; in the given order."""
        first, second = read(FEED).findall("a:entry", NS)

        assert [first.findtext(f"a:{name}", None, NS) for name in ("id", "title", "summary", "updated")] == [
            "https://d.example/dataset/1",
            "Water <points>",
            "Who has water & who hasn't",
            "2026-03-04T05:06:07+00:00",
        ]
        assert first.find("a:link", NS).attrib["href"] == "https://d.example/dataset/water"  # type: ignore[union-attr]
        assert second.findtext("a:id", None, NS) == "https://d.example/dataset/2"
        assert second.find("a:summary", NS) is None

    def test_head(self) -> None:
        """Title, language, author, and the way to the other pages."""
        found = read(FEED)
        links = {(link.attrib["rel"], link.attrib["href"]) for link in found.findall("a:link", NS)}

        assert found.findtext("a:title", None, NS) == "Data: a<b>"
        assert found.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "fr"
        assert found.findtext("a:author/a:name", None, NS) == "The office"
        assert links == {("alternate", FEED.search), *FEED.pages.items()}

    def test_the_same_gives_the_same(self) -> None:
        """So that a reader who has it needn't fetch it again."""
        assert atom_rendered(FEED) == atom_rendered(FEED)
