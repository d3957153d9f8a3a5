"""What a crawl found, kept on disk until it is known what the whole of it means: one run's, and gone with it.

Memory stays the same whatever the size of a feed, and what a feed says twice on pages far apart is found all the same.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from typing import Any

from ckanext.citizendata.core.batches import batches
from ckanext.citizendata.federation.compare import Decision
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.ports import Entry

__all__ = ["Spool", "empty_spool"]

# Nothing of it is worth anything after the run, so that it is never made safe against a loss of power.
TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -8000;
BEGIN;
CREATE TABLE taken_back (iri BLOB PRIMARY KEY, decision BLOB NOT NULL, page INTEGER NOT NULL);
CREATE TABLE refused (iri BLOB NOT NULL, decision BLOB NOT NULL);
CREATE INDEX refused_iri ON refused (iri);
CREATE TABLE described (
    iri BLOB NOT NULL, fingerprint TEXT NOT NULL, decision BLOB, page INTEGER NOT NULL, UNIQUE (iri, fingerprint)
);
CREATE TABLE standing (iri BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE VIEW named AS SELECT iri FROM described UNION SELECT iri FROM refused UNION SELECT iri FROM taken_back;
"""
# What was taken back isn't listed, whatever else the feed says.
SINGLE = """
SELECT iri, decision FROM described AS one WHERE iri NOT IN (SELECT iri FROM taken_back)
AND NOT EXISTS (SELECT 1 FROM described AS other WHERE other.iri = one.iri AND other.fingerprint <> one.fingerprint)
AND (decision IS NULL) = ? ORDER BY rowid
"""
DOUBTFUL = """
SELECT iri, count(*) FROM described WHERE iri NOT IN (SELECT iri FROM taken_back)
GROUP BY iri HAVING count(*) > 1
"""
AT_ONCE = 500


@contextmanager
def empty_spool() -> Iterator[Spool]:
    """A spool where the system keeps temporary files; at the end it is gone, also where its process is killed."""
    # Without a name SQLite makes a file that no folder lists: the system takes it back however the process ends.
    with closing(sqlite3.connect("", isolation_level=None)) as tables:
        yield Spool(tables)


class Spool:
    """The decisions about all that a feed names, in a file of SQLite; for one thread.

    `repeated` says that a dataset stands on two pages: one moved between them while they were read.
    Raises `RegistryUnavailable` where the disk is full.
    """

    def __init__(self, tables: sqlite3.Connection) -> None:
        self._tables = tables
        tables.executescript(TABLES)
        self.repeated = False
        self._page = 0

    def turn(self) -> None:
        """What follows is from the next page of the feed."""
        self._page += 1

    def clear(self) -> None:
        """Forget all: the feed is read anew."""
        for name in ("taken_back", "refused", "described", "standing"):
            self._tables.execute(f"DELETE FROM {name}")
        self.repeated = False
        self._page = 0

    def take_back(self, decisions: Iterable[Decision]) -> None:
        """Add tombstones; of two for one record the last one counts."""
        rows = [(_key(each.item.iri), pickle.dumps(each), self._page) for each in decisions]
        self._write("INSERT OR REPLACE INTO taken_back VALUES (?, ?, ?)", rows)

    def stand(self, iris: Iterable[str]) -> None:
        """Note which of the records that the feed names stand here already."""
        self._write("INSERT OR IGNORE INTO standing VALUES (?)", [(_key(iri),) for iri in iris])

    def refuse(self, decisions: Iterable[Decision]) -> None:
        """Add records that can't be read, also those without an IRI."""
        rows = [(_key(each.item.iri), pickle.dumps(each)) for each in decisions]
        self._write("INSERT INTO refused VALUES (?, ?)", rows)

    def describe(self, decisions: Iterable[tuple[str, Decision]]) -> None:
        """Add listed records of a page, each by the fingerprint of what it says; the same once more is the same."""
        rows = [(_key(each.item.iri), fingerprint, _kept(each), self._page) for fingerprint, each in decisions]
        self.repeated = self.repeated or any(map(self._describes, batches({row[0] for row in rows}, AT_ONCE)))
        self._write("INSERT OR IGNORE INTO described VALUES (?, ?, ?, ?)", rows)

    @property
    def named(self) -> int:
        """How many different IRIs the feed names, those that it took back or that can't be read among them."""
        return self._number("SELECT count(*) FROM named")

    @property
    def standing(self) -> int:
        """How many of the records that stand here the feed names."""
        return self._number("SELECT count(*) FROM standing")

    @property
    def lists_nameless(self) -> bool:
        """Whether the feed has datasets without an IRI that could be compared."""
        return bool(self._number("SELECT count(*) FROM named WHERE iri = x''"))

    @property
    def gone(self) -> int:
        """How many IRIs the feed took back."""
        return self._number("SELECT count(*) FROM taken_back")

    @property
    def described_count(self) -> int:
        """How many descriptions the feed has, each once."""
        return self._number("SELECT count(*) FROM described")

    @property
    def size(self) -> int:
        """How many decisions there are at most: descriptions that are the same count once, different ones each."""
        return sum(self._number(f"SELECT count(*) FROM {name}") for name in ("taken_back", "refused", "described"))

    def unnamed(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries that the feed doesn't name."""
        for batch in batches(entries, AT_ONCE):
            places = ",".join("?" * len(batch))
            query = f"SELECT iri FROM named WHERE iri IN ({places})"
            found = {iri for (iri,) in self._tables.execute(query, [_key(each.iri) for each in batch])}
            yield from (each for each in batch if _key(each.iri) not in found)

    def taken_back(self) -> Iterator[Decision]:
        """The decisions about tombstones."""
        return self._decisions("SELECT iri, decision FROM taken_back ORDER BY iri")

    def refused(self) -> Iterator[Decision]:
        """The decisions about what can't be read, in the order of the feed."""
        return self._decisions("SELECT iri, decision FROM refused ORDER BY rowid")

    def described(self) -> Iterator[Decision]:
        """The decisions about records with one description, in the order of the feed; those that change nothing last.

        So what is to be published comes together, however far apart it stands in the feed.
        """
        return chain(*(self._decisions(SINGLE, is_unchanged) for is_unchanged in (False, True)))

    def doubtful(self) -> Iterator[tuple[str, int]]:
        """IRIs that the feed describes in different ways, and in how many."""
        return ((_iri(key), number) for key, number in self._tables.execute(DOUBTFUL))

    def pages_of(self, iris: Iterable[str]) -> set[int]:
        """The numbers of the pages, from 1, on which these records are described or taken back."""
        found: set[int] = set()
        for some in batches(map(_key, iris), AT_ONCE):
            places = ",".join("?" * len(some))
            for name in ("described", "taken_back"):
                query = f"SELECT DISTINCT page FROM {name} WHERE iri IN ({places})"
                found.update(page for (page,) in self._tables.execute(query, some))
        return found

    def _describes(self, keys: Sequence[bytes]) -> bool:
        query = f"SELECT 1 FROM described WHERE iri IN ({','.join('?' * len(keys))}) AND page <> ? LIMIT 1"
        return self._tables.execute(query, (*keys, self._page)).fetchone() is not None

    def _decisions(self, query: str, *values: Any) -> Iterator[Decision]:
        # The file is ours alone: nobody else could have written what is unpickled.
        rows = self._tables.execute(query, values)
        return (pickle.loads(kept) if kept else Decision.unchanged(_iri(key)) for key, kept in rows)

    def _number(self, query: str) -> int:
        return self._tables.execute(query).fetchone()[0]

    def _write(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        try:
            self._tables.executemany(statement, rows)
        except sqlite3.OperationalError as error:
            raise RegistryUnavailable(f"what the feed says can't be kept on this registry's disk ({error})") from error


def _key(iri: str) -> bytes:
    """An IRI as bytes: one may hold half a surrogate pair, which isn't text for SQLite."""
    return iri.encode("utf-8", "surrogatepass")


def _iri(key: bytes) -> str:
    return key.decode("utf-8", "surrogatepass")


def _kept(decision: Decision) -> bytes | None:
    """The decision in bytes; None for the one that most records have in most runs."""
    return None if decision.is_unchanged else pickle.dumps(decision)
