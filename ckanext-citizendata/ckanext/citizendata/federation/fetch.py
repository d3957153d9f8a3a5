"""One guarded HTTP client for all that comes from other people's servers."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.structures import CaseInsensitiveDict

from ckanext.citizendata.federation.errors import SourceMalformed, SourceUnreachable

__all__ = ["Answer", "Fetcher", "Limits", "origin"]

ACCEPT = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.7, */*;q=0.1"
CHUNK = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)
# Text compresses 5 to 30 times; what unpacks further is made to fill memory. Small files may do better than that.
MAX_RATIO = 100
RATIO_FROM = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, between two bytes and for a whole page; bytes of a page when unpacked; pages of a feed."""

    connect: float = 5.0
    idle: float = 15.0
    total: float = 300.0
    page_bytes: int = 100 * 1024 * 1024
    pages: int = 10_000
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a page with the address where it was finally found."""

    url: str
    content_type: str
    body: bytes


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an http(s) address.

    Raises `SourceMalformed` for anything else, and for an address with a password in it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise SourceMalformed(url, f"this is not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceMalformed(url, "only addresses that begin with http:// or https:// are read")
    if parts.username or parts.password:
        raise SourceMalformed(
            f"{parts.scheme}://{parts.hostname}", "an address with a user name or password in it is not read"
        )
    return parts.scheme, parts.hostname.lower(), port


class Fetcher:
    """Reads pages within limits; use as a context manager."""

    def __init__(self, limits: Limits, agent: str) -> None:
        self.limits = limits
        self._session = requests.Session()
        # Neither ~/.netrc nor proxies of the environment: what is read depends on the member's address alone.
        self._session.trust_env = False
        self._session.headers = CaseInsensitiveDict({"Accept": ACCEPT, "Accept-Encoding": "gzip", "User-Agent": agent})

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(self, url: str) -> Answer:
        """The page at `url`.

        Raises `SourceUnreachable` or `SourceMalformed` with what to do about it.
        """
        deadline = time.monotonic() + self.limits.total
        for _ in range(self.limits.redirects + 1):
            origin(url)
            response = self._opened(url, deadline)
            with closing(response):
                if response.status_code not in REDIRECTS:
                    return self._answer(response, url, deadline)
                url = _redirected(url, response.headers.get("Location", ""))
        raise SourceUnreachable(
            url, f"redirects more than {self.limits.redirects} times", "Set the member's final address"
        )

    def _opened(self, url: str, deadline: float) -> requests.Response:
        left = max(0.1, deadline - time.monotonic())
        timeout = (min(self.limits.connect, left), min(self.limits.idle, left))
        try:
            return self._session.get(url, stream=True, allow_redirects=False, timeout=timeout)
        except requests.RequestException as error:
            raise _unreachable(url, error) from error

    def _answer(self, response: requests.Response, url: str, deadline: float) -> Answer:
        if response.status_code != 200:
            reason = f"answers {response.status_code} {response.reason or ''}".strip()
            raise SourceUnreachable(url, reason, "Open the address in a browser, or ask the catalogue's people")
        try:
            body = b"".join(self._chunks(response, url, deadline))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _unreachable(url, error) from error
        return Answer(url, response.headers.get("Content-Type", ""), body)

    def _chunks(self, response: requests.Response, url: str, deadline: float) -> Iterator[bytes]:
        unpacked = 0
        for chunk in _unpacked(response, url):
            unpacked += len(chunk)
            if unpacked > self.limits.page_bytes:
                raise SourceMalformed(
                    url, f"the page is larger than {self.limits.page_bytes} bytes; ask for a feed in pages"
                )
            if time.monotonic() > deadline:
                raise SourceUnreachable(
                    url, f"took longer than {self.limits.total:g} seconds", "Try again, or ask for smaller pages"
                )
            yield chunk


def _unpacked(response: requests.Response, url: str) -> Iterator[bytes]:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower() or "identity"
    if encoding not in ("gzip", "x-gzip", "identity"):
        raise SourceMalformed(url, f"the answer is packed as {encoding}, though only gzip was offered")
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
                raise SourceMalformed(url, f"the answer claims to be gzip and isn't: {error}") from error
            pending = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            given += len(text)
            if given > RATIO_FROM and given > read * MAX_RATIO:
                raise SourceMalformed(url, f"the answer unpacks to more than {MAX_RATIO} times its size")
            yield text
    if not unpacker.eof:
        raise SourceUnreachable(url, "broke off in the middle of its answer", "Try again later")


def _redirected(url: str, location: str) -> str:
    target = urljoin(url, location)
    try:
        here, there = origin(url), origin(target)
    except SourceMalformed as error:
        raise SourceMalformed(url, f"it redirects to {error}") from error
    upgraded = here[0] == "http" and there[0] == "https" and (here[2], there[2]) == (80, 443)
    if here[1] != there[1] or not (upgraded or here == there):
        advice = "If that is right, set it as the member's address"
        raise SourceUnreachable(url, f"redirects to another server, {target}", advice)
    return target


def _unreachable(url: str, error: Exception) -> SourceUnreachable:
    if isinstance(
        error, (requests.ConnectTimeout, requests.ReadTimeout, urllib3.exceptions.TimeoutError, TimeoutError)
    ):
        return SourceUnreachable(url, "did not answer in time", "Try again later, or ask the catalogue's people")
    if isinstance(error, (urllib3.exceptions.ProtocolError, requests.exceptions.ChunkedEncodingError)):
        return SourceUnreachable(url, "broke off in the middle of its answer", "Try again later")
    if isinstance(error, requests.exceptions.SSLError):
        return SourceUnreachable(url, "has a certificate that isn't valid", "Ask the catalogue's people to renew it")
    return SourceUnreachable(url, "can't be reached", "Check the address, and whether the catalogue is running")
