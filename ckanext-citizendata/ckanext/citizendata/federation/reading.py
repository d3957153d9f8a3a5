"""A member's feed, read to its end before anything is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ckanext.citizendata.core.graph import ntriples_from_graph
from ckanext.citizendata.core.listing import Tombstone
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.splitting import Received, split
from ckanext.citizendata.core.terms import DCAT
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import Fetcher
from ckanext.citizendata.federation.pages import pages, total_items
from ckanext.citizendata.federation.parse import Page
from ckanext.citizendata.federation.ports import Progress

__all__ = ["Feed", "feed_at"]


@dataclass(slots=True)
class Feed:
    """All that a feed says; `notes` are problems that belong to no single record."""

    records: list[Received] = field(default_factory=list)
    tombstones: dict[str, Tombstone] = field(default_factory=dict)
    refused: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    claimed: int = 0
    has_catalogue: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether the feed lists as many datasets as it claims to have."""
        return self.claimed <= len(self.listed)

    @property
    def listed(self) -> set[str]:
        """Every IRI that the feed names, also of records that can't be taken."""
        return {*(record.iri for record in self.records), *self.tombstones, *(problem.path for problem in self.refused)}

    def add(self, page: Page, mint: str, foreign: Callable[[str], bool]) -> None:
        """Take up one page. Pages are split one by one: blank nodes below a shared agent must not add up over pages."""
        found = split(ntriples_from_graph(page.graph), mint, foreign)
        self.records += found.records
        self.tombstones |= {each.iri: each for each in found.tombstones}
        self.refused += found.refused
        self.notes += [*page.problems, *found.problems]
        self.claimed = max(self.claimed, total_items(page.graph) or 0)
        self.has_catalogue = self.has_catalogue or any(triple.object == DCAT.Catalog for triple in page.graph)


def feed_at(fetcher: Fetcher, url: str, mint: str, foreign: Callable[[str], bool], progress: Progress) -> Feed:
    """The whole feed that begins at `url`.

    Raises `SourceUnreachable` or `SourceMalformed` for the first page that can't be read, and for one without any DCAT.
    """
    feed = Feed()
    for number, page in enumerate(pages(fetcher, url), 1):
        feed.add(page, mint, foreign)
        progress("reading pages", number, None)
    if not (feed.listed or feed.has_catalogue):
        raise SourceMalformed(url, "there is neither a catalogue nor a dataset in DCAT on this page")
    if not feed.is_complete:
        message = (
            f"The feed says that it has {feed.claimed} datasets and lists fewer; none of the others counts as missing"
        )
        feed.notes.append(Problem(url, "incomplete", message, "warning"))
    return feed
