"""Asks a site as any program would: plain HTTP, within limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from time import monotonic
from types import TracebackType

import requests
import urllib3

from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import origin
from ckanext.citizendata.feeds.protocol.finding import Reply, Unanswered

__all__ = ["Visitor"]

AGENT = "citizendata conformance"
# Seconds to connect, between two bytes, and for all of an answer; bytes of one, unpacked.
CONNECT, IDLE, TOTAL = 5.0, 15.0, 120.0
MOST_BYTES = 100 * 1024 * 1024
REDIRECTS = 3
CHUNK = 64 * 1024
FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError)


class Visitor:
    """Fetches addresses for checks; use as a context manager."""

    def __init__(self) -> None:
        self._session = requests.Session()
        # Neither ~/.netrc nor proxies of the environment: what is read depends on the address alone.
        self._session.trust_env = False
        self._session.max_redirects = REDIRECTS
        self._session.headers["User-Agent"] = AGENT

    def __enter__(self) -> Visitor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def get(self, address: str, headers: Mapping[str, str]) -> Reply:
        """What is answered there; raises `Unanswered`."""
        try:
            origin(address)
            with closing(
                self._session.get(address, headers=dict(headers), stream=True, timeout=(CONNECT, IDLE))
            ) as found:
                body = b"".join(_within(found, monotonic() + TOTAL))
                return Reply(found.status_code, body, {name.lower(): text for name, text in found.headers.items()})
        except SourceMalformed as error:
            raise Unanswered(error.sentence) from error
        except FAILURES as error:
            raise Unanswered(f"no answer: {_reason(error)}") from error


def _within(found: requests.Response, until: float) -> Iterator[bytes]:
    """The body piece by piece, unpacked, as long as it keeps to the limits."""
    size = 0
    for chunk in found.iter_content(CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise Unanswered(f"the answer is larger than {MOST_BYTES // 1024**2} megabytes")
        if monotonic() > until:
            raise Unanswered(f"the answer takes longer than {TOTAL:g} seconds")
        yield chunk


def _reason(error: Exception) -> str:
    """Why, in a few words: the libraries tell their whole inside."""
    if isinstance(error, (requests.Timeout, TimeoutError)):
        return "it takes too long"
    if isinstance(error, requests.exceptions.SSLError):
        return "the certificate isn't valid"
    if isinstance(error, requests.TooManyRedirects):
        return f"it redirects more than {REDIRECTS} times"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "nothing can be reached there"
    return type(error).__name__
