"""What is known of a signed feed once a run has gone well, but for some records."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from ckanext.citizendata.federation.absence import Patience
from ckanext.citizendata.federation.agenda import Agenda
from ckanext.citizendata.federation.feed_state import FeedState
from ckanext.citizendata.federation.page import Page, Snapshot
from ckanext.citizendata.federation.preparing import Prepared
from ckanext.citizendata.federation.reading import Crawl
from ckanext.citizendata.federation.spool import Spool, empty_spool

from .test_plan import KENYA, A, B, C, EmptyLedger, added, gone

NOW = datetime(2026, 5, 4, tzinfo=timezone.utc)
STATE = FeedState("https://node.example.org/", "everyone", "k", 1, 1, "p", NOW, '"e"', ("1", "2", "3"), NOW)


def prepared(spool: Spool, snapshot: Snapshot | None) -> Prepared:
    """A feed of three pages: two records, and one that was taken back."""
    crawl = Crawl()
    crawl.add(Page("https://node.example.org/", "", snapshot=snapshot))
    spool.turn()
    for number, decision in enumerate([added(A), added(B)], 1):
        crawl.add(Page("https://node.example.org/", "", sha256=str(number)))
        spool.turn()
        spool.describe([(str(number), decision)])
    crawl.add(Page("https://node.example.org/", "", sha256="3"))
    spool.turn()
    spool.take_back([gone(C, "deleted")])
    agenda = Agenda(EmptyLedger(), Patience(KENYA, timedelta(1)), NOW, crawl, spool)
    return Prepared(KENYA, agenda, (), crawl, spool)


class TestStateAfter:
    def test_has_no_page_with_what_was_refused(self) -> None:
        """It is asked for again, whatever the server says is new."""
        with empty_spool() as spool:
            found = prepared(spool, Snapshot(STATE, is_whole=True, is_new=True))
            assert found.state_after(()) == STATE
            for iri, pages in {A: ("2", "3"), B: ("1", "3"), C: ("1", "2")}.items():
                after = found.state_after({iri})
                assert after
                assert (after.pages, after.etag) == (pages, "")

    def test_is_none_where_nothing_is_new(self) -> None:
        """And of a feed that isn't signed."""
        with empty_spool() as spool:
            assert prepared(spool, Snapshot(STATE, is_whole=False, is_new=False)).state_after(()) is None
        with empty_spool() as spool:
            assert prepared(spool, None).state_after(()) is None
