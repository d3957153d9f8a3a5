"""A feed read to its end, and the agenda that follows from it: what a harvest and its plan have in common."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from ckanext.citizendata.core.batches import one_ahead
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.absence import Patience
from ckanext.citizendata.federation.agenda import Agenda
from ckanext.citizendata.federation.answer import Getter
from ckanext.citizendata.federation.beside import Begin
from ckanext.citizendata.federation.errors import SourceChanged, SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.feed_state import FeedState
from ckanext.citizendata.federation.judging import Judge
from ckanext.citizendata.federation.ports import Claims, Ledger, Member, Progress
from ckanext.citizendata.federation.reading import Crawl, pages_ahead
from ckanext.citizendata.federation.sources import Sources
from ckanext.citizendata.federation.spool import Spool, empty_spool

__all__ = ["Preparer", "Prepared"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is to be done about a feed, nothing of it done yet; `notes` are problems that belong to no record."""

    member: Member
    agenda: Agenda
    notes: Sequence[Problem]
    crawl: Crawl
    spool: Spool

    def state_after(self, refused: Collection[str]) -> FeedState | None:
        """What is known of a signed feed once all was done; None where nothing is new, or the feed isn't signed.

        Pages with records that were `refused` are read again, since the next run tries these again.
        """
        snapshot = self.crawl.snapshot
        if snapshot is None or not snapshot.is_new:
            return None
        again = {self.crawl.hashes[number - 1] for number in self.spool.pages_of(refused)}
        return snapshot.state.without(again)


@dataclass(frozen=True, slots=True)
class Preparer:
    """Reads feeds beside the ledger of a registry; writes nothing but the spool, which is gone with the block.

    `sources` read each kind of catalogue; `base_iri` is the registry's own; `begin` does what needs no table, beside
    the rest; `apart` is the least time between two absences that count as evidence.
    """

    fetcher: Getter
    sources: Sources
    ledger: Ledger
    claims: Claims
    base_iri: str
    begin: Begin
    apart: timedelta = timedelta(hours=24)

    @contextmanager
    def prepared(self, member: Member, now: datetime, progress: Progress) -> Iterator[Prepared]:
        """What is to be done about the member's feed, once it was read to its end.

        Raises `SourceUnreachable` or `SourceMalformed` for the first page that can't be read, for a feed without any
        DCAT, and for one that had datasets and lists none any more: that is taken for broken, not for empty.
        """
        with empty_spool() as spool:
            crawl = self._read(member, now, spool, progress)
            agenda = Agenda(self.ledger, Patience(member, self.apart), now, crawl, spool)
            yield Prepared(member, agenda, [*crawl.notes, *agenda.notes], crawl, spool)

    def _read(self, member: Member, now: datetime, spool: Spool, progress: Progress) -> Crawl:
        """Every page of the feed, decided about record by record; all of it anew where it changed meanwhile."""
        limits = self.fetcher.limits
        for restart in range(limits.restarts):
            try:
                return self._read_once(member, now, spool, progress)
            except SourceChanged:
                spool.clear()
                time.sleep(min(limits.pause * 2**restart, limits.longest_pause))
        return self._read_once(member, now, spool, progress)

    def _read_once(self, member: Member, now: datetime, spool: Spool, progress: Progress) -> Crawl:
        crawl = Crawl()
        judge = Judge(member, self.ledger, self.claims, self.base_iri, self.begin, now)
        with pages_ahead(self.fetcher, self.sources[member.kind], member) as pages:
            for page, splitting in one_ahead((page, judge.begin(page)) for page in pages):
                crawl.add(page)
                found = splitting()
                crawl.listed += len(found.records)
                crawl.notes += judge.judge(page, found, spool)
                if page.part:
                    progress("reading datasets", crawl.listed, None)
                else:
                    progress("reading pages", crawl.pages, None)
        crawl.ended = True
        if not spool.size and crawl.is_whole:
            self._refuse_empty(member, crawl)
        if not crawl.framed and crawl.claimed > spool.named:
            # The last record of such a page may be half a record.
            raise SourceUnreachable(member.url, "broke off before its end", "Try again later", "broken_off")
        return crawl

    def _refuse_empty(self, member: Member, crawl: Crawl) -> None:
        if not crawl.has_catalogue:
            raise SourceMalformed(member.url, "there is neither a catalogue nor a dataset in DCAT on this page")
        had = self.ledger.count(member.id)
        if had:
            raise SourceMalformed(member.url, f"the catalogue lists no dataset any more, after {had} before")
