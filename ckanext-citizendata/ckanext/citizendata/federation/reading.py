"""A member's feed, read to its end before anything is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ckanext.citizendata.core.listing import Tombstone
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.splitting import Received, split
from ckanext.citizendata.core.terms import DCAT
from ckanext.citizendata.core.tokens import token
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import Fetcher
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.pages import pages, total_items
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import Progress

__all__ = ["Feed", "feed_at"]

CATALOG = token(DCAT.Catalog)


@dataclass(slots=True)
class Feed:
    """All that a feed says; `notes` are problems that belong to no single record.

    `ended` says that its last page was read to its end, which is known only then.
    """

    records: list[Received] = field(default_factory=list)
    tombstones: dict[str, Tombstone] = field(default_factory=dict)
    refused: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    claimed: int = 0
    has_catalogue: bool = False
    pages: int = 0
    ended: bool = False

    @property
    def gaps(self) -> tuple[str, ...]:
        """What keeps the crawl from being complete, in sentences; only where nothing does is absence evidence.

        Complete means: every page was read to its end, each dataset has an address that can be compared, there are as
        many as the feed claims to have, and at least one that wasn't taken back. A link to the next page that got lost
        looks like the end, so that a feed of several pages must also say how many datasets it has.
        """
        listed = self.listed
        doubts = {
            "The feed was not read to its end": not self.ended,
            f"The feed says that it has {self.claimed} datasets and lists fewer": self.claimed > len(listed),
            "The feed lists datasets without an address, which may be any of those that seem to be missing": ""
            in listed,
            "The feed has several pages and doesn't say how many datasets it has": self.pages > 1 and not self.claimed,
            "The feed lists nothing but what was taken back": listed <= self.tombstones.keys(),
        }
        return tuple(sentence for sentence, holds in doubts.items() if holds)

    @property
    def listed(self) -> set[str]:
        """Every IRI that the feed names, also of records that can't be taken."""
        return {*(record.iri for record in self.records), *self.tombstones, *(problem.path for problem in self.refused)}

    def add(self, page: Page, mint: str, foreign: Callable[[str], bool]) -> None:
        """Take up one page. Pages are split one by one: blank nodes below a shared agent must not add up over pages."""
        found = split(page.text, mint, foreign)
        self.pages += 1
        self.records += found.records
        self.tombstones |= {each.iri: each for each in found.tombstones}
        self.refused += found.refused
        self.notes += [*page.problems, *found.problems]
        self.claimed = max(self.claimed, total_items(page) or 0)
        self.has_catalogue = self.has_catalogue or page.names(CATALOG)


def feed_at(fetcher: Fetcher, url: str, mint: str, foreign: Callable[[str], bool], progress: Progress) -> Feed:
    """The whole feed that begins at `url`.

    Raises `SourceUnreachable` or `SourceMalformed` for the first page that can't be read, and for one without any DCAT.
    """
    feed = Feed()
    with Parser(fetcher.limits) as parser:
        for number, page in enumerate(pages(fetcher, parser, url), 1):
            feed.add(page, mint, foreign)
            progress("reading pages", number, None)
    feed.ended = True
    if not (feed.listed or feed.has_catalogue):
        raise SourceMalformed(url, "there is neither a catalogue nor a dataset in DCAT on this page")
    return feed
