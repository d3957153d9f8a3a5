"""All that a run does once the feed was read to its end, in the order in which it does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain

from ckanext.citizendata.core.batches import batches
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.absence import Patience, Survey, surveyed
from ckanext.citizendata.federation.compare import Decision, doubtful, not_listed_beside
from ckanext.citizendata.federation.ports import Entry, Ledger
from ckanext.citizendata.federation.reading import Crawl
from ckanext.citizendata.federation.spool import Spool

__all__ = ["Agenda"]

# So many records of the ledger are looked at together.
AT_ONCE = 500


class Agenda:
    """The decisions about what a feed lists and what it doesn't; about the latter only where its crawl is complete."""

    def __init__(self, ledger: Ledger, patience: Patience, now: datetime, crawl: Crawl, spool: Spool) -> None:
        self._ledger = ledger
        self._member = patience.member
        self._spool = spool
        self._is_whole = crawl.is_whole
        self._gaps = crawl.gaps(spool)
        self._survey = self._surveyed(patience, now)

    @property
    def size(self) -> int:
        """How many decisions there are, about."""
        return self._spool.size + (self._survey.missing if self._survey else 0)

    @property
    def notes(self) -> Sequence[Problem]:
        """Why nothing counts as missing, or what waits for a person."""
        if self._survey:
            return self._survey.notes
        if not self._is_whole:
            return ()
        is_told = self._spool.described_count or any(True for _ in self._missing())
        return [self._incomplete(gap) for gap in self._gaps] if is_told else ()

    def decisions(self) -> Iterator[Decision]:
        """Tombstones come first, so that what was taken back is hidden before anything else happens."""
        spool = self._spool
        absent = chain(self._absent(), self._beside())
        return chain(spool.taken_back(), absent, self._doubtful(), spool.refused(), spool.described())

    def _surveyed(self, patience: Patience, now: datetime) -> Survey | None:
        if self._gaps or not self._is_whole:
            return None
        standing = self._ledger.count(self._member.id)
        # Nearly always the feed names all that stand here, and none has to be looked for.
        missing = () if standing == self._spool.standing else self._missing()
        return surveyed(missing, standing, patience, now)

    def _missing(self) -> Iterator[Entry]:
        return self._spool.unnamed(self._ledger.standing(self._member.id))

    def _absent(self) -> Iterator[Decision]:
        if self._survey and self._survey.missing:
            for batch in batches(self._missing(), AT_ONCE):
                yield from self._survey.decisions(batch, self._ledger.guarded(batch))

    def _beside(self) -> Iterator[Decision]:
        """Of what other members own: no longer said to be listed by this one."""
        if self._survey:
            yield from map(not_listed_beside, self._spool.unnamed(self._ledger.beside_owners(self._member.id)))

    def _doubtful(self) -> Iterator[Decision]:
        for batch in batches(self._spool.doubtful(), AT_ONCE):
            entries = self._ledger.of(self._member.id, [iri for iri, _ in batch])
            yield from (doubtful(iri, versions, entries.get(iri)) for iri, versions in batch)

    def _incomplete(self, gap: str) -> Problem:
        message = f"{gap}; none of the others counts as missing [held(incomplete)]"
        return Problem(self._member.url, "incomplete", message, "warning")
