"""A member's feed, page by page, and what keeps it from being complete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.ahead import ahead
from ckanext.citizendata.federation.answer import Getter
from ckanext.citizendata.federation.page import CATALOG, Page, Snapshot
from ckanext.citizendata.federation.pages import total_items
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.sources import Source
from ckanext.citizendata.federation.spool import Spool

__all__ = ["Crawl", "pages_ahead"]


@dataclass(slots=True)
class Crawl:
    """What a feed says of itself, over all its pages; `notes` are problems that belong to no single record.

    `ended` says that its last page was read to its end, which is known only then; `listed` counts the records that were
    found so far. `hashes` are those of the pages of a signed feed, in the order in which they were read.
    """

    notes: list[Problem] = field(default_factory=list)
    claimed: int = 0
    has_catalogue: bool = False
    pages: int = 0
    framed: bool = True
    ended: bool = False
    listed: int = 0
    doubts: set[str] = field(default_factory=set)
    snapshot: Snapshot | None = None
    hashes: list[str] = field(default_factory=list)

    def add(self, page: Page) -> None:
        """Take up what one page says, or a part of it."""
        self.snapshot = page.snapshot or self.snapshot
        self.hashes += [page.sha256] if page.part == 0 else []
        self.pages += page.part == 0 and page.snapshot is None
        self.notes += page.problems
        self.claimed = max(self.claimed, total_items(page) or 0)
        self.has_catalogue = self.has_catalogue or page.names(CATALOG)
        self.framed = self.framed and page.framed
        self.doubts |= {page.doubt} if page.doubt else set()

    @property
    def is_whole(self) -> bool:
        """Whether all pages of the feed were meant to be read, and not only those that are new."""
        return self.snapshot is None or self.snapshot.is_whole

    def gaps(self, spool: Spool) -> tuple[str, ...]:
        """What keeps the crawl from being complete, in sentences; only where nothing does is absence evidence.

        Complete means: every page was read to its end, each dataset has an address that can be compared, there are as
        many as the feed claims to have, none on two pages, and at least one that wasn't taken back. A link to the next
        page that got lost looks like the end, and so does a connection that breaks off where the server didn't say how
        long the page is: a feed of several pages, or of such a page, must also say how many datasets it has.
        """
        named = spool.named
        doubts = {
            "The feed was not read to its end": not self.ended,
            f"The feed says that it has {self.claimed} datasets and lists fewer": self.claimed > named,
            "The feed lists datasets without an address, which may be any of those that seem to be missing": (
                spool.lists_nameless
            ),
            "The feed lists a dataset on two pages: it changed while it was read, and may have others": spool.repeated,
            "The feed has several pages and doesn't say how many datasets it has": self.pages > 1 and not self.claimed,
            "The server doesn't say how long its answer is, nor the feed how many datasets it has": not self.framed
            and not self.claimed,
            "The feed lists nothing but what was taken back": named == spool.gone,
        }
        return (*(sentence for sentence, holds in doubts.items() if holds), *sorted(self.doubts))


@contextmanager
def pages_ahead(fetcher: Getter, source: Source, member: Member) -> Iterator[Iterator[Page]]:
    """The pages of the member's catalogue; the next one is fetched and parsed while one is used.

    Going through them raises `SourceUnreachable` or `SourceMalformed` for the first page that can't be read.
    """
    with Parser(fetcher.limits) as parser, ahead(source(fetcher, parser, member)) as found:
        yield found
