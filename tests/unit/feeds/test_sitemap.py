"""Sitemaps, read by another parser."""

from __future__ import annotations

from datetime import datetime, timezone
from xml.etree import ElementTree

import pytest

from ckanext.citizendata.feeds.sitemap import Located, sitemap, sitemap_index

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
DAY = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone.utc)


class TestSitemap:
    @pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1203])
    def test_has_every_page_once(self, count: int) -> None:
        """In pieces, whatever their number."""
        pages = [Located(f"https://d.example/dataset/{number}?a&b", DAY) for number in range(count)]
        found = ElementTree.fromstring(b"".join(sitemap(pages)))

        assert [each.text for each in found.iter(f"{NS}loc")] == [page.address for page in pages]
        assert {each.text for each in found.iter(f"{NS}lastmod")} <= {"2026-03-04T05:06:07Z"}
        assert found.tag == f"{NS}urlset"

    def test_is_sent_while_it_is_read(self) -> None:
        """The first piece comes before the last page is known."""
        pieces = sitemap(Located("https://d.example/", DAY) for _ in iter(int, 1))

        assert next(pieces).startswith(b"<?xml")

    def test_index(self) -> None:
        """The list of parts has another form."""
        found = ElementTree.fromstring(b"".join(sitemap_index([Located("https://d.example/p.xml", DAY)])))

        assert [each.tag for each in found.iter()] == [
            f"{NS}{name}" for name in ("sitemapindex", "sitemap", "loc", "lastmod")
        ]
