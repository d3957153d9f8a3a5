"""A reader of a catalogue, a process of its own: `python -m benchmarks.reader ADDRESS` goes from page to page.

It goes through the catalogue once to be warm, and tells how much that was. For each line on standard input, a number of
seconds, it reads so long, from the first page again when it comes to the end, and tells the same in a line of JSON.
Every body is read to its end, on a connection of its own, as harvesters do it; nothing is asked for conditionally, and
nothing packed. It does as little else as it can, since it takes its time from the server's.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from itertools import chain, repeat
from urllib.parse import urljoin, urlsplit

__all__ = ["FIRST", "IS_DATASET", "Reading", "bodies", "main"]

FIRST = "/catalog.ttl"
SECONDS = 300
HEADERS = {"Accept": "text/turtle", "Accept-Encoding": "identity", "Connection": "close"}
REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5
# Both spellings of hydra, as an IRI and as a text.
NEXT = re.compile(rb'hydra:next(?:Page)?\s+["<]([^">]+)')
# As the two libraries write it, after a space or a tab; `benchmarks.export` sees that nothing else is counted.
IS_DATASET = b"a dcat:Dataset "


@dataclass(frozen=True)
class Reading:
    """How much was read, and how long that took."""

    pages: int
    datasets: int
    octets: int
    seconds: float


def bodies(address: str) -> Iterator[bytes]:
    """The pages of the catalogue at an address, from the first to the last, each read to its end.

    Raises OSError where one isn't there.
    """
    path: str | None = FIRST
    while path:
        path, body = _page(address, path)
        yield body
        path = _following(path, body)


def _page(address: str, path: str) -> tuple[str, bytes]:
    """Where the redirects from a path ended, and what stands there."""
    for _ in range(MOST_REDIRECTS):
        connection = HTTPConnection(urlsplit(address).netloc, timeout=SECONDS)
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status not in REDIRECTS:
            break
        path = _local(urljoin(path, answer.getheader("Location", "")))
    if answer.status != 200 or answer.getheader("Content-Encoding", "identity") != "identity":
        message = f"{address}{path} answers {answer.status}: {body[:200]!r}"
        raise OSError(message)
    return path, body


def _following(path: str, body: bytes) -> str | None:
    found = NEXT.search(body)
    return _local(urljoin(path, found[1].decode())) if found else None


def _local(url: str) -> str:
    """Path and query: the server is asked at the address that was given, whatever it calls itself."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _read(pages: Iterator[bytes], seconds: float) -> Reading:
    """What was read until the first page that ended after so many seconds."""
    began = time.perf_counter()
    number = datasets = octets = 0
    took = 0.0
    for body in pages:
        number, datasets, octets = number + 1, datasets + body.count(IS_DATASET), octets + len(body)
        took = time.perf_counter() - began
        if took >= seconds:
            break
    return Reading(number, datasets, octets, took)


def main(address: str) -> None:
    """Answer until standard input ends."""
    print(json.dumps(asdict(_read(bodies(address), SECONDS))), flush=True)
    for line in sys.stdin:
        again = chain.from_iterable(map(bodies, repeat(address)))
        print(json.dumps(asdict(_read(again, float(line)))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
