"""Fetching from servers that mean no good, and from some that do."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest

from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.connection import Clock, GuardedAdapter
from ckanext.citizendata.federation.errors import SourceGone, SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.fetch import Fetcher, origin
from ckanext.citizendata.federation.gate import Gate, Resolve, resolved
from ckanext.citizendata.federation.limits import Limits

from .servers import Listener, Talk, accepting, listening, says, sends

# Open is one address of this machine; 127.0.0.2 stands for what is inside.
OPEN = (ip_network("127.0.0.1/32"),)
LIMITS = Limits(connect=1, idle=0.5, total=3, page_bytes=100_000, tries=3, pause=0.01, longest_pause=2)


def fetched(url: str, limits: Limits = LIMITS, resolve: Resolve = resolved) -> Answer:
    with Fetcher(limits, "test", Gate(OPEN, resolve=resolve)) as fetcher:
        return fetcher.get(url)


def refused(url: str, limits: Limits = LIMITS, resolve: Resolve = resolved) -> tuple[str, str]:
    """The outcome of a fetch that fails, and what is said of it."""
    with pytest.raises((SourceMalformed, SourceUnreachable)) as caught:
        fetched(url, limits, resolve)
    assert isinstance(caught.value, (SourceMalformed, SourceUnreachable))
    return caught.value.outcome, caught.value.sentence


def knows(*answers: Sequence[str]) -> Resolve:
    """A resolver that has one answer for each question, the last one for all that follow."""
    given = iter(answers)
    last = [answers[-1]]

    def resolve(_host: str, _port: int) -> Sequence[str]:
        last[0] = next(given, last[0])
        return last[0]

    return resolve


@pytest.fixture
def canary() -> Iterator[Listener]:
    """A server inside, which nobody may reach."""
    with listening(says("200 OK", b"secret"), host="127.0.0.2") as listener:
        yield listener
        assert listener.accepted == 0


class TestInside:
    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.2",
            "127.2",
            "2130706434",
            "0x7f000002",
            "0x7f.0.0.2",
            "0177.0.0.2",
            "127.0.0.2.",
            "[::ffff:127.0.0.2]",
            "[::127.0.0.2]",
            "[64:ff9b::7f00:2]",
            "①②⑦.⓪.⓪.②",
            "127。0。0。2",
            "127%2e0%2e0%2e2",
            "127.0.0.2%00",
            "127.0.0.2#@example.org",
            "127.0.0.2?@example.org",
        ],
    )
    def test_is_never_reached_however_it_is_written(self, canary: Listener, host: str) -> None:
        """With the port behind the host, where the writing leaves room for one."""
        at = next((host.index(sign) for sign in "#?" if sign in host), len(host))
        outcome, _ = refused(f"http://{host[:at]}:{canary.port}{host[at:]}")
        assert outcome in ("rejected(ssrf)", "failed(unreachable)"), outcome

    def test_a_name_that_leads_inside_is_refused(self, canary: Listener) -> None:
        """Whatever the name."""
        outcome, sentence = refused(f"http://data.example.org:{canary.port}/c", resolve=knows(["127.0.0.2"]))
        assert outcome == "rejected(ssrf)"
        assert "data.example.org leads into a private or reserved network" in sentence

    def test_a_name_is_looked_up_once_and_that_very_address_connected_to(self, canary: Listener) -> None:
        """Between the check and the connection nobody can exchange one for the other."""
        rebinding = knows(["127.0.0.1"], ["127.0.0.2"])
        with listening(says("200 OK", b"fine"), port=canary.port) as server:
            assert fetched(f"http://data.example.org:{server.port}/c", resolve=rebinding).body == b"fine"

    def test_a_name_that_changes_before_a_redirect_is_checked_again(self, canary: Listener) -> None:
        """Every connection is."""
        rebinding = knows(["127.0.0.1"], ["127.0.0.2"])
        with listening(says("302 Found", Location="/secret"), port=canary.port) as server:
            outcome, _ = refused(f"http://data.example.org:{server.port}/c", resolve=rebinding)
        assert outcome == "rejected(ssrf)"

    @pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
    def test_no_redirect_leads_there(self, canary: Listener, status: str) -> None:
        """Nor to any other server."""
        with listening(says(status, Location=f"http://127.0.0.2:{canary.port}/")) as server:
            assert refused(f"http://127.0.0.1:{server.port}/c")[0] == "failed(redirect)"

    @pytest.mark.parametrize(
        "location", ["file:///etc/passwd", "gopher://127.0.0.2/", "http://u:p@127.0.0.1/", "http://["]
    )
    def test_no_redirect_leads_to_other_schemes_or_with_a_password(self, location: str) -> None:
        """Only http(s) is read."""
        with listening(says("302 Found", Location=location)) as server:
            assert refused(f"http://127.0.0.1:{server.port}/c")[0] == "rejected(address)"

    def test_an_address_that_does_not_answer_is_passed_over(self) -> None:
        """As browsers do, when one of several addresses is down."""
        with listening(says("200 OK", b"fine")) as server:
            both = Gate((ip_network("127.0.0.0/8"),), resolve=knows(["127.0.0.9", "127.0.0.1"]))
            with Fetcher(LIMITS, "test", both) as fetcher:
                assert fetcher.get(f"http://data.example.org:{server.port}/c").body == b"fine"

    @pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
    def test_proxies_of_the_environment_are_not_asked(
        self, canary: Listener, monkeypatch: pytest.MonkeyPatch, variable: str
    ) -> None:
        """They would connect by themselves, to what nobody checked."""
        monkeypatch.setenv(variable, f"http://127.0.0.2:{canary.port}")
        with listening(says("200 OK", b"fine")) as server:
            assert fetched(f"http://127.0.0.1:{server.port}/c").body == b"fine"

    def test_a_proxy_is_refused(self) -> None:
        """Should one be set all the same."""
        with pytest.raises(ValueError, match="don't go through a proxy"):
            GuardedAdapter(Gate(), Clock(1)).proxy_manager_for("http://127.0.0.2:1")


class TestAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "/etc/passwd",
            "ftp://data.example.org/",
            "http:///c",
            "http://data.example.org:99999/",
            "http://user:secret@data.example.org/",
            "http://user@data.example.org/",
            "http://@data.example.org/",
            "http://127.0.0.2\\@data.example.org/",
            "http://data.example.org\\@127.0.0.2/",
            "http://data.example.org/\r\nHost: 127.0.0.2",
            "http://[::1",
        ],
    )
    def test_that_programs_may_read_differently_is_refused(self, url: str) -> None:
        """And what isn't http(s); passwords aren't repeated."""
        with pytest.raises(SourceMalformed) as caught:
            origin(url)
        assert caught.value.outcome == "rejected(address)"
        assert "secret" not in str(caught.value)


def drips(start: bytes, drop: bytes, seconds: float = 0.05) -> Talk:
    """Send a drop at a time, as long as somebody listens."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            time.sleep(seconds)
            connection.sendall(drop)

    return talk


def pours(start: bytes, chunk: bytes) -> Talk:
    """Send as much as somebody takes."""
    return drips(start, chunk, 0)


OK = b"HTTP/1.1 200 OK\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\n\r\n"
BOMB = gzip.compress(bytes(50_000_000))


class TestSlowAndLarge:
    @pytest.mark.parametrize(
        "talk",
        [
            drips(OK, b"X"),
            drips(OK, b"X-Slow: yes\r\n"),
            drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            drips(OK + b"\r\n", b"#"),
            drips(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n#\r\n"),
            drips(OK + b"Transfer-Encoding: chunked\r\n\r\n1", b";x"),
        ],
        ids=["status", "headers", "continue", "body", "chunks", "chunk head"],
    )
    def test_one_byte_at_a_time_ends_with_the_time_of_the_page(self, talk: Talk) -> None:
        """In headers as in the body; each byte comes in time, all of them never."""
        began = time.monotonic()
        with listening(talk) as server:
            outcome, _ = refused(f"http://127.0.0.1:{server.port}/", Limits(idle=0.5, total=1, pause=0.01))
        assert outcome == "failed(timeout)"
        assert time.monotonic() - began < 2

    def test_silence_ends_sooner(self) -> None:
        """And is tried again."""
        with listening(lambda _: time.sleep(2)) as server:
            outcome, sentence = refused(f"http://127.0.0.1:{server.port}/", Limits(idle=0.2, total=5, tries=2))
        assert outcome == "failed(timeout)"
        assert "did not answer in time (tried 2 times in 0 seconds)" in sentence

    @pytest.mark.parametrize(
        "talk",
        [
            pours(OK + b"\r\n", b"#" * 65536),
            pours(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"2\r\n##\r\n" * 5000),
            pours(GZIP, gzip.compress(b"0123456789" * 50)),
            sends(GZIP + BOMB),
            sends(GZIP + gzip.compress(b"# ") + BOMB),
        ],
        ids=["endless", "small chunks", "endless gzip", "bomb", "second bomb"],
    )
    def test_too_much_is_not_kept(self, talk: Talk) -> None:
        """However it is packed."""
        with listening(talk) as server:
            assert refused(f"http://127.0.0.1:{server.port}/")[0] == "rejected(too_large)"

    @pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate", "zstd", "compress"])
    def test_other_packings_are_refused(self, encoding: str) -> None:
        """None was offered."""
        with listening(says("200 OK", b"x", Content_Encoding=encoding)) as server:
            assert refused(f"http://127.0.0.1:{server.port}/")[0] == "rejected(encoding)"

    @pytest.mark.parametrize("packing", [b"", b"Content-Encoding: gzip\r\n"])
    def test_the_body_of_a_redirect_is_not_read(self, packing: bytes) -> None:
        """Though it never ends."""
        head = b"HTTP/1.1 302 Found\r\nLocation: /c\r\n" + packing + b"\r\n"
        began = time.monotonic()
        with listening(pours(head, BOMB), says("200 OK", b"fine")) as server:
            assert fetched(f"http://127.0.0.1:{server.port}/").body == b"fine"
        assert time.monotonic() - began < 1

    @pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"\0" * 100, b"HTTP/1.1 200\r\n" + b"a" * 100_000])
    def test_what_is_no_http_breaks_off(self, answer: bytes) -> None:
        """And harms nobody."""
        with listening(sends(answer)) as server:
            assert refused(f"http://127.0.0.1:{server.port}/")[0] in ("failed(broken_off)", "failed(unreachable)")


class TestEncrypted:
    def test_the_name_is_asked_for_and_its_certificate_checked(self) -> None:
        """Though the connection goes to an address."""
        asked: list[str | None] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(Path(__file__).with_name("certificate.pem"))
        context.sni_callback = lambda _socket, name, _context: asked.append(name)

        def shake(connection: socket.socket) -> None:
            context.wrap_socket(connection, server_side=True)

        with accepting(shake) as server:
            url = f"https://data.example.org:{server.port}/c"
            outcome, _ = refused(url, resolve=knows(["127.0.0.1"], ["127.0.0.2"]))
        assert outcome == "failed(certificate)"
        assert asked == ["data.example.org"]


class TestRetry:
    @pytest.mark.parametrize("status", ["429 Slow down", "502 Bad", "503 Down", "504 Late"])
    def test_what_passes_is_tried_again(self, status: str) -> None:
        """Twice it says no."""
        with listening(says(status), says(status), says("200 OK", b"fine")) as server:
            assert fetched(f"http://127.0.0.1:{server.port}/c").body == b"fine"
            assert server.accepted == 3

    def test_a_body_that_broke_off_is_read_anew(self) -> None:
        """From its start."""
        with listening(sends(OK + b"Content-Length: 9\r\n\r\nhal"), says("200 OK", b"all of it")) as server:
            assert fetched(f"http://127.0.0.1:{server.port}/c").body == b"all of it"

    @pytest.mark.parametrize("status", ["400 Bad", "401 Who", "403 No", "404 None", "410 Gone", "500 Error", "501 How"])
    def test_what_stays_is_not(self, status: str) -> None:
        """One question is enough."""
        with listening(says(status)) as server:
            assert refused(f"http://127.0.0.1:{server.port}/c")[0] == "failed(status)"
            assert server.accepted == 1

    def test_is_told(self) -> None:
        """How often, and for how long."""
        with listening(says("503 Down")) as server:
            outcome, sentence = refused(f"http://127.0.0.1:{server.port}/c")
        assert outcome == "failed(busy)"
        assert "answers 503 Down (tried 3 times in 0 seconds). Its server is busy" in sentence

    def test_waits_as_long_as_it_is_asked_to(self) -> None:
        """By Retry-After in seconds."""
        began = time.monotonic()
        with listening(says("429 Slow", Retry_After="1"), says("200 OK", b"fine")) as server:
            assert fetched(f"http://127.0.0.1:{server.port}/c").body == b"fine"
        assert time.monotonic() - began >= 1

    @pytest.mark.parametrize("asked", ["3600", "Fri, 31 Dec 9999 23:59:59 GMT", "9" * 4000])
    def test_does_not_wait_longer_than_it_may(self, asked: str) -> None:
        """Nor asks again before: the next run will."""
        began = time.monotonic()
        with listening(says("503 Down", Retry_After=asked)) as server:
            outcome, sentence = refused(f"http://127.0.0.1:{server.port}/c")
            assert server.accepted == 1
        assert outcome == "failed(busy)"
        assert "asks to wait for" in sentence
        assert time.monotonic() - began < 1

    @pytest.mark.parametrize("asked", ["soon", "-5", "", "9" * 5000])
    def test_an_odd_wish_is_none(self, asked: str) -> None:
        """The usual pause then."""
        with listening(says("503 Down", Retry_After=asked), says("200 OK", b"fine")) as server:
            assert fetched(f"http://127.0.0.1:{server.port}/c").body == b"fine"

    def test_all_tries_together_have_the_time_of_one_page(self) -> None:
        """However many are left."""
        began = time.monotonic()
        with listening(says("503 Down", Retry_After="1")) as server:
            refused(f"http://127.0.0.1:{server.port}/c", Limits(total=1.5, tries=100))
        assert time.monotonic() - began < 2.5


class TestChanged:
    def test_is_nothing_where_the_server_says_so(self) -> None:
        """Asked by the name that it gave; a 304 that nobody asked for is no answer."""
        first = says("200 OK", b"fine", ETag='"a"')
        with listening(first, says("304 Not Modified")) as server, Fetcher(LIMITS, "test", Gate(OPEN)) as fetcher:
            url = f"http://127.0.0.1:{server.port}/"
            assert fetcher.get_changed(url, "") == Answer(url, "", b"fine", etag='"a"')
            assert fetcher.get_changed(url, '"a"') is None
            assert refused(url)[0] == "failed(status)"

    @pytest.mark.parametrize("name", ["a", '"' + "a" * 300 + '"', '"\xe9"', '"a" "b"'])
    def test_needs_a_name_that_is_one(self, name: str) -> None:
        """Others are kept nowhere, and sent to nobody."""
        with listening(says("200 OK", b"fine", ETag=name)) as server:
            assert fetched(f"http://127.0.0.1:{server.port}/").etag == ""

    @pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
    def test_tells_what_is_gone(self, status: str) -> None:
        """From a server that has another trouble."""
        with listening(says(status)) as server, pytest.raises(SourceGone, match=f"answers {status}"):
            fetched(f"http://127.0.0.1:{server.port}/")
