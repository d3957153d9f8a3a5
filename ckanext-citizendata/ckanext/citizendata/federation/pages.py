"""The pages of a feed, by hydra in both its spellings."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode

from ckanext.citizendata.core.graph import Graph
from ckanext.citizendata.core.terms import HYDRA
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import Fetcher, origin
from ckanext.citizendata.federation.parse import Page, page_from_answer

__all__ = ["pages", "total_items"]

# PagedCollection (ckanext-dcat, udata) writes nextPage, PartialCollectionView writes next; as IRI or as text.
NEXT = frozenset([HYDRA.next, HYDRA.nextPage])


def pages(fetcher: Fetcher, url: str) -> Iterator[Page]:
    """Every page of the feed that begins at `url`, each read once, in the order of their links.

    Raises `SourceMalformed` for a link to another server, a page that comes round again, and a feed that doesn't end.
    """
    home = origin(url)
    following: str | None = url
    visited: set[str] = set()
    while following:
        if len(visited) >= fetcher.limits.pages:
            raise SourceMalformed(url, f"the feed has more than {fetcher.limits.pages} pages")
        visited.add(following)
        page = page_from_answer(fetcher.get(following))
        visited.add(page.url)
        yield page
        following = _next(page, home, visited)


def total_items(graph: Graph) -> int | None:
    """How many datasets the feed claims to have, or None; the largest claim counts."""
    claims = (t.object.value for t in graph if t.predicate == HYDRA.totalItems and isinstance(t.object, Literal))
    return max(
        (int(claim) for claim in claims if claim.isascii() and claim.isdigit() and len(claim) < 12), default=None
    )


def _next(page: Page, home: tuple[str, str, int], visited: set[str]) -> str | None:
    ends = (t.object for t in page.graph if t.predicate in NEXT)
    links = {end.value for end in ends if isinstance(end, (NamedNode, Literal))}
    if not links:
        return None
    if len(links) > 1:
        raise SourceMalformed(page.url, f"the page names several next pages: {', '.join(sorted(links)[:3])}")
    link = urljoin(page.url, links.pop().strip())
    try:
        server = origin(link)
    except SourceMalformed as error:
        raise SourceMalformed(page.url, f"its next page is {error}") from error
    if server not in (home, origin(page.url)):
        raise SourceMalformed(page.url, f"its next page, {link}, is on another server")
    if link in visited:
        raise SourceMalformed(page.url, f"its next page, {link}, was read before: the pages go round in a circle")
    return link
