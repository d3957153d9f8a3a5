"""Readers of the change table step over nothing, in whatever order writers take their numbers and commit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.record import RecordState
from ckanext.citizendata.model import change

PATIENCE = 20
NOW = datetime(2026, 1, 5, tzinfo=timezone.utc)
INSERT = sa.text(
    "INSERT INTO citizendata_change (iri, package_id, operation, fingerprint, audience, mapping_version)"
    " VALUES (:iri, :iri, 'create', 'f', 'everyone', '1')"
)


@pytest.fixture
def writers(site: None) -> Iterator[tuple[sa.Connection, sa.Connection]]:  # noqa: ARG001
    """Two connections of their own, beside the session that reads."""
    engine = model.ensure_engine()
    with engine.connect() as first, engine.connect() as second:
        yield first, second
        first.rollback()
        second.rollback()


def _write(connection: sa.Connection, iri: str) -> None:
    connection.execute(INSERT, {"iri": iri})


def _read(since: int = 0, limit: int = 100) -> list[tuple[int, str]]:
    model.Session.rollback()
    return [(row.sequence, row.iri) for row in change.changes_since(since, limit)]


def _settled(count: int, since: int = 0) -> list[tuple[int, str]]:
    """At least so many changes. Transactions of other databases on the same server can hold them back for a moment."""
    deadline = time.monotonic() + PATIENCE
    while len(rows := _read(since)) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    return rows


def _names(rows: list[tuple[int, str]]) -> list[str]:
    return [iri for _, iri in rows]


class TestChangesSince:
    def test_waits_for_an_older_transaction(self, writers: tuple[sa.Connection, sa.Connection]) -> None:
        """What is committed waits while an older transaction may still commit a smaller number."""
        older, newer = writers
        _write(older, "older")
        _write(newer, "newer")
        newer.commit()
        assert _read() == []

        older.commit()
        assert _names(_settled(2)) == ["older", "newer"]

    def test_steps_over_nothing(self, writers: tuple[sa.Connection, sa.Connection]) -> None:
        """The newer transaction takes the smaller number and commits last: a reader that went past it still gets it."""
        older, newer = writers
        older.execute(sa.text("SELECT pg_current_xact_id()"))
        _write(newer, "smaller number")
        _write(older, "greater number")
        older.commit()
        first = _settled(1)
        assert _names(first) == ["greater number"]

        newer.commit()
        assert _names(_settled(1, since=first[-1][0])) == ["smaller number"]

    def test_a_rollback_leaves_a_gap(self, writers: tuple[sa.Connection, sa.Connection]) -> None:
        """A number that was taken and rolled back holds nobody up."""
        first, second = writers
        _write(first, "gone")
        _write(second, "kept")
        first.rollback()
        second.commit()

        assert _names(_settled(1)) == ["kept"]

    def test_pages(self, writers: tuple[sa.Connection, sa.Connection]) -> None:
        """Going on from the last number of each page reads every change once."""
        first, _ = writers
        for number in range(5):
            _write(first, str(number))
            if number % 2:
                first.commit()
        first.commit()
        assert len(_settled(5)) == 5
        read: list[tuple[int, str]] = []
        while page := _read(since=read[-1][0] if read else 0, limit=2):
            read += page

        assert _names(read) == ["0", "1", "2", "3", "4"]

    def test_a_number_that_nobody_has_reads_from_the_start(self, writers: tuple[sa.Connection, sa.Connection]) -> None:
        """0, and a number that a rollback or a restored backup lost, leave nothing out."""
        _write(writers[0], "first")
        writers[0].commit()

        assert _names(_settled(1)) == ["first"]
        assert _names(_settled(1, since=10**6)) == ["first"]


@pytest.mark.usefixtures("site")
class TestAppend:
    def test_is_part_of_the_transaction(self) -> None:
        """Rolled back with everything else that the transaction wrote."""
        state = RecordState("https://a.example/1", "local", "everyone", "live", "f", "1", NOW)
        change.append("1", "create", state)
        assert [row.operation for row in change.of_package("1")] == ["create"]

        model.Session.rollback()
        assert change.of_package("1") == []

    def test_a_savepoint_counts_as_its_transaction(self) -> None:
        """CKAN updates inside savepoints; their changes carry the number of the whole transaction."""
        state = RecordState("https://a.example/1", "local", "everyone", "live", "f", "1", NOW)
        change.append("1", "create", state)
        with model.Session.begin_nested():
            change.append("1", "update", state)
        rows = change.of_package("1")

        assert rows[0].txid == rows[1].txid
