"""Snapshots of a feed, from the tables to signed files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action as call
from sqlalchemy import event

from ckanext.citizendata.feeds import ranges
from ckanext.citizendata.feeds.store import Store, StoreFull
from ckanext.citizendata.logic.dirty import mark_edited, render_dirty
from ckanext.citizendata.logic.feeds.cutting import cut, cut_anew, is_due
from ckanext.citizendata.logic.feeds.feed_retiring import retire
from ckanext.citizendata.logic.feeds.feed_status import feed_flaws
from tests.ckan.snapshots import *  # noqa: F403 - fixtures
from tests.ckan.snapshots import FEED, hashes, manifest, rename, settled, texts, withdraw
from tests.unit.feeds.test_store import a_disk_of

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two records a page."""
    monkeypatch.setattr(ranges, "MOST_PLACES", 2)
    monkeypatch.setattr(ranges, "ABOUT", 2)


@pytest.fixture
def many(dataset: Make, store: Store, short_pages: None) -> list[dict[str, Any]]:  # noqa: ARG001
    """Six records on three pages, in the order of their ids."""
    made = sorted((dataset() for _ in range(6)), key=lambda each: each["id"])
    settled()
    assert [page.datasets for page in manifest(store).pages] == [2, 2, 2]
    return made


class TestCut:
    def test_first(self, store: Store, dataset: Make) -> None:
        """It has what everyone may read, each in its graph, and nothing else; the files are what was signed."""
        shown, hidden = dataset(), dataset(audience="producer")
        settled()
        found = manifest(store)
        assert (found.epoch, found.datasets, found.tombstones) == (1, 1, 0)
        assert [*texts(store)] == [shown["id"]]
        assert "Water points in Kibera" in texts(store)[shown["id"]]
        assert hidden["id"] not in texts(store)
        assert feed_flaws(FEED) == []

    def test_empty(self, store: Store) -> None:
        """A site without records has a snapshot without pages."""
        settled()
        assert (manifest(store).pages, store.current()) == ((), 1)

    @pytest.mark.usefixtures("site")
    def test_no_folder(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a folder there are no snapshots, and nothing is due."""
        monkeypatch.setitem(tk.config, "ckan.storage_path", "")
        assert cut(FEED) is None
        assert not is_due(FEED)

    def test_unchanged(self, store: Store, dataset: Make) -> None:
        """Nothing is written where nothing changed."""
        dataset()
        settled()
        number = store.current()
        assert not is_due(FEED)
        assert cut(FEED) is None
        assert store.current() == number

    def test_one_edit(self, store: Store, many: list[dict[str, Any]]) -> None:
        """One page is rendered anew, and only that one; what it was stays for those who are reading."""
        before = hashes(store)
        rename(many[2], "Renamed")
        settled()
        after = hashes(store)
        assert [before[0], before[2]] == [after[0], after[2]]
        assert before[1] != after[1]
        assert store.page(before[1])
        assert "Renamed" in texts(store)[many[2]["id"]]

    def test_growth(self, store: Store, many: list[dict[str, Any]], dataset: Make) -> None:
        """A page that gets too many records becomes two; the others stay as they are."""
        before = hashes(store)
        new = dataset()
        settled()
        after = manifest(store)
        assert sorted(page.datasets for page in after.pages) == [1, 2, 2, 2]
        # A new record behind all others of its page leaves the first half as it was.
        assert len({*before} & {page.sha256 for page in after.pages}) in (2, 3)
        assert {*texts(store)} == {new["id"], *(each["id"] for each in many)}

    def test_poison(self, store: Store, many: list[dict[str, Any]], caplog: pytest.LogCaptureFixture) -> None:
        """One record that can't be read is missing; its neighbour on the page isn't, and the log names it."""
        with model.ensure_engine().begin() as connection:
            statement = "UPDATE citizendata_record SET fragment = 'poison' WHERE package_id = :id"
            connection.execute(sa.text(statement), {"id": many[0]["id"]})
        cut_anew(FEED)
        assert {*texts(store)} == {each["id"] for each in many[1:]}
        assert many[0]["id"] in caplog.text

    def test_lost_folder(self, store: Store, many: list[dict[str, Any]]) -> None:
        """What the folder loses is made again, the same to the byte, under the same number."""
        before, number = hashes(store), store.current()
        for path in [each for each in store.folder.rglob("*") if each.is_file()]:
            path.unlink()
        assert is_due(FEED)
        settled()
        assert (hashes(store), store.current()) == (before, number)
        assert feed_flaws(FEED) == []
        assert {*texts(store)} == {each["id"] for each in many}


class TestOrder:
    def test_interleaved(self, store: Store, dataset: Make) -> None:
        """The older transaction takes the greater number and commits last: both its change and the other's are told."""
        older_one, newer_one = dataset(), dataset()
        settled()
        engine = model.ensure_engine()
        with engine.connect() as older, engine.connect() as newer:
            older.execute(sa.text("SELECT pg_current_xact_id()"))
            _retitle(newer, newer_one, "Newer")
            _retitle(older, older_one, "Older")
            newer.commit()
            cut(FEED)
            assert "Older" not in str(texts(store))
            older.commit()
        settled()
        assert "Newer" in texts(store)[newer_one["id"]]
        assert "Older" in texts(store)[older_one["id"]]

    def test_smaller_number_last(self, store: Store, dataset: Make) -> None:
        """A reader that went past a number still gets it when its transaction commits."""
        first, second = dataset(), dataset()
        settled()
        engine = model.ensure_engine()
        with engine.connect() as slow, engine.connect() as quick:
            _retitle(slow, first, "Slow")
            _retitle(quick, second, "Quick")
            quick.commit()
            cut(FEED)
            slow.commit()
        settled()
        assert "Quick" in texts(store)[second["id"]]
        assert "Slow" in texts(store)[first["id"]]


class TestTakenBack:
    def test_at_once(self, store: Store, many: list[dict[str, Any]]) -> None:
        """Every kept page of its range is gone before the withdrawal returns; the next snapshot has its tombstone."""
        rename(many[2], "Renamed")
        old = hashes(store)[1]
        settled()
        now = hashes(store)
        (store.folder / "dumps").mkdir()
        (store.folder / "dumps" / "1.nt.gz").touch()

        withdraw(many[2])

        assert [store.is_gone(name) for name in (old, now[0], now[1], now[2])] == [True, False, True, False]
        assert store.page(old) is None
        assert [*store.folder.glob("dumps/*")] == []
        settled()
        found = manifest(store)
        assert (found.datasets, found.tombstones) == (5, 1)
        assert "tombstone/withdrawn" in texts(store)[many[2]["id"]]
        assert "Renamed" not in "".join(path.read_text() for path in store.folder.rglob("*.nq"))

    def test_edit(self, store: Store, many: list[dict[str, Any]]) -> None:
        """An ordinary edit takes nothing back."""
        rename(many[0], "Renamed")
        assert not any(map(store.is_gone, hashes(store)))

    @pytest.mark.parametrize("way", ["lower", "delete"])
    def test_other_ways(self, store: Store, many: list[dict[str, Any]], way: str) -> None:
        """Fewer may read it, or it is deleted: the same."""
        page = hashes(store)[0]
        if way == "lower":
            call("package_patch", id=many[0]["id"], audience="producer")
        else:
            call("package_delete", id=many[0]["id"])
        assert store.is_gone(page)
        settled()
        assert manifest(store).tombstones == 1

    def test_past_the_hooks(self, store: Store, many: list[dict[str, Any]]) -> None:
        """What was edited past the hooks is on no page till it is known what it says now."""
        page, before = hashes(store)[0], texts(store)
        mark_edited(many[0]["id"])
        model.Session.commit()
        assert store.is_gone(page)
        settled()
        assert many[0]["id"] not in texts(store)
        render_dirty()
        settled()
        assert {*texts(store)} == {*before}

    def test_not_committed(self, store: Store, many: list[dict[str, Any]]) -> None:
        """Taken back for what isn't committed after all: the same pages are there again."""
        before = hashes(store)
        with model.ensure_engine().connect() as connection:
            retire(connection, [many[0]["id"]])
        assert store.is_gone(before[0])
        settled()
        assert hashes(store) == before
        assert feed_flaws(FEED) == []

    def test_rolled_back(self, store: Store, many: list[dict[str, Any]]) -> None:
        """What a transaction that was rolled back would have closed stays."""
        mark_edited(many[0]["id"])
        model.Session.rollback()
        rename(many[5], "Renamed")
        assert not any(map(store.is_gone, hashes(store)))

    def test_while_cutting(self, store: Store, many: list[dict[str, Any]]) -> None:
        """A withdrawal in the middle of a cut, which doesn't see it: no page has the record when both are over."""
        rename(many[0], "Renamed")
        with _just_before_the_commit(lambda: withdraw(many[0])):
            cut(FEED)
        assert "Renamed" not in "".join(path.read_text() for path in store.folder.glob("pages/*.nq"))
        settled()
        assert "tombstone/withdrawn" in texts(store)[many[0]["id"]]
        assert feed_flaws(FEED) == []


class TestBadDays:
    def test_killed_before_the_commit(self, store: Store, many: list[dict[str, Any]]) -> None:
        """Files without rows: the old snapshot goes on, and the next cut makes the new one."""
        number, before = store.current(), hashes(store)
        rename(many[0], "Renamed")
        with pytest.raises(KeyboardInterrupt), _just_before_the_commit(_die):
            settled()
        assert (store.current(), hashes(store)) == (number, before)
        assert feed_flaws(FEED) == []
        settled()
        assert "Renamed" in texts(store)[many[0]["id"]]

    def test_killed_after_the_commit(self, store: Store, many: list[dict[str, Any]]) -> None:
        """Rows that aren't served yet: the next cut serves them."""
        number = store.current() or 0
        rename(many[0], "Renamed")
        settled()
        assert store.current() != number
        (store.folder / "manifests" / f"{store.current()}.jws").unlink()
        store.make_current(number)

        assert is_due(FEED)
        settled()
        assert "Renamed" in texts(store)[many[0]["id"]]
        assert feed_flaws(FEED) == []

    @pytest.mark.parametrize("octets", [0, 2000])
    def test_full_disk(self, store: Store, many: list[dict[str, Any]], octets: int) -> None:
        """The sentence names the file; the old snapshot stays served and whole, and later the new one comes."""
        number = store.current()
        rename(many[0], "Renamed")
        with a_disk_of(octets), pytest.raises(StoreFull, match="no room"):
            settled()
        assert store.current() == number
        assert feed_flaws(FEED) == []
        settled()
        assert "Renamed" in texts(store)[many[0]["id"]]

    def test_restored_database(self, store: Store, many: list[dict[str, Any]]) -> None:
        """Numbers of transactions that this database never had: all is rendered anew, and no change is lost."""
        with model.ensure_engine().begin() as connection:
            connection.execute(sa.text("UPDATE citizendata_feed SET cut_txid = CAST('9000000000' AS xid8)"))
        rename(many[0], "Renamed")
        settled()
        assert "Renamed" in texts(store)[many[0]["id"]]


def _retitle(connection: sa.Connection, package: dict[str, Any], title: str) -> None:
    """An edit by plain rows, in whatever transaction."""
    values = {"id": package["id"], "title": title}
    connection.execute(
        sa.text(
            "UPDATE citizendata_record SET fragment = replace(fragment, 'Water points in Kibera', :title)"
            " WHERE package_id = :id"
        ),
        values,
    )
    connection.execute(
        sa.text(
            "INSERT INTO citizendata_change (iri, package_id, operation, fingerprint, audience, mapping_version)"
            " SELECT iri, package_id, 'update', 'f', audience, mapping_version FROM citizendata_record"
            " WHERE package_id = :id"
        ),
        values,
    )


def _die() -> None:
    raise KeyboardInterrupt


class _just_before_the_commit:  # noqa: N801 - reads as what it does
    """Does something when the transaction of a cut has written all and isn't committed."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act, self._is_done = act, False

    def __enter__(self) -> None:
        event.listen(model.ensure_engine(), "commit", self._commit)

    def __exit__(self, *_: object) -> None:
        event.remove(model.ensure_engine(), "commit", self._commit)

    def _commit(self, connection: sa.Connection) -> None:
        is_cut = connection.get_isolation_level() == "REPEATABLE READ"
        if is_cut and not self._is_done:
            self._is_done = True
            self._act()
