"""What happens when a member's server misbehaves: a failed run with a reason in words, and nothing is changed."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest

from .conftest import PREFIXES, Report, Server, answer, dataset
from .test_harvest import CATALOGUE, A, B, everything_written, outcomes, titles

Answer = Callable[[BaseHTTPRequestHandler], None]
FEED = (PREFIXES + CATALOGUE + dataset(A, "Water")).encode()
TURTLE = "text/turtle"


def says(body: bytes, media_type: str = TURTLE, **headers: str) -> Answer:
    return lambda handler: answer(handler, body, media_type, **headers)


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    answer(handler, FEED, TURTLE, Content_Length=str(len(FEED) + 100))


def never_answers(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)
    handler.close_connection = True


def drips(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", TURTLE)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b"#")
        handler.wfile.flush()
        time.sleep(0.1)


def redirects(target: str) -> Answer:
    def moved(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return moved


def fails(status: int) -> Answer:
    return lambda handler: handler.send_error(status)


def links_to(page: str) -> Answer:
    return says(FEED + f"<> <http://www.w3.org/ns/hydra/core#next> <{page}> .".encode())


DOCTYPE = b'<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<r>&x;</r>'
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#">{}'
CUT_OFF = RDF.format(f'<dcat:Dataset rdf:about="{B}"/>').encode()
CONTEXT = b'{"@context": "http://127.0.0.1:9/context", "@id": "http://x.example.org/", "title": "x"}'
LATIN = FEED + '<http://x.example.org/> dct:title "é" .'.encode("latin-1")
BOMB = gzip.compress(b" " * 30_000_000)
TWO_GZIPS = gzip.compress(FEED) * 2

BAD_DAYS = {
    "empty": (says(b""), "the answer is empty", "rejected(empty)"),
    "a web page": (
        says(b"<!DOCTYPE html><html><body>Soon back", "text/html"),
        "answers a web page, not RDF",
        "rejected(web_page)",
    ),
    "a web page called RDF": (says(b"\n<html>", TURTLE), "answers a web page, not RDF", "rejected(web_page)"),
    "no DCAT": (
        says(b"<http://a.example.org/> <http://b.example.org/> 1 ."),
        "neither a catalogue nor a dataset",
        "rejected(malformed)",
    ),
    "no dataset any more": (
        says((PREFIXES + CATALOGUE).encode()),
        "lists no dataset any more, after 1 before",
        "rejected(malformed)",
    ),
    "not found": (fails(404), "answers 404 Not Found", "failed(status)"),
    "server error": (fails(500), "answers 500", "failed(status)"),
    "broken off": (breaks_off, "broke off in the middle", "failed(broken_off)"),
    "cut off at a statement": (
        says(FEED + b"<http://x.example.org/> <http://y"),
        "line 11: Unexpected end of file",
        "rejected(malformed)",
    ),
    "cut off XML": (says(CUT_OFF, "application/rdf+xml"), "no well-formed XML", "rejected(malformed)"),
    "never answers": (never_answers, "did not answer in time", "failed(timeout)"),
    "one byte at a time": (drips, "took longer than 2 seconds", "failed(timeout)"),
    "another server": (
        redirects("http://127.0.0.2:9/"),
        "redirects to another server, http://127.0.0.2:9/",
        "failed(redirect)",
    ),
    "another port": (redirects("http://127.0.0.1:9/"), "redirects to another server", "failed(redirect)"),
    "a file": (redirects("file:///etc/passwd"), "only addresses that begin with http", "rejected(address)"),
    "itself": (redirects("/c.ttl"), "redirects more than 3 times", "failed(redirect)"),
    "next page elsewhere": (
        links_to("http://127.0.0.2:9/2.ttl"),
        "is on another server",
        "rejected(pagination_origin)",
    ),
    "next page a file": (
        links_to("file:///etc/passwd"),
        "only addresses that begin with http",
        "rejected(pagination_origin)",
    ),
    "pages in a circle": (links_to("/c.ttl"), "go round in a circle", "rejected(pagination)"),
    "next page missing": (links_to("/nowhere.ttl"), "/nowhere.ttl answers 404", "failed(status)"),
    "doctype": (says(DOCTYPE, "application/rdf+xml"), "line 2: the page has a DOCTYPE", "rejected(dtd)"),
    "remote context": (
        says(CONTEXT, "application/ld+json"),
        "@context at another address, which is never fetched",
        "rejected(remote_context)",
    ),
    "DCAT-US": (
        says(b'{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": []}', "application/ld+json"),
        "this is DCAT-US (data.json), which isn't read here",
        "rejected(dcat_us)",
    ),
    "another encoding": (says(LATIN), "is no utf-8 text", "rejected(encoding)"),
    "gzip bomb": (
        says(BOMB, Content_Encoding="gzip"),
        "unpacks to more than 100 times its size",
        "rejected(too_large)",
    ),
    "gzip bomb in parts": (
        says(gzip.compress(b" ") + BOMB, Content_Encoding="gzip"),
        "unpacks to more than 100",
        "rejected(too_large)",
    ),
    "cut off between two gzips": (
        says(TWO_GZIPS[:-9], Content_Encoding="gzip"),
        "broke off in the middle",
        "failed(broken_off)",
    ),
    "no gzip after a gzip": (
        says(gzip.compress(FEED) + b"more", Content_Encoding="gzip"),
        "claims to be gzip",
        "rejected(encoding)",
    ),
    "no gzip": (says(FEED, Content_Encoding="gzip"), "claims to be gzip and isn't", "rejected(encoding)"),
    "packed otherwise": (says(FEED, Content_Encoding="br"), "packed as br", "rejected(encoding)"),
    "too large": (says(FEED + b" " * 5_000_000), "larger than 4000000 bytes", "rejected(too_large)"),
}


@pytest.mark.usefixtures("registry")
@pytest.mark.ckan_config("ckanext.citizendata.harvest_page_seconds", 2)
@pytest.mark.ckan_config("ckanext.citizendata.harvest_page_bytes", 4_000_000)
class TestBadDays:
    def test_each_fails_with_a_reason_and_changes_nothing(
        self, server: Server, member: Callable[..., str], harvest: Callable[[str], Report]
    ) -> None:
        """All on one member, which is as healthy as before after each."""
        name = member("kenya", server.serve("/c.ttl", FEED, TURTLE))
        harvest(name)
        before = everything_written()
        for day, (behaviour, reason, outcome) in BAD_DAYS.items():
            server.answer("/c.ttl", behaviour)
            report = harvest(name)
            assert report.state == "failed", day
            assert report.reason, day
            assert reason in report.reason, f"{day}: {report.reason}"
            assert f"[{outcome}]" in report.reason, f"{day}: {report.reason}"
            assert report.reason.startswith("Kenya can't be harvested: http"), day
            assert report.reason.endswith("Nothing was changed"), day
            assert everything_written() == before, day
        server.serve("/c.ttl", FEED, TURTLE)
        assert outcomes(harvest(name)) == {A: "unchanged"}

    def test_a_server_that_is_down_fails_the_run(
        self, member: Callable[..., str], harvest: Callable[[str], Report]
    ) -> None:
        """Nobody listens at the address, neither at first nor a moment later."""
        report = harvest(member("kenya", "http://127.0.0.1:9/catalog.ttl"))
        assert report.state == "failed"
        assert "can't be reached (tried 2 times in 0 seconds). Check the address" in str(report.reason)


@pytest.mark.usefixtures("registry")
class TestGoodDays:
    @pytest.mark.parametrize("spelling", ["next </2.ttl>", 'nextPage "/2.ttl"', "next <2.ttl>"])
    def test_reads_all_pages_in_both_spellings(
        self, server: Server, member: Callable[..., str], harvest: Callable[[str], Report], spelling: str
    ) -> None:
        """PartialCollectionView with an IRI, PagedCollection with a text, absolute and relative."""
        url = server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + f"<> hydra:{spelling} .")
        server.turtle("/2.ttl", dataset(B, "Rivers"))
        assert outcomes(harvest(member("kenya", url))) == {A: "added", B: "added"}

    def test_a_feed_that_lists_less_than_it_claims_makes_nothing_missing(
        self, server: Server, member: Callable[..., str], harvest: Callable[[str], Report]
    ) -> None:
        """`hydra:totalItems` tells that something was lost on the way."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers")))
        harvest(name)
        server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + "<> hydra:totalItems 2 .")
        report = harvest(name)
        assert outcomes(report) == {A: "unchanged"}
        assert "says that it has 2 datasets" in report.notes[0].message

    def test_follows_a_redirect_on_the_same_server(
        self, server: Server, member: Callable[..., str], harvest: Callable[[str], Report]
    ) -> None:
        """Relative addresses then mean the final page."""
        server.turtle("/new/c.ttl", CATALOGUE + "<a> a dcat:Dataset ; dct:title 'Water' .")
        report = harvest(member("kenya", server.answer("/c.ttl", redirects("/new/c.ttl"))))
        assert outcomes(report) == {f"{server.address}/new/a": "added"}

    def test_reads_what_the_strict_parser_refuses_and_says_so(
        self, server: Server, member: Callable[..., str], harvest: Callable[[str], Report]
    ) -> None:
        """An address with blanks costs neither the page nor the record; the line is named."""
        more = f"<{A}> dcat:contactPoint <tel:+49 40 4 28> ."
        report = harvest(member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water", more))))
        assert outcomes(report) == {A: "added"}
        assert "line 10" in report.notes[0].message
        assert "1 statements are withheld" in report.items[0].problems[-1].message

    def test_unpacks_every_member_of_a_gzip_file(
        self, server: Server, member: Callable[..., str], harvest: Callable[[str], Report]
    ) -> None:
        """Some servers pack page by page, and pad the end; nothing of it is dropped in silence."""
        packed = gzip.compress(FEED) + gzip.compress(dataset(B, "Rivers").encode()) + b"\0" * 8
        report = harvest(member("kenya", server.answer("/c.ttl", says(packed, Content_Encoding="gzip"))))
        assert outcomes(report) == {A: "added", B: "added"}

    def test_unpacks_gzip(self, server: Server, member: Callable[..., str], harvest: Callable[[str], Report]) -> None:
        """As most servers send it."""
        url = server.answer("/c.ttl", says(gzip.compress(FEED), Content_Encoding="gzip"))
        assert outcomes(harvest(member("kenya", url))) == {A: "added"}
        assert titles() == ["Water"]
