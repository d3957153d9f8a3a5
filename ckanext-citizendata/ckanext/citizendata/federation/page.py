"""A page of a feed as the rest of a harvest sees it."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.splitting import Rest
from ckanext.citizendata.core.terms import DCAT, HYDRA
from ckanext.citizendata.core.tokens import Token, token
from ckanext.citizendata.federation.feed_state import FeedState

__all__ = ["CATALOG", "NEXT", "TOTAL_ITEMS", "Page", "Snapshot"]

# What is asked of a page as a whole. PagedCollection (ckanext-dcat, udata) writes nextPage, PartialCollectionView
# writes next; as IRI or as text.
CATALOG = token(DCAT.Catalog)
NEXT = (token(HYDRA.next), token(HYDRA.nextPage))
TOTAL_ITEMS = token(HYDRA.totalItems)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a signed feed is now: `state` is what is known of it once it was read.

    Only where it `is_whole` are all of its pages read, so that what isn't on them is missing; where it isn't `is_new`
    nothing is different from what was known.
    """

    state: FeedState
    is_whole: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, as canonical N-Triples: each statement once, sorted; `url` is where it was finally found.

    `framed` says that its server told where it ends. A page that doesn't fit into memory comes in parts, counted by
    `part` from 0, and so does one of a signed feed whose records contradict each other; `rest` is what a part has to
    know of the others. `doubt` says why the feed may have more than it lists.
    A signed feed begins with a page that has its `snapshot` and no record; of the others `sha256` is the hash.
    """

    url: str
    text: str
    problems: tuple[Problem, ...] = ()
    framed: bool = True
    part: int = 0
    rest: Rest = Rest()
    doubt: str = ""
    snapshot: Snapshot | None = None
    sha256: str = ""

    def objects(self, predicate: Token) -> frozenset[Token]:
        """What anything on the page says by `predicate`."""
        found: set[Token] = set()
        at = self.text.find(f" {predicate} ")
        while at >= 0:
            # Each line is looked at once, however often the words stand in its text.
            start, end = self.text.rfind("\n", 0, at) + 1, self.text.index(" .\n", at)
            _, said_by, said = self.text[start:end].split(" ", 2)
            if said_by == predicate:
                found.add(said)
            at = self.text.find(f" {predicate} ", end)
        return frozenset(found)

    def names(self, node: Token) -> bool:
        """Whether any statement of the page has `node` as its object."""
        return f" {node} .\n" in self.text
