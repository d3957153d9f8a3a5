"""Members that mean harm, beside one that doesn't: they get a named refusal, and it is harvested as ever."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from .conftest import PREFIXES, Report, Server, answer, dataset
from .test_harvest import CATALOGUE, A, everything_written, outcomes, titles

Answer = Callable[[BaseHTTPRequestHandler], None]
TURTLE, XML, JSON, NT = "text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"
FEED = (PREFIXES + CATALOGUE + dataset(A, "Water")).encode()
RDF = b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="https://a.example.org/">%b</r:RDF>'
LAUGHS = (
    b'<!DOCTYPE r [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)
QUADRATIC = b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 100_000 + b'">]>' + RDF % (b"<a:x>" + b"&a;" * 10_000 + b"</a:x>")
PARAMETER = b'<!DOCTYPE r [<!ENTITY % a SYSTEM "http://127.0.0.2/x"> %a;]>' + RDF % b""
GARBAGE = b"\n".join(random.Random(5).randbytes(40).hex().encode() for _ in range(200_000))


def says(body: bytes, media_type: str = TURTLE, **headers: str) -> Answer:
    return lambda handler: answer(handler, body, media_type, **headers)


def says_head(head: bytes, more: bytes, pause: float) -> Answer:
    """Begin to answer, and go on for ever."""

    def talk(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)
        while True:
            handler.wfile.write(more)
            time.sleep(pause)

    return talk


def context(name: str) -> Answer:
    return says(b'{"@context": [{}, {"@import": "%b"}], "@id": "x:a", "b": 1}' % name.encode(), JSON)


OK = b"HTTP/1.1 200 OK\r\n"
B = "https://ghana.example.org/dataset/b"
CAUSES: dict[str, tuple[Answer, str]] = {
    "external entity": (says(b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + RDF % b"&x;", XML), "dtd"),
    "billion laughs": (says(LAUGHS + RDF % b"<a:x>&a9;</a:x>", XML), "dtd"),
    "quadratic entity": (says(QUADRATIC, XML), "dtd"),
    "parameter entity": (says(PARAMETER, XML), "dtd"),
    "laughs in another encoding": (says((LAUGHS + RDF % b"").decode().encode("utf-16"), XML), "dtd"),
    "deep elements": (says(RDF % (b"<a:D><a:p>" * 60_000 + b"</a:p></a:D>" * 60_000), XML), "too_costly"),
    "deep objects": (says(b'{"@id": "x:a", "x:b": ' * 100_000 + b"1" + b"}" * 100_000, JSON), "malformed"),
    "deep statements": (
        says(b"<x:a> <x:b> " + b"<<( <x:a> <x:b> " * 100_000 + b"<x:c>" + b" )>>" * 100_000 + b" .", NT),
        "parser_died",
    ),
    "long prefix": (
        says(b"@prefix a: <https://a.example.org/" + b"a" * 50_000 + b"> .\n" + b"a:b a:c a:d, a:e .\n" * 2000),
        "too_large",
    ),
    "garbage": (says(GARBAGE[:3_900_000]), "malformed"),
    "garbage as XML": (says(GARBAGE[:3_900_000], XML), "malformed"),
    "garbage as JSON": (says(GARBAGE[:3_900_000], JSON), "malformed"),
    "endless headers": (says_head(OK, b"X-A: b\r\n", 0.05), "timeout"),
    "endless drip": (says_head(OK + b"\r\n", b"#", 0.05), "timeout"),
    "endless pour": (says_head(OK + b"\r\n", b"#" * 65536, 0), "too_large"),
    "a context in a file": (context("file:///etc/passwd"), "remote_context"),
    "a context inside": (context("http://127.0.0.2/"), "remote_context"),
}


@pytest.fixture
def inside() -> Iterator[Server]:
    """A server that members must not lead us to."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            seen.append(self.path)
            answer(self, FEED, TURTLE)

    with ThreadingHTTPServer(("127.0.0.2", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield Server(f"http://127.0.0.2:{running.server_port}", seen=seen)
        running.shutdown()
    assert seen == []


@pytest.mark.usefixtures("registry")
@pytest.mark.ckan_config("ckanext.citizendata.harvest_networks", ["127.0.0.1/32"])
@pytest.mark.ckan_config("ckanext.citizendata.harvest_page_bytes", 4_000_000)
@pytest.mark.ckan_config("ckanext.citizendata.harvest_page_seconds", 8)
@pytest.mark.ckan_config("ckanext.citizendata.harvest_parser_seconds", 5)
class TestHostile:
    def test_each_is_refused_by_name_and_costs_nobody_else(
        self, server: Server, member: Callable[..., str], harvest: Callable[[str], Report]
    ) -> None:
        """The healthy member is harvested after each, with something new each time."""
        bad = member("kenya", server.serve("/c.ttl", FEED, TURTLE), prefixes=["https://node.example.org/"])
        good = member("ghana", server.serve("/good.ttl", b"", TURTLE), prefixes=["https://ghana.example.org/"])
        harvest(bad)
        for number, (cause, (behaviour, code)) in enumerate(CAUSES.items()):
            before = everything_written()
            server.answer("/c.ttl", behaviour)
            report = harvest(bad)
            assert report.state == "failed", cause
            assert f"({code})]. Nothing was changed" in str(report.reason), f"{cause}: {report.reason}"
            assert str(report.reason).startswith(f"Kenya can't be harvested: {server.address}/c.ttl"), cause
            assert everything_written() == before, cause
            server.turtle("/good.ttl", CATALOGUE + dataset(B, f"Rivers {number}"))
            assert outcomes(harvest(good)) == {B: "changed" if number else "added"}, cause
        server.serve("/c.ttl", FEED, TURTLE)
        assert outcomes(harvest(bad)) == {A: "unchanged"}
        assert titles() == [f"Rivers {len(CAUSES) - 1}", "Water"]

    def test_none_leads_us_inside(
        self, server: Server, inside: Server, member: Callable[..., str], harvest: Callable[[str], Report]
    ) -> None:
        """By its own address, a redirect, or a next page."""
        port = inside.address.rpartition(":")[2]
        hosts = ("127.0.0.2", "127.2", "2130706434", "0x7f000002", "0177.0.0.2", "[::ffff:127.0.0.2]")

        def reason(name: str, url: str) -> str:
            return str(harvest(member(name, url, prefixes=[f"https://{name}.example.org/"])).reason)

        for number, host in enumerate(hosts):
            assert "[rejected(ssrf)]" in reason(f"inside{number}", f"http://{host}:{port}/c.ttl"), host

        def moved(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", f"{inside.address}/c.ttl")
            handler.end_headers()

        assert "[failed(redirect)]" in reason("moved", server.answer("/moved.ttl", moved))
        linked = server.turtle("/linked.ttl", CATALOGUE + dataset(A, "Water") + f"<> hydra:next <{inside.address}/2> .")
        assert "[rejected(pagination_origin)]" in reason("linked", linked)
        url = server.turtle("/good.ttl", CATALOGUE + dataset(B, "Rivers"))
        assert outcomes(harvest(member("ghana", url, prefixes=["https://ghana.example.org/"]))) == {B: "added"}
