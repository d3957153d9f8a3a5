"""Half a harvest is in no snapshot; what its source takes back doesn't wait."""

from __future__ import annotations

from datetime import datetime, timezone

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.citizendata.feeds.store import Store
from ckanext.citizendata.logic.feeds.cutting import cut
from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from ckanext.citizendata.logic.members.dismissal import cleared
from ckanext.citizendata.logic.publishing.leases import leased
from ckanext.citizendata.model import record
from tests.ckan.snapshots import *  # noqa: F403 - fixtures
from tests.ckan.snapshots import FEED, hashes, manifest, settled, texts

from .conftest import Kenya, Server, feed, iris, listing, tombstone

ADDRESSES = iris(4)
OLD, NEW = "Title of a00", "Other of a00"


@pytest.fixture
def one_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A harvest that publishes one record in each transaction."""
    monkeypatch.setitem(tk.config, "ckanext.citizendata.harvest_batch_records", 1)


def package_id(iri: str) -> str:
    return record.by_iri(iri)[0].package_id


def said(store: Store) -> str:
    return "".join(texts(store).values())


def left_halfway(server: Server, more: str = "") -> None:
    """A run that is killed when it has published one record or two."""
    server.turtle("/c.ttl", feed(ADDRESSES, more).replace(OLD, NEW))

    def die(doing: str, done: int, _total: int | None) -> None:
        if doing == "publishing" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        harvested(member_named("kenya"), die, datetime.now(timezone.utc))


@pytest.mark.usefixtures("one_a_batch")
class TestRuns:
    def test_under_way(self, store: Store, kenya: Kenya, server: Server) -> None:
        """While a run publishes, snapshots say what was said before it; afterwards they say all of it."""
        kenya(ADDRESSES)
        settled()
        before, seen = texts(store), []
        server.turtle("/c.ttl", feed(iris(5)).replace(OLD, NEW))

        def look(doing: str, _done: int, _total: int | None) -> None:
            if doing == "publishing":
                cut(FEED)
                seen.append(texts(store))

        harvested(member_named("kenya"), look, datetime.now(timezone.utc))
        assert len(seen) > 2
        assert all(each == before for each in seen)
        settled()
        assert manifest(store).datasets == 5
        assert said(store).count(f'"{NEW}') == 5
        assert OLD not in said(store)

    def test_first_ever(self, store: Store, kenya: Kenya) -> None:
        """The first snapshot of a site has nothing of a run that is under way."""
        kenya(ADDRESSES)
        with leased("kenya"):
            cut(FEED)
            assert manifest(store).datasets == 0
        settled()
        assert manifest(store).datasets == 4

    def test_broken_off(self, store: Store, kenya: Kenya, server: Server) -> None:
        """After a run that was broken off, its half waits for the next one."""
        kenya(ADDRESSES)
        settled()
        left_halfway(server)
        settled()
        assert NEW not in said(store)
        kenya(ADDRESSES)
        settled()
        assert manifest(store).datasets == 4

    def test_never_again(self, store: Store, kenya: Kenya, server: Server) -> None:
        """Where no run comes for a day, what is here is told."""
        kenya(ADDRESSES)
        settled()
        left_halfway(server)
        with model.ensure_engine().begin() as connection:
            connection.execute(sa.text("UPDATE citizendata_run SET started = started - interval '25 hours'"))
        settled()
        assert NEW in said(store)

    def test_taken_back_meanwhile(self, store: Store, kenya: Kenya, server: Server) -> None:
        """What is withdrawn while records wait is gone at once; on its page they go on saying what they said."""
        kenya(ADDRESSES)
        settled()
        before = texts(store)
        left_halfway(server)
        (page,) = hashes(store)
        gone = package_id(ADDRESSES[3])
        call_action("citizendata_record_withdraw", id=gone)
        assert store.is_gone(page)
        settled()
        after = texts(store)
        assert "tombstone/withdrawn" in after.pop(gone)
        assert after == {key: text for key, text in before.items() if key != gone}

    def test_tombstones(self, store: Store, kenya: Kenya) -> None:
        """What its source takes back is gone when the harvest returns."""
        kenya(ADDRESSES)
        settled()
        (page,) = hashes(store)
        kenya(ADDRESSES[:3], more=tombstone(ADDRESSES[3], "2026-11-01T00:00:00Z"))
        assert store.is_gone(page)
        settled()
        assert manifest(store).tombstones == 1

    def test_lowered(self, store: Store, kenya: Kenya) -> None:
        """So is what its source shows to fewer from now on, which is published in batches like any edit."""
        kenya(ADDRESSES)
        settled()
        (page,) = hashes(store)
        kenya(ADDRESSES, more=listing(ADDRESSES[0], "2026-11-01T00:00:00Z", "producer"))
        assert store.is_gone(page)
        settled()
        assert (manifest(store).datasets, manifest(store).tombstones) == (3, 1)

    def test_cleared(self, store: Store, kenya: Kenya) -> None:
        """So is all that a member had here, when its records are taken away."""
        kenya(ADDRESSES)
        settled()
        (page,) = hashes(store)
        cleared(member_named("kenya"), lambda *_: None)
        assert store.is_gone(page)
        settled()
        assert (manifest(store).datasets, manifest(store).tombstones) == (0, 4)
