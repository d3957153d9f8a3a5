"""A crawl of a CKAN by its API, and what is told of a catalogue by one look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.errors import SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.fetch import Fetcher
from ckanext.citizendata.federation.gate import Gate
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.reading import Crawl
from ckanext.citizendata.federation.sources import CkanApi
from ckanext.citizendata.federation.sources.ckan_api import site_of
from ckanext.citizendata.federation.sources.recognising import Recognised, recognised
from tests.generation.stock_site import StockSite, stock_package, stock_site

from .test_fetch import LIMITS as SMALL
from .test_fetch import OPEN

LIMITS = replace(SMALL, page_bytes=20_000_000)
MODEL = catalogue_model.load().public
DATASET = " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset>"
WEB_PAGE = "<!DOCTYPE html><html><head>{}</head><body>Data</body></html>"
CHANGED = "The catalogue changed while it was read, and may have datasets that were stepped over"


@pytest.fixture
def site() -> Iterator[StockSite]:
    with stock_site(*map(stock_package, range(250))) as running:
        yield running


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(LIMITS) as running:
        yield running


def member_at(url: str) -> Member:
    return Member("kenya", "Kenya", url, "everyone", kind="ckan")


def pages_of(site: StockSite, parser: Parser) -> list[Page]:
    with Fetcher(LIMITS, "test", Gate(OPEN)) as fetcher:
        return [*CkanApi(MODEL).pages(fetcher, parser, member_at(site.address))]


def found_at(url: str, parser: Parser) -> Recognised:
    with Fetcher(LIMITS, "test", Gate(OPEN)) as fetcher:
        return recognised(fetcher, parser, url)


def listed(pages: list[Page]) -> list[str]:
    """The addresses of the datasets, as often as they are described."""
    lines = (line for page in pages for line in page.text.split(" .\n"))
    return [line.partition(" ")[0] for line in lines if line.endswith(DATASET)]


def crawled(pages: list[Page]) -> Crawl:
    crawl = Crawl()
    for page in pages:
        crawl.add(page)
    return crawl


class TestCrawl:
    def test_has_every_dataset_once(self, site: StockSite, parser: Parser) -> None:
        """In pages of a hundred, each of which begins with the last one of the page before, and with the count."""
        pages = pages_of(site, parser)
        assert len(pages) == 3
        assert sorted(listed(pages)) == sorted(f"<{site.address}/dataset/{each['id']}>" for each in site.packages)
        crawl = crawled(pages)
        assert (crawl.claimed, crawl.has_catalogue, crawl.doubts) == (250, True, set())

    def test_keeps_blank_nodes_of_datasets_apart(self, site: StockSite, parser: Parser) -> None:
        """Each has a contact of its own."""
        site.packages = [stock_package(number, maintainer=f"Desk {number}") for number in range(3)]
        (page,) = pages_of(site, parser)
        contacts = [line.split(" ")[2] for line in page.text.split(" .\n") if "contactPoint" in line]
        assert len(set(contacts)) == 3

    def test_doubts_what_changes_meanwhile(self, site: StockSite, parser: Parser) -> None:
        """One of the first page goes, all others move up, and one is stepped over."""
        site.before = lambda searches: site.packages.pop(0) if searches == 1 else None
        pages = pages_of(site, parser)
        assert crawled(pages).doubts == {CHANGED}

    def test_doubts_a_change_that_leaves_the_count(self, site: StockSite, parser: Parser) -> None:
        """One goes and another comes behind it."""

        def swap(searches: int) -> None:
            if searches == 1:
                site.packages = [*site.packages[1:], stock_package(999)]

        site.before = swap
        assert crawled(pages_of(site, parser)).doubts == {CHANGED}

    def test_takes_fewer_rows_than_it_asks_for(self, site: StockSite, parser: Parser) -> None:
        """A site may give fewer at a time."""
        site.rows_max = 30
        assert len(listed(pages_of(site, parser))) == 250

    def test_never_lists_what_is_not_public(self, site: StockSite, parser: Parser) -> None:
        """It claims more than it shows then, so that nothing counts as missing."""
        site.packages = [stock_package(1), stock_package(2, private=True), stock_package(3, state="draft")]
        pages = pages_of(site, parser)
        assert len(listed(pages)) == 1
        assert "Wells 2" not in pages[0].text
        assert crawled(pages).claimed == 3

    def test_names_what_it_leaves_out(self, site: StockSite, parser: Parser) -> None:
        """What is nested without end, too long, or nameless; the others are read."""
        deep: Any = []
        for _ in range(200):
            deep = [deep]
        site.packages = [stock_package(1), stock_package(2, extras=deep), stock_package(3, notes="x" * 5_000_000)]
        site.packages += [{"title": "Wells"}, stock_package(4)]
        (page,) = pages_of(site, parser)
        assert len(listed([page])) == 2
        told = " ".join(problem.message for problem in page.problems)
        for reason in ("nested too deeply", "more than 4 MB", "neither an id nor an address"):
            assert reason in told

    def test_says_no_language_where_the_site_tells_none(self, site: StockSite, parser: Parser) -> None:
        """Never a guess."""
        site.packages, site.language = [stock_package(1)], None
        (page,) = pages_of(site, parser)
        assert '"Wells 1" .' in page.text
        site.language = "pt_BR"
        (page,) = pages_of(site, parser)
        assert '"Wells 1"@pt-br .' in page.text


class TestAnswer:
    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"", "this is no JSON"),
            (b"<!DOCTYPE html><html>", "a web page, not CKAN's API"),
            (b"[1, 2]", "no answer of CKAN's API"),
            (b'{"success": false, "error": {"message": "Access denied"}}', "no answer of CKAN's API"),
            (b'{"success": false, "result": 1, "error": {"message": "Access denied"}}', "it says: Access denied"),
            (b"[" * 100_000, "nested too deeply"),
            (b'{"success": true, "result": {"results": [}}', "this is no JSON"),
            (b'\xff\xfe{"success"', "this is no JSON"),
        ],
    )
    def test_that_is_none_is_refused(self, parser: Parser, body: bytes, reason: str) -> None:
        """With the address and the reason; the process goes on."""
        with pytest.raises(SourceMalformed) as caught:
            parser.lines_of_api(Answer("https://data.example.org/api/3/action/package_search", "", body))
        assert reason in str(caught.value)
        assert "https://data.example.org/api/3" in str(caught.value)

    def test_survives_numbers_without_end(self, parser: Parser) -> None:
        """They cost that value; Python would refuse the page."""
        body = b'{"success": true, "result": {"count": 1, "results": [{"id": "a", "size": %s, "x": NaN}]}}' % (
            b"9" * 9000
        )
        head, line = sorted(parser.lines_of_api(Answer("https://data.example.org/", "", body)))
        assert head == '0000 {"count": 1}'
        assert json.loads(line.removeprefix("0001 "))["thing"]["x"] is None

    def test_that_lists_without_end_is_refused(self, parser: Parser) -> None:
        """Whatever it was asked for."""
        body = json.dumps({"success": True, "result": [0] * 1001}).encode()
        with pytest.raises(SourceMalformed, match="lists more than 1000 things"):
            parser.lines_of_api(Answer("https://data.example.org/", "", body))


class TestSite:
    @pytest.mark.parametrize(
        "url",
        [
            "https://data.example.org/portal",
            "https://data.example.org/portal/",
            "https://data.example.org/portal/dataset",
            "https://data.example.org/portal/api/3/action/package_search?rows=1",
            "https://data.example.org/portal/api",
        ],
    )
    def test_is_what_its_api_lies_below(self, url: str) -> None:
        """Whichever of its addresses somebody has."""
        assert site_of(url) == "https://data.example.org/portal"


class TestRecognised:
    def test_ckan_by_an_address_of_its_api(self, site: StockSite, parser: Parser) -> None:
        """Whichever part of it somebody has."""
        for path in ("/api/3", "/api/3/action/package_list", "/api/3/action/package_search?q=water"):
            assert found_at(site.address + path, parser) == Recognised("ckan", f"{site.address}/", "JSON")

    def test_ckan_behind_its_front_page(self, site: StockSite, parser: Parser) -> None:
        """Where it has no DCAT."""
        site.pages["/"] = ("text/html", WEB_PAGE.format("").encode())
        assert found_at(f"{site.address}/", parser).kind == "ckan"

    def test_the_feed_that_a_page_links_to(self, site: StockSite, parser: Parser) -> None:
        """Before the API, and never on another server."""
        links = '<link rel="alternate" type="text/turtle" href="https://evil.example.org/c.ttl">'
        links += "<link type='application/rdf+xml' href='/feed?a=1&amp;b=2' rel='alternate'>"
        site.pages["/"] = ("text/html", WEB_PAGE.format(links).encode())
        site.pages["/feed?a=1&b=2"] = ("application/rdf+xml", b"<rdf:RDF/>")
        assert found_at(f"{site.address}/", parser) == Recognised("dcat", f"{site.address}/feed?a=1&b=2", "RDF/XML")

    def test_dcat_by_what_is_there(self, site: StockSite, parser: Parser) -> None:
        """Also below /api, where other programs have it."""
        site.pages["/api/1/site/catalog"] = ("text/turtle", b"<a:b> <a:c> <a:d> .")
        assert found_at(f"{site.address}/api/1/site/catalog", parser).format == "Turtle"

    def test_a_page_without_either_is_told(self, site: StockSite, parser: Parser) -> None:
        """Kindly, and with what to do."""
        site.pages["/about/us"] = ("text/html", WEB_PAGE.format("").encode())
        with pytest.raises(SourceMalformed) as caught:
            found_at(f"{site.address}/about/us", parser)
        assert f"{site.address}/about/us: this address answers a web page; neither a link" in str(caught.value)
        with pytest.raises(SourceUnreachable):
            found_at(f"{site.address}/nothing", parser)
