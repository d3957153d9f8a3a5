"""Whether the end of an answer can be told from a connection that broke off."""

from __future__ import annotations

import gzip

import pytest

from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.reading import Crawl

from .servers import listening, sends
from .test_fetch import LIMITS, fetched
from .test_reading import A, gaps

BODY = b"<https://a.example.org/> <https://b.example.org/> <https://c.example.org/> .\n"
CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
PACKED = gzip.compress(BODY, mtime=0)


def answered(headers: bytes, body: bytes) -> Answer:
    with listening(sends(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + headers + b"\r\n" + body)) as server:
        return fetched(f"http://127.0.0.1:{server.port}/c.nt", LIMITS)


class TestAnswer:
    @pytest.mark.parametrize(
        ("headers", "body"),
        [
            (b"Content-Length: %d\r\n" % len(BODY), BODY),
            (b"Transfer-Encoding: chunked\r\n", CHUNKED),
            (b"Content-Length: %d\r\nContent-Encoding: gzip\r\n" % len(PACKED), PACKED),
        ],
        ids=["length", "chunked", "gzip"],
    )
    def test_is_framed(self, headers: bytes, body: bytes) -> None:
        """By a length or in chunks; one that is cut off is refused."""
        found = answered(headers, body)
        assert (found.body, found.framed) == (BODY, True)

    @pytest.mark.parametrize(
        ("headers", "body"),
        [
            (b"", BODY),
            (b"Content-Length: many\r\n", BODY),
            (b"Transfer-Encoding: identity\r\n", BODY),
            (b"Transfer-Encoding: identity, chunked\r\n", BODY),
            (b"Content-Encoding: gzip\r\n", PACKED),
        ],
        ids=["nothing", "no number", "identity", "identity and chunked", "gzip"],
    )
    def test_is_not_framed(self, headers: bytes, body: bytes) -> None:
        """The end of the connection is the end of it, whatever is claimed; it is read all the same."""
        found = answered(headers, body)
        assert (found.body, found.framed) == (BODY, False)


class TestPage:
    @pytest.mark.parametrize("framed", [True, False])
    def test_is_as_its_answer(self, framed: bool) -> None:
        """The process that parses is told nothing of it."""
        with Parser(Limits()) as parser:
            (page,) = parser.parts_of(Answer("https://a.example.org/c.nt", "", BODY, framed))
            assert page.framed is framed


class TestGaps:
    def test_an_answer_without_an_end(self) -> None:
        """It proves something only where the feed says how many datasets it has."""
        sentence = "The server doesn't say how long its answer is, nor the feed how many datasets it has"
        assert sentence in gaps(A, framed=False)
        assert gaps(A, framed=False, claimed=1) == ()

    def test_one_page_of_several_is_enough(self) -> None:
        """Whichever."""
        crawl = Crawl()
        for framed in (True, False, True):
            crawl.add(Page("https://a.example.org/", "", framed=framed))
        assert not crawl.framed
