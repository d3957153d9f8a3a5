"""The pages of a feed, by hydra in both its spellings."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import urljoin

from ckanext.citizendata.core.tokens import is_blank, is_literal, value_of
from ckanext.citizendata.federation.answer import Getter
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import origin
from ckanext.citizendata.federation.page import NEXT, TOTAL_ITEMS, Page
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import Member

__all__ = ["pages", "total_items"]


def pages(fetcher: Getter, parser: Parser, member: Member) -> Iterator[Page]:
    """Every page of the member's feed, each read once, in the order of their links; large ones in parts.

    Raises `SourceMalformed` for a link to another server, a page that comes round again, and a feed that doesn't end.
    """
    url = member.url
    parser.start()
    home = origin(url)
    following: str | None = url
    visited: set[str] = set()
    while following:
        if len(visited) >= fetcher.limits.pages:
            raise SourceMalformed(url, f"the feed has more than {fetcher.limits.pages} pages", code="pagination")
        visited.add(following)
        links: set[str] = set()
        found = following
        for page in parser.parts_of(fetcher.get(following)):
            found = page.url
            visited.add(found)
            yield page
            links.update(_links(page))
            _refuse_several(found, links)
        following = _next(found, links.pop(), home, visited) if links else None


def total_items(page: Page) -> int | None:
    """How many datasets the page claims that its feed has, or None; the largest claim counts."""
    claims = (value_of(claim) for claim in page.objects(TOTAL_ITEMS) if is_literal(claim))
    return max(
        (int(claim) for claim in claims if claim.isascii() and claim.isdigit() and len(claim) < 12), default=None
    )


def _links(page: Page) -> Iterator[str]:
    return (value_of(end) for predicate in NEXT for end in page.objects(predicate) if not is_blank(end))


def _refuse_several(url: str, links: Collection[str]) -> None:
    if len(links) > 1:
        reason = f"the page names several next pages: {', '.join(sorted(links)[:3])}"
        raise SourceMalformed(url, reason, code="pagination")


def _next(url: str, named: str, home: tuple[str, str, int], visited: Collection[str]) -> str:
    try:
        link = urljoin(url, named.strip())
        server = origin(link)
    except ValueError as error:
        raise SourceMalformed(url, f"its next page is no address: {error}", code="pagination_origin") from error
    except SourceMalformed as error:
        raise SourceMalformed(url, f"its next page is {error.sentence}", code="pagination_origin") from error
    if server not in (home, origin(url)):
        raise SourceMalformed(url, f"its next page, {link}, is on another server", code="pagination_origin")
    if link in visited:
        reason = f"its next page, {link}, was read before: the pages go round in a circle"
        raise SourceMalformed(url, reason, code="pagination")
    return link
