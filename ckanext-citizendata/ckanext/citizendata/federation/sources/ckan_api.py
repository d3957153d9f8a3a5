"""CKAN's own API as a source, for sites without DCAT: every public dataset, a few at a time, as pages of RDF."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from ckanext.citizendata.core.lexical import canonical_tag, is_language_tag
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.mapping.codec import NO_LANGUAGE
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import DCAT, HYDRA, RDF, XSD
from ckanext.citizendata.core.tokens import text_of_written, token, token_of_subject
from ckanext.citizendata.federation.answer import Answer, Getter
from ckanext.citizendata.federation.errors import SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.sources.stock_record import OTHER_TYPES, StockReader, address_of, is_listed

__all__ = ["CkanApi", "search_address", "site_of"]

# Of the packages of a page most have a few kilobytes, and some a megabyte.
ROWS = 100
API = "/api/"
DATASETS = " ".join(f"-dataset_type:{name}" for name in OTHER_TYPES)
CHANGED = "The catalogue changed while it was read, and may have datasets that were stepped over"
TYPE, CATALOG = token(RDF.type), token(DCAT.Catalog)
TOTAL, INTEGER, NEXT = token(HYDRA.totalItems), token(XSD.integer), token(HYDRA.next)


def site_of(url: str) -> str:
    """The address below which the API of a site is, without a slash at its end.

    https://data.example.org/api/3/action/package_search?rows=1 -> https://data.example.org
    """
    parts = urlsplit(url)
    path = f"{parts.path}/".partition(API)[0].rstrip("/").removesuffix("/dataset")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def search_address(site: str, start: int, rows: int = ROWS) -> str:
    """Where the API lists so many datasets from this number on, in an order that edits don't change."""
    query = urlencode({"q": "*:*", "fq": DATASETS, "sort": "id asc", "start": start, "rows": rows})
    return f"{site}/api/3/action/package_search?{query}"


@dataclass(frozen=True, slots=True)
class _Found:
    """What one answer lists, each thing as a text that is read when it is used; `count` is what the site claims."""

    count: int
    lines: Sequence[str]

    def thing(self, at: int) -> Any:
        """One thing, None for one that was left out and where there is none."""
        return _read(self.lines[at])[0] if self.lines else None


@dataclass(frozen=True, slots=True)
class _Place:
    """How far the crawl is: the number to go on from, the last package before it, and the first claim."""

    start: int = 0
    last: Any = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class CkanApi:
    """Reads sites by their API; `model` says what our fields are."""

    model: Model

    def pages(self, fetcher: Getter, parser: Parser, member: Member) -> Iterator[Page]:
        """Every public dataset of the member's site, one page an answer.

        Each answer begins with the last dataset of the one before. Where that is another one, or the site counts
        otherwise, it was changed meanwhile: then nothing counts as missing. Raises as `Getter.get` and `Parser` do.
        """
        url = member.url
        parser.start()
        site = site_of(url)
        reader = StockReader(self.model, site, self._language(fetcher, parser, site))
        place: _Place | None = _Place()
        answers = 0
        while place:
            answers += 1
            if answers > fetcher.limits.pages:
                raise SourceMalformed(
                    url, f"the catalogue has more than {fetcher.limits.pages} pages", code="pagination"
                )
            answer = fetcher.get(search_address(site, place.start))
            page, place = _page(reader, answer, _found(parser, answer), place)
            yield page

    def _language(self, fetcher: Getter, parser: Parser, site: str) -> str:
        """The language of a site's texts; none where it doesn't tell, which some don't."""
        try:
            found = _found(parser, fetcher.get(f"{site}/api/3/action/status_show"))
        except SourceUnreachable as error:
            if error.code != "status":
                raise
            return NO_LANGUAGE
        status = found.thing(0)
        tag = str(status.get("locale_default")).replace("_", "-") if isinstance(status, Mapping) else ""
        return canonical_tag(tag) if is_language_tag(tag) and tag != "None" else NO_LANGUAGE


def _found(parser: Parser, answer: Answer) -> _Found:
    head, *lines = sorted(parser.lines_of_api(answer))
    return _Found(_content(head)["count"], lines)


def _content(line: str) -> dict[str, Any]:
    return json.loads(line.partition(" ")[2])


def _read(line: str) -> tuple[Any, str]:
    """The thing of a line, or why it was left out."""
    content = _content(line)
    return content.get("thing"), content.get("left_out", "")


def _page(reader: StockReader, answer: Answer, found: _Found, place: _Place) -> tuple[Page, _Place | None]:
    """The datasets of an answer that weren't on the page before, and where to go on, None at the end."""
    is_first = place.start == 0
    follows = is_first or (bool(found.lines) and _id(found.thing(0)) == place.last)
    doubt = "" if follows and place.count in (None, found.count) else CHANGED
    lines, problems = _told(reader, found.lines if is_first or not follows else found.lines[1:])
    seen = place.start + len(found.lines)
    is_last = seen >= found.count or len(found.lines) < 2
    following = None if is_last else seen - 1
    lines += _catalogue(reader.site, found.count, following)
    page = Page(answer.url, text_of_written(lines), tuple(problems), answer.framed, doubt=doubt)
    first_count = found.count if place.count is None else place.count
    return page, None if following is None else _Place(following, _id(found.thing(-1)), first_count)


def _told(reader: StockReader, fresh: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """The statements about these datasets, and what had to be left out whole; what isn't public is passed over."""
    lines: list[str] = []
    problems: list[Problem] = []
    for at, (thing, reason) in enumerate(map(_read, fresh)):
        if isinstance(thing, Mapping) and not is_listed(thing):
            continue
        iri = address_of(thing, reader.site) if isinstance(thing, Mapping) else None
        if iri and isinstance(thing, Mapping):
            lines += reader.statements(thing, iri, at)
        else:
            why = reason or "it has neither an id nor an address"
            problems.append(
                Problem(reader.site, "left_out", f"A dataset of {reader.site} was left out: {why}", "warning")
            )
    return lines, problems


def _catalogue(site: str, total: int, following: int | None) -> list[str]:
    """What a feed of DCAT says of itself: how many datasets it has, and where it goes on."""
    node = token_of_subject(f"{site}/")
    lines = [f"{node} {TYPE} {CATALOG} .\n", f'{node} {TOTAL} "{total}"^^{INTEGER} .\n']
    return (
        lines
        if following is None
        else [*lines, f"{node} {NEXT} {token_of_subject(search_address(site, following))} .\n"]
    )


def _id(thing: Any) -> Any:
    return (thing.get("id") or thing.get("name")) if isinstance(thing, Mapping) else None
