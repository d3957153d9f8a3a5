"""The pages of a feed, by hydra in both its spellings."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from ckanext.citizendata.core.terms import HYDRA
from ckanext.citizendata.core.tokens import is_blank, is_literal, token, value_of
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import Fetcher, origin
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.parser import Parser

__all__ = ["pages", "total_items"]

# PagedCollection (ckanext-dcat, udata) writes nextPage, PartialCollectionView writes next; as IRI or as text.
NEXT = (token(HYDRA.next), token(HYDRA.nextPage))
TOTAL_ITEMS = token(HYDRA.totalItems)


def pages(fetcher: Fetcher, parser: Parser, url: str) -> Iterator[Page]:
    """Every page of the feed that begins at `url`, each read once, in the order of their links.

    Raises `SourceMalformed` for a link to another server, a page that comes round again, and a feed that doesn't end.
    """
    home = origin(url)
    following: str | None = url
    visited: set[str] = set()
    while following:
        if len(visited) >= fetcher.limits.pages:
            raise SourceMalformed(url, f"the feed has more than {fetcher.limits.pages} pages", code="pagination")
        visited.add(following)
        page = parser.page_from_answer(fetcher.get(following))
        visited.add(page.url)
        yield page
        following = _next(page, home, visited)


def total_items(page: Page) -> int | None:
    """How many datasets the page claims that its feed has, or None; the largest claim counts."""
    claims = (value_of(claim) for claim in page.objects(TOTAL_ITEMS) if is_literal(claim))
    return max(
        (int(claim) for claim in claims if claim.isascii() and claim.isdigit() and len(claim) < 12), default=None
    )


def _next(page: Page, home: tuple[str, str, int], visited: set[str]) -> str | None:
    links = {value_of(end) for predicate in NEXT for end in page.objects(predicate) if not is_blank(end)}
    if not links:
        return None
    if len(links) > 1:
        reason = f"the page names several next pages: {', '.join(sorted(links)[:3])}"
        raise SourceMalformed(page.url, reason, code="pagination")
    try:
        link = urljoin(page.url, links.pop().strip())
        server = origin(link)
    except ValueError as error:
        raise SourceMalformed(page.url, f"its next page is no address: {error}", code="pagination_origin") from error
    except SourceMalformed as error:
        raise SourceMalformed(page.url, f"its next page is {error.sentence}", code="pagination_origin") from error
    if server not in (home, origin(page.url)):
        raise SourceMalformed(page.url, f"its next page, {link}, is on another server", code="pagination_origin")
    if link in visited:
        reason = f"its next page, {link}, was read before: the pages go round in a circle"
        raise SourceMalformed(page.url, reason, code="pagination")
    return link
