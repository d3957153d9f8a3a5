"""One guarded HTTP client for all that comes from other people's servers."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.structures import CaseInsensitiveDict
from requests.utils import requote_uri

from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.body import received
from ckanext.citizendata.federation.connection import Clock, GuardedAdapter
from ckanext.citizendata.federation.errors import SourceGone, SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.gate import AddressRefused, Gate
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.retry import PASSING_STATUS, MayPass, asked_pause, persistent

__all__ = ["Answer", "Fetcher", "Limits", "origin"]

ACCEPT = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.7, */*;q=0.1"
CHUNK = 64 * 1024
NOT_MODIFIED, GONE = 304, (404, 410)
REDIRECTS = (301, 302, 303, 307, 308)
# Text compresses 5 to 30 times; what unpacks further is made to fill memory. Small files may do better than that.
MAX_RATIO = 100
RATIO_FROM = 1024 * 1024
# Where programs disagree on what an address means: some drop control characters, some take a backslash for a slash.
AMBIGUOUS = re.compile(r"[\x00-\x1f\x7f\\]")
ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{1,200}"')
# What requests and urllib3 were seen to raise on servers and addresses of strangers.
FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError)


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an http(s) address.

    Raises `SourceMalformed` for anything else, and for an address with a password in it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise SourceMalformed(url, f"this is not an address: {error}", code="address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceMalformed(url, "only addresses that begin with http:// or https:// are read", code="address")
    if parts.username is not None or parts.password is not None:
        known = f"{parts.scheme}://{parts.hostname}"
        raise SourceMalformed(known, "an address with a user name or password in it is not read", code="address")
    if AMBIGUOUS.search(url):
        reason = f"the address holds a backslash or a control character: {url!r}"
        raise SourceMalformed(f"{parts.scheme}://{parts.hostname}", reason, code="address")
    return parts.scheme, parts.hostname.lower(), port


class _Session(requests.Session):
    """Leaves redirects alone: `requests` reads and unpacks the whole body of each, even if it isn't to follow it."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        """Nowhere."""


class _Unchanged(Exception):  # noqa: N818 - an answer of the server, not an error
    """The page is still what it was."""


class Fetcher:
    """Reads pages within limits, from where the gate allows; use as a context manager."""

    def __init__(self, limits: Limits, agent: str, gate: Gate) -> None:
        self.limits = limits
        self._clock = Clock(limits.idle)
        self._session = _Session()
        # Neither ~/.netrc nor proxies of the environment: what is read depends on the member's address alone.
        self._session.trust_env = False
        self._session.headers = CaseInsensitiveDict({"Accept": ACCEPT, "Accept-Encoding": "gzip", "User-Agent": agent})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, GuardedAdapter(gate, self._clock))

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(self, url: str) -> Answer:
        """The page at `url`, tried again where that may help.

        Raises `SourceUnreachable` or `SourceMalformed` with what to do about it.
        """
        return self._persistent(url, {})

    def get_changed(self, url: str, etag: str) -> Answer | None:
        """The same, None where the server says that it is still the version with this ETag (RFC 9110 §13.1.2)."""
        try:
            return self._persistent(url, {"If-None-Match": etag} if etag else {})
        except _Unchanged:
            return None

    def _persistent(self, url: str, headers: Mapping[str, str]) -> Answer:
        self._clock.set(self.limits.total)
        return persistent(lambda: self._got(url, headers), self.limits, self._clock)

    def _got(self, url: str, headers: Mapping[str, str]) -> Answer:
        for _ in range(self.limits.redirects + 1):
            origin(url)
            url = requote_uri(url)
            response = self._opened(url, headers)
            with closing(response):
                if response.status_code == NOT_MODIFIED and headers:
                    raise _Unchanged
                if response.status_code not in REDIRECTS:
                    return self._answer(response, url)
                url = _redirected(url, response.headers.get("Location", ""))
        reason = f"redirects more than {self.limits.redirects} times"
        raise SourceUnreachable(url, reason, "Set the member's final address", "redirect")

    def _opened(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        left = max(0.1, self._clock.left)
        timeout = (min(self.limits.connect, left), min(self.limits.idle, left))
        try:
            return self._session.get(url, headers=headers, stream=True, allow_redirects=False, timeout=timeout)
        except AddressRefused as error:
            raise SourceMalformed(url, str(error), code="ssrf") from error
        except FAILURES as error:
            raise _failed(url, error) from error

    def _answer(self, response: requests.Response, url: str) -> Answer:
        if response.status_code != 200:
            raise _refused(response, url)
        framed, content_type = _is_framed(response), response.headers.get("Content-Type", "")
        etag = _etag(response)
        try:
            body = received(self._chunks(response, url), self.limits.held_bytes)
        except FAILURES as error:
            raise self._broken_off(url, error) from error
        if isinstance(body, bytes):
            return Answer(url, content_type, body, framed, etag=etag)
        return Answer(url, content_type, b"", framed, body, etag)

    def _chunks(self, response: requests.Response, url: str) -> Iterator[bytes]:
        unpacked = 0
        for chunk in _unpacked(response, url):
            unpacked += len(chunk)
            if unpacked > self.limits.page_bytes:
                reason = f"the page is larger than {self.limits.page_bytes} bytes; ask for a feed in pages"
                raise SourceMalformed(url, reason, code="too_large")
            if not self._clock.left:
                raise TimeoutError("the time of the page is over")
            yield chunk

    def _broken_off(self, url: str, error: Exception) -> SourceUnreachable:
        if not self._clock.left:
            reason = f"took longer than {self.limits.total:g} seconds"
            return SourceUnreachable(url, reason, "Try again, or ask for smaller pages", "timeout")
        return _failed(url, error)


def _refused(response: requests.Response, url: str) -> SourceUnreachable:
    reason = f"answers {response.status_code} {response.reason or ''}".strip()
    if response.status_code in PASSING_STATUS:
        advice = "Its server is busy or being mended: try again later"
        return MayPass(url, reason, advice, "busy", asked_pause(response.raw))
    advice = "Open the address in a browser, or ask the catalogue's people"
    if response.status_code in GONE:
        return SourceGone(url, reason, advice, "status")
    return SourceUnreachable(url, reason, advice, "status")


def _etag(response: requests.Response) -> str:
    """The name of this version (RFC 9110 §8.8.3), "" for what is none or too long to be kept."""
    found = response.headers.get("ETag", "").strip()
    return found if ETAG.fullmatch(found) else ""


def _is_framed(response: requests.Response) -> bool:
    """Whether the end of the body can be told from a connection that broke off (RFC 9112 §6.3); before it is read.

    Chunked as `http.client` understands it, which reads any other transfer coding to the end of the connection.
    """
    chunked = response.headers.get("Transfer-Encoding", "").lower() == "chunked"
    return chunked or response.raw.length_remaining is not None


def _unpacked(response: requests.Response, url: str) -> Iterator[bytes]:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower() or "identity"
    if encoding not in ("gzip", "x-gzip", "identity"):
        reason = f"the answer is packed as {encoding}, though only gzip was offered"
        raise SourceMalformed(url, reason, code="encoding")
    # read1 hands over what has arrived, so that a slow server can't hold a whole chunk back past the deadline.
    packed = iter(lambda: response.raw.read1(CHUNK, decode_content=False), b"")
    return packed if encoding == "identity" else _gunzipped(packed, url)


def _gunzipped(packed: Iterator[bytes], url: str) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    read = given = 0
    for chunk in packed:
        read += len(chunk)
        pending = chunk
        while pending:
            if unpacker.eof:
                # RFC 1952 §2.2: a file is a series of members; some servers pad the last one with zeros.
                pending = pending.lstrip(b"\0")
                unpacker = zlib.decompressobj(wbits=31) if pending else unpacker
                continue
            try:
                text = unpacker.decompress(pending, CHUNK * 4)
            except zlib.error as error:
                reason = f"the answer claims to be gzip and isn't: {error}"
                raise SourceMalformed(url, reason, code="encoding") from error
            pending = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            given += len(text)
            if given > RATIO_FROM and given > read * MAX_RATIO:
                reason = f"the answer unpacks to more than {MAX_RATIO} times its size"
                raise SourceMalformed(url, reason, code="too_large")
            yield text
    if not unpacker.eof:
        raise MayPass(url, "broke off in the middle of its answer", "Try again later", "broken_off")


def _redirected(url: str, location: str) -> str:
    try:
        target = urljoin(url, location)
    except ValueError as error:
        raise SourceMalformed(url, f"it redirects to what is no address: {location!r}", code="address") from error
    try:
        here, there = origin(url), origin(target)
    except SourceMalformed as error:
        raise SourceMalformed(url, f"it redirects to {error.sentence}", code="address") from error
    upgraded = here[0] == "http" and there[0] == "https" and (here[2], there[2]) == (80, 443)
    if here[1] != there[1] or not (upgraded or here == there):
        advice = "If that is right, set it as the member's address"
        raise SourceUnreachable(url, f"redirects to another server, {target}", advice, "redirect")
    return target


def _failed(url: str, error: Exception) -> SourceUnreachable:
    slow = (requests.ConnectTimeout, requests.ReadTimeout, urllib3.exceptions.TimeoutError, TimeoutError)
    if isinstance(error, slow):
        return MayPass(url, "did not answer in time", "Try again later, or ask the catalogue's people", "timeout")
    if isinstance(error, (urllib3.exceptions.ProtocolError, requests.exceptions.ChunkedEncodingError)):
        return MayPass(url, "broke off in the middle of its answer", "Try again later", "broken_off")
    if isinstance(error, requests.exceptions.SSLError):
        advice = "Ask the catalogue's people to renew it"
        return SourceUnreachable(url, "has a certificate that isn't valid", advice, "certificate")
    return MayPass(url, "can't be reached", "Check the address, and whether the catalogue is running", "unreachable")
