"""Files over HTTP: encodings, parts, and what is known already."""

from __future__ import annotations

import gzip
from datetime import datetime, timezone
from wsgiref.util import FileWrapper

import pytest

from ckanext.citizendata.feeds.sending import Body, Refusal, Sendable, refused, reply_to

MODIFIED = datetime(2026, 5, 1, 12, 30, tzinfo=timezone.utc)
TEXT = b"0123456789"
AT = "Fri, 01 May 2026 12:30:00 GMT"
BEFORE, AFTER = "Fri, 01 May 2026 12:29:59 GMT", "Fri, 01 May 2026 12:30:01 GMT"


@pytest.fixture
def thing(tmp_path):
    """Ten bytes in three parts, one of them a file; packed as one file."""
    (tmp_path / "middle").write_bytes(TEXT[2:7])
    (tmp_path / "packed").write_bytes(gzip.compress(TEXT))
    return Sendable(
        plain=Body.of(TEXT[:2], tmp_path / "middle", TEXT[7:]),
        packed=Body.of(tmp_path / "packed"),
        content_type="text/plain",
        tag="t",
        modified=MODIFIED,
        cache="public, max-age=0, must-revalidate",
        links=['<https://x.example.org/>; rel="collection"'],
    )


def asked(thing, method="GET", **headers):
    """Status, headers and body of an answer."""
    environ = {"REQUEST_METHOD": method, **{f"HTTP_{name.upper()}": value for name, value in headers.items()}}
    reply = reply_to(environ, thing)
    body = b"".join(reply.body)
    if hasattr(reply.body, "close"):
        reply.body.close()
    return reply.status, dict(reply.headers), body


class TestWhole:
    def test_plain(self, thing):
        """All of it, with its name, its date, and who may read it from where."""
        status, headers, body = asked(thing)
        assert (status, body) == (200, TEXT)
        assert headers["ETag"] == '"t"'
        assert headers["Last-Modified"] == AT
        assert headers["Content-Length"] == "10"
        assert headers["Vary"] == "Accept-Encoding"
        assert headers["Link"] == '<https://x.example.org/>; rel="collection"'
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in headers["Access-Control-Expose-Headers"]

    def test_head(self, thing):
        """HEAD says the same without a body, whatever part is asked for."""
        status, headers, body = asked(thing, "HEAD", range="bytes=0-3")
        assert (status, headers["Content-Length"], body) == (200, "10", b"")

    @pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "x-gzip", "*", "identity;q=0, GZIP ; q=1"])
    def test_packed(self, thing, accepted):
        """Whoever unpacks gzip gets it packed, under a name of its own."""
        status, headers, body = asked(thing, accept_encoding=accepted)
        assert (status, gzip.decompress(body)) == (200, TEXT)
        assert headers["Content-Encoding"] == "gzip"
        assert headers["ETag"] == '"t-gzip"'

    @pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip;q=0.000, br", "*;q=0", "gzip;q=0, *", "notgzip"])
    def test_not_packed(self, thing, accepted):
        """Whoever doesn't, doesn't."""
        assert "Content-Encoding" not in asked(thing, accept_encoding=accepted)[1]

    def test_wrapper(self, thing):
        """A single file is left to the server's own wrapper."""
        environ = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "gzip", "wsgi.file_wrapper": FileWrapper}
        body = reply_to(environ, thing).body
        assert isinstance(body, FileWrapper)
        assert gzip.decompress(b"".join(body)) == TEXT
        body.close()

    def test_closed_feed(self, thing):
        """What isn't open is for no other site's page, and varies by who asks."""
        mine = Sendable(thing.plain, "text/plain", "t", MODIFIED, "private", is_open=False)
        headers = asked(mine)[1]
        assert "Access-Control-Allow-Origin" not in headers
        assert headers["Vary"] == "Accept-Encoding, Authorization"

    def test_gone(self, thing, tmp_path):
        """A file that goes meanwhile is an error before anything was sent."""
        (tmp_path / "middle").unlink()
        with pytest.raises(FileNotFoundError):
            asked(thing)


class TestConditions:
    @pytest.mark.parametrize(
        "headers",
        [
            {"if_none_match": '"t"'},
            {"if_none_match": 'W/"t"'},
            {"if_none_match": '"x", "t"'},
            {"if_none_match": "*"},
            {"if_modified_since": AT},
            {"if_modified_since": AFTER},
            {"if_none_match": '"t-gzip"', "accept_encoding": "gzip"},
        ],
    )
    def test_known(self, thing, headers):
        """Whoever has it already gets 304, with the headers that go with it."""
        status, told, body = asked(thing, **headers)
        assert (status, body) == (304, b"")
        assert told["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert told["Vary"] == "Accept-Encoding"
        assert "Content-Length" not in told

    @pytest.mark.parametrize(
        "headers",
        [
            {"if_none_match": '"x"'},
            {"if_none_match": '"x"', "if_modified_since": AFTER},
            {"if_modified_since": BEFORE},
            {"if_modified_since": "yesterday"},
        ],
    )
    def test_unknown(self, thing, headers):
        """Whoever has another state gets all of it; a name goes before a date."""
        assert asked(thing, **headers)[0] == 200

    def test_precondition(self, thing):
        """Whoever wants another state alone gets nothing."""
        assert asked(thing, if_match='"x"')[0] == 412


class TestRanges:
    @pytest.mark.parametrize(
        ("wanted", "told", "body"),
        [
            ("bytes=0-0", "bytes 0-0/10", b"0"),
            ("bytes=1-2", "bytes 1-2/10", b"12"),
            ("bytes=1-8", "bytes 1-8/10", b"12345678"),
            ("bytes=3-4", "bytes 3-4/10", b"34"),
            ("bytes=8-", "bytes 8-9/10", b"89"),
            ("bytes=-3", "bytes 7-9/10", b"789"),
            ("bytes=-30", "bytes 0-9/10", TEXT),
            ("bytes=5-99", "bytes 5-9/10", b"56789"),
            ("BYTES = 5 - 6", "bytes 5-6/10", b"56"),
        ],
    )
    def test_part(self, thing, wanted, told, body):
        """One part, whichever of the pieces it lies in."""
        status, headers, found = asked(thing, range=wanted)
        assert (status, headers["Content-Range"], found) == (206, told, body)
        assert headers["Content-Length"] == str(len(body))

    @pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=99-100", "bytes=-0"])
    def test_unsatisfiable(self, thing, wanted):
        """A part that isn't there is refused with how much there is, and a sentence."""
        status, headers, body = asked(thing, range=wanted)
        assert (status, headers["Content-Range"]) == (416, "bytes */10")
        assert b"10 bytes" in body

    @pytest.mark.parametrize(
        "wanted", ["bytes=0-1,4-5", "items=0-1", "bytes=5-2", "bytes=-", "bytes=x-y", "bytes", "bytes=٣-"]
    )
    def test_ignored(self, thing, wanted):
        """Several parts, other units and what is no range are answered with all of it."""
        assert asked(thing, range=wanted)[::2] == (200, TEXT)

    def test_packed_part(self, thing):
        """A part of what is sent: of the packed file, where that is."""
        whole = asked(thing, accept_encoding="gzip")[2]
        status, headers, found = asked(thing, accept_encoding="gzip", range="bytes=2-5")
        assert (status, found) == (206, whole[2:6])
        assert headers["Content-Encoding"] == "gzip"

    @pytest.mark.parametrize("state", ['"t"', AT])
    def test_if_range(self, thing, state):
        """Whoever has a part of this state gets another."""
        assert asked(thing, range="bytes=1-2", if_range=state)[0] == 206

    @pytest.mark.parametrize("state", ['"x"', 'W/"t"', BEFORE, "nonsense"])
    def test_other_state(self, thing, state):
        """Whoever has a part of another state gets all of it."""
        assert asked(thing, range="bytes=1-2", if_range=state)[0] == 200


def test_refused():
    """A refusal is a sentence, which nobody keeps."""
    refusal = Refusal(410, "It is gone.", ['<https://x.example.org/manifest>; rel="latest-version"'])
    reply = refused(refusal, {"REQUEST_METHOD": "GET"})
    headers = dict(reply.headers)
    assert (reply.line, b"".join(reply.body)) == ("410 Gone", b"It is gone.\n")
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert refused(refusal, {"REQUEST_METHOD": "HEAD"}).body == []
