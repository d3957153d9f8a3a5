"""What kind of catalogue is at an address, told by what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ckanext.citizendata.federation.answer import Answer, Getter
from ckanext.citizendata.federation.decode import BY_SUFFIX, format_of
from ckanext.citizendata.federation.errors import SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.fetch import origin
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import CITIZENDATA, CKAN, DCAT
from ckanext.citizendata.federation.sources.ckan_api import search_address, site_of
from ckanext.citizendata.federation.sources.manifest import is_manifest
from ckanext.citizendata.federation.sources.web_page import is_web_page, linked_feeds
from ckanext.citizendata.federation.sources.well_known import manifest_of, well_known

__all__ = ["Recognised", "Remembering", "recognised", "says_rdf"]

# The addresses of CKAN's API, whichever part of it; other programs have their DCAT below /api too.
API = re.compile(r"/api(?:/[123])?(?:/(?:action|search|rest|util)(?:/.*)?)?/?")
# Where ckanext-dcat has the feed of a site.
FEED = "/catalog.ttl"
RDF_SUFFIXES = frozenset(BY_SUFFIX) - {".json"}
# The end of the address of a manifest.
MANIFEST = "/manifest"
# So many links of a web page are looked at.
LINKS = 3


@dataclass(frozen=True, slots=True)
class Recognised:
    """The kind of a catalogue, the address that a member of this kind has, and the name of the format that is there."""

    kind: str
    url: str
    format: str


class Remembering:
    """A `Getter` that fetches each page once, so that what was looked at isn't asked for again."""

    def __init__(self, getter: Getter) -> None:
        self._getter = getter
        self._answers: dict[str, Answer] = {}

    @property
    def limits(self) -> Limits:
        return self._getter.limits

    def get(self, url: str) -> Answer:
        # Only the page at hand: of a long feed the rest is asked for once anyhow.
        if url not in self._answers:
            self._answers = {url: self._getter.get(url)}
        return self._answers[url]

    def get_changed(self, url: str, etag: str) -> Answer | None:
        return self._getter.get_changed(url, etag)


def recognised(getter: Getter, parser: Parser, url: str) -> Recognised:
    """What is at an address: the site's signed feed, else DCAT, or CKAN's API where there is none.

    Behind a web page its DCAT is looked for, by the links in its head and where ckanext-dcat has it, then CKAN's API.
    An address that says which RDF is there, or that is of the API, is what it says. Raises `SourceUnreachable` or
    `SourceMalformed` where nothing is found, saying what is there instead.
    """
    origin(url)
    if _is_api(url):
        _search(getter, parser, site_of(url))
        return _by_api(url)
    if not says_rdf(url):
        signed = _signed(getter, url)
        if signed:
            return _by_manifest(signed)
    answer = getter.get(url)
    if is_manifest(answer):
        return _by_manifest(url)
    if not is_web_page(answer):
        return _by_rdf(url, answer)
    found = (_tried(attempt) for attempt in _attempts(getter, parser, url, answer))
    behind = next(filter(None, found), None)
    if behind is None:
        reason = (
            "this address answers a web page; neither a link to its DCAT nor CKAN's API was found there. Ask the "
            "catalogue's people for the address of its DCAT feed"
        )
        raise SourceMalformed(url, reason, code="web_page")
    return behind


def says_rdf(url: str) -> bool:
    """Whether the end of an address says that there is RDF; JSON may be anything."""
    return PurePosixPath(urlsplit(url).path).suffix.lower() in RDF_SUFFIXES


def _signed(getter: Getter, url: str) -> str | None:
    """Where the site of an address has its manifest; None for an address that is one, and a site that has none."""
    if urlsplit(url).path.endswith(MANIFEST):
        return None
    try:
        return manifest_of(getter.get(well_known(url)))
    except SourceUnreachable as error:
        if error.code not in ("status", "redirect"):
            raise
        return None


def _is_api(url: str) -> bool:
    path = urlsplit(url).path
    return API.fullmatch(path, max(path.find("/api"), 0)) is not None


def _attempts(getter: Getter, parser: Parser, url: str, answer: Answer) -> Iterator[Callable[[], Recognised]]:
    """The ways to the catalogue behind a web page, the best first; what is on other servers is left alone."""
    site = site_of(url)
    links = [each for each in linked_feeds(answer) if _server(each) == _server(answer.url)][:LINKS]
    for address in dict.fromkeys([*links, site + FEED]):
        yield lambda address=address: _by_rdf(address, getter.get(address))
    yield lambda: _searched(getter, parser, url)


def _server(url: str) -> tuple[str, str, int] | None:
    try:
        return origin(url)
    except SourceMalformed:
        return None


def _tried(attempt: Callable[[], Recognised]) -> Recognised | None:
    try:
        return attempt()
    except (SourceMalformed, SourceUnreachable):
        return None


def _by_rdf(url: str, answer: Answer) -> Recognised:
    return Recognised(DCAT, url, format_of(answer).name)


def _by_manifest(url: str) -> Recognised:
    return Recognised(CITIZENDATA, url, "N-Quads")


def _by_api(url: str) -> Recognised:
    return Recognised(CKAN, site_of(url) + "/", "JSON")


def _searched(getter: Getter, parser: Parser, url: str) -> Recognised:
    _search(getter, parser, site_of(url))
    return _by_api(url)


def _search(getter: Getter, parser: Parser, site: str) -> None:
    """Raises where there is no API of CKAN below the site."""
    parser.lines_of_api(getter.get(search_address(site, 0, rows=0)))
