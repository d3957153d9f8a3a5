"""Pages of the catalogue and the links between them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.citizendata.core.terms import HYDRA, RDF, XSD

__all__ = ["Page", "SnapshotPage", "links_of", "statements_of_page"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of `size` entries out of `total`, at `address` with `query` and the number of the page.

    Pages of `others` follow behind them, for what doesn't come from our records.
    """

    number: int
    size: int
    total: int
    address: str
    query: tuple[tuple[str, str], ...] = ()
    others: int = 0

    @property
    def own_last(self) -> int:
        """The number of the last page of `total`; an empty catalogue has one page."""
        return max(1, -(-self.total // self.size))

    @property
    def last(self) -> int:
        """The number of the last page of all."""
        return self.own_last + -(-self.others // self.size)

    @property
    def items(self) -> int:
        """How many entries there are on all pages."""
        return self.total + self.others

    def url(self, number: int) -> str:
        return f"{self.address}?{urlencode((*self.query, ('page', str(number))))}"


@dataclass(frozen=True, slots=True)
class SnapshotPage:
    """One of the pages of a snapshot, of at most `size` entries, at `address`/number.`suffix`."""

    number: int
    last: int
    size: int
    items: int
    address: str
    suffix: str

    def url(self, number: int) -> str:
        return f"{self.address}/{number}.{self.suffix}"


def links_of(page: Page | SnapshotPage) -> dict[str, str]:
    """Where `first`, `previous`, `next` and `last` are, as far as they exist."""
    numbers = {"first": 1, "previous": page.number - 1, "next": page.number + 1, "last": page.last}
    return {name: page.url(number) for name, number in numbers.items() if 1 <= number <= page.last}


def statements_of_page(page: Page | SnapshotPage, catalogue: NamedNode) -> list[Triple]:
    """The page in both forms of Hydra: the current one, and the one that ckanext-dcat and older readers know."""
    node = NamedNode(page.url(page.number))
    total = Literal(str(page.items), datatype=XSD.integer)
    said = [
        Triple(node, RDF.type, HYDRA.PartialCollectionView),
        Triple(node, RDF.type, HYDRA.PagedCollection),
        Triple(node, HYDRA.totalItems, total),
        Triple(node, HYDRA.itemsPerPage, Literal(str(page.size), datatype=XSD.integer)),
        Triple(catalogue, RDF.type, HYDRA.Collection),
        Triple(catalogue, HYDRA.totalItems, total),
        Triple(catalogue, HYDRA.view, node),
    ]
    for name, url in links_of(page).items():
        said.append(Triple(node, HYDRA[name], NamedNode(url)))
        said.append(Triple(node, HYDRA[f"{name}Page"], NamedNode(url)))
    return said
