"""What a crawl found, on disk; what comes out is what went in."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ckanext.citizendata.core.listing import Listing
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.compare import Decision
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.ports import Entry
from ckanext.citizendata.federation.report import Item
from ckanext.citizendata.federation.spool import Spool, empty_spool

A, B, C = (f"https://node.example.org/dataset/{name}" for name in "abc")
# What a lenient parser may leave of an escape.
HALF = "https://node.example.org/dataset/\ud83d"
# A process that tells which files a full spool has open.
FILLED = """
import os, pathlib, signal
from tests.unit.federation.test_spool import A, empty_spool, published
with empty_spool() as spool:
    spool.describe((f"{number}", published(f"{A}{number}", "x" * 9000)) for number in range(2000))
    print([os.readlink(each) for each in pathlib.Path("/proc/self/fd").iterdir() if each.is_symlink()], flush=True)
    """


@pytest.fixture
def spool() -> Iterator[Spool]:
    with empty_spool() as empty:
        yield empty


def published(iri: str, text: str = "<a> <b> <c> .\n") -> Decision:
    problems = (Problem(iri, "not_yours", "Left out", "warning"),)
    received = Received(iri, text, "f", Listing(("everyone",), "2026-01-01", None), False, problems)
    return Decision(Item(iri, "added", "", problems), "publish", Entry(iri, "published", fingerprint="f"), received)


def gone(iri: str, kind: str = "deleted") -> Decision:
    return Decision(Item(iri, "removed"), "remove", Entry(iri, "removed"), kind=kind)


class TestDescribed:
    def test_come_back_whole_and_in_the_order_of_the_feed(self, spool: Spool) -> None:
        """Over any number of pages."""
        spool.describe([("2", published(B)), ("1", published(A))])
        spool.describe([("3", published(HALF))])
        assert [*spool.described()] == [published(B), published(A), published(HALF)]

    def test_unchanged_ones_too(self, spool: Spool) -> None:
        """They are most, take little, and come last, so that what is to be published comes together."""
        returned = Decision(Item(B, "unchanged", "It is listed again"))
        spool.describe([("1", Decision.unchanged(A)), ("2", returned)])
        assert [*spool.described()] == [returned, Decision.unchanged(A)]

    def test_the_same_on_two_pages_is_one(self, spool: Spool) -> None:
        """A record that moved from one page to the next while the feed was read."""
        for _ in range(2):
            spool.describe([("1", published(A))])
        assert ([*spool.described()], spool.named, [*spool.doubtful()]) == ([published(A)], 1, [])

    def test_differently_on_two_pages_is_doubtful(self, spool: Spool) -> None:
        """Neither is taken, and it counts once."""
        spool.describe([("1", published(A)), ("9", published(B))])
        spool.describe([("2", published(A)), ("1", published(A))])
        assert [*spool.described()] == [published(B)]
        assert ([*spool.doubtful()], spool.named) == ([(A, 2)], 2)


class TestTakenBack:
    def test_outweighs_every_listing(self, spool: Spool) -> None:
        """Wherever in the feed it stands, and however often the record is described."""
        spool.describe([("1", published(A)), ("1", published(B)), ("2", published(B))])
        spool.take_back([gone(B), gone(A)])
        assert [*spool.taken_back()] == [gone(A), gone(B)]
        assert ([*spool.described()], [*spool.doubtful()], spool.gone, spool.named) == ([], [], 2, 2)

    def test_of_two_for_one_record_the_last_counts(self, spool: Spool) -> None:
        """As it did on one page."""
        spool.take_back([gone(A, "deleted")])
        spool.take_back([gone(A, "withdrawn")])
        assert [*spool.taken_back()] == [gone(A, "withdrawn")]


class TestRefused:
    def test_are_all_kept(self, spool: Spool) -> None:
        """Also several without an address."""
        nameless = Decision(Item("", "rejected", "No address"))
        spool.refuse([nameless, nameless, Decision(Item(A, "rejected"))])
        assert [*spool.refused()] == [nameless, nameless, Decision(Item(A, "rejected"))]
        assert (spool.named, spool.lists_nameless, spool.size, spool.described_count) == (2, True, 3, 0)


class TestUnnamed:
    def test_are_entries_that_the_feed_does_not_name_in_any_way(self, spool: Spool) -> None:
        """A refused record is named, and so is one that was taken back."""
        spool.describe([("1", Decision.unchanged(A))])
        spool.take_back([gone(B)])
        spool.refuse([Decision(Item(C, "rejected"))])
        missing = [Entry(f"{A}{number}", "published") for number in range(1200)]
        known = [Entry(iri, "published") for iri in (A, B, C)]
        assert [*spool.unnamed([*missing[:600], *known, *missing[600:]])] == missing


class TestFile:
    @pytest.mark.parametrize("end", ["raise ZeroDivisionError", "os.kill(os.getpid(), signal.SIGKILL)"])
    @pytest.mark.skipif(sys.platform != "linux", reason="/proc tells which files are open")
    def test_is_gone_however_the_process_ends(self, tmp_path: Path, end: str) -> None:
        """Once it is larger than what SQLite keeps in memory, it is open in the folder and listed there no more."""
        places = {**os.environ, "TMPDIR": str(tmp_path), "SQLITE_TMPDIR": str(tmp_path)}
        done = subprocess.run([sys.executable, "-c", FILLED + end], env=places, capture_output=True, text=True)
        assert done.returncode
        assert str(tmp_path) in done.stdout
        assert [*tmp_path.iterdir()] == []

    def test_a_full_disk_is_the_registrys_fault(self) -> None:
        """Not the source's, and not the program's."""
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as tables:
            spool = Spool(tables)
            tables.execute("PRAGMA max_page_count = 20")
            with pytest.raises(RegistryUnavailable, match="disk"):
                spool.describe([(str(number), published(A, "x" * 9000)) for number in range(100)])


class TestClear:
    def test_leaves_nothing(self) -> None:
        """Of whichever table: a feed that is read anew would name what it doesn't list any more."""
        with empty_spool() as spool:
            spool.turn()
            spool.stand(["x:a"])
            spool.describe([("1", Decision.unchanged("x:a"))])
            spool.take_back([Decision.unchanged("x:b")])
            spool.refuse([Decision.unchanged("x:c")])
            spool.turn()
            spool.describe([("1", Decision.unchanged("x:a"))])
            assert spool.repeated
            spool.clear()
            counts = (spool.named, spool.standing, spool.gone, spool.size)
            found = (*counts, spool.repeated, spool.pages_of(["x:a", "x:b"]))
        assert found == (0, 0, 0, 0, False, set())
