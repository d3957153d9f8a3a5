"""All statements of a page that doesn't fit into memory, on disk: one page's, and gone with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from ckanext.citizendata.core.following import DATASET, INVERSE, TYPE
from ckanext.citizendata.core.listing import STATUS, TAKEN_BACK, TOPIC
from ckanext.citizendata.core.tokens import Line, Token, split_lines
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.page import CATALOG, NEXT, TOTAL_ITEMS

__all__ = ["Statements"]

# Lines are written as they come, and sorted out when all are there: what keeps an index at each line reads and writes
# all over the file. `key` is a hash, by which an index is a fraction of one by IRIs.
TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -16000;
BEGIN;
CREATE TABLE line (key INTEGER, subject TEXT, predicate TEXT, target TEXT);
CREATE TABLE back (key INTEGER, target TEXT, predicate TEXT, subject TEXT);
"""
ARRANGED = """
CREATE TABLE said (
    key INTEGER, number INTEGER, subject TEXT, predicate TEXT, target TEXT, PRIMARY KEY (key, number)
) WITHOUT ROWID;
INSERT INTO said SELECT key, rowid, subject, predicate, target FROM line ORDER BY key;
DROP TABLE line;
CREATE INDEX back_key ON back (key);
"""
ABOUT = "SELECT predicate, target FROM said WHERE key = ? AND subject = ?"
SAID = "SELECT target FROM said WHERE key = ? AND subject = ? AND predicate = ?"
SUBJECTS = "SELECT DISTINCT subject FROM back WHERE key = ? AND target = ? AND predicate = ? ORDER BY subject"
NAMES = "SELECT subject, predicate, target FROM back WHERE key = ? AND target = ? LIMIT 1"
OF_FEED = "SELECT DISTINCT subject, predicate, target FROM back WHERE predicate IN (?, ?, ?)"
TOPICS_TAKEN_BACK = """
SELECT DISTINCT target, subject FROM back WHERE predicate = ? AND subject IN
(SELECT subject FROM back WHERE key = ? AND target = ? AND predicate = ?) ORDER BY target, subject
"""

# What is looked up from its other end.
PREDICATES = frozenset({TOPIC, *INVERSE, *NEXT, TOTAL_ITEMS})
TARGETS = frozenset({DATASET, CATALOG, TAKEN_BACK})
# One bit of so many is set for each subject: most nodes that say nothing are told without asking the file.
BITS = 1 << 25


class Statements:
    """Statements in a file of SQLite, which is made for the first of them; for one thread at a time.

    `number` counts them, those that were said twice too. Raises `RegistryUnavailable` where the disk is full.
    """

    def __init__(self) -> None:
        self._tables: sqlite3.Connection | None = None
        self._looked_up: set[Token] = set()
        self._bits = bytearray()
        self.number = 0

    def add(self, text: str) -> None:
        """Take some lines of canonical N-Triples."""
        lines = [(hash(subject), subject, predicate, target) for subject, predicate, target in split_lines(text)]
        back = [
            (hash(target), target, predicate, subject)
            for _, subject, predicate, target in lines
            if predicate in PREDICATES or target in TARGETS
        ]
        self._looked_up.update(predicate for _, _, predicate, _ in back)
        self._set_bits({key for key, _, _, _ in lines})
        self.number += len(lines)
        try:
            tables = self._opened()
            tables.executemany("INSERT INTO line VALUES (?, ?, ?, ?)", lines)
            tables.executemany("INSERT INTO back VALUES (?, ?, ?, ?)", back)
        except sqlite3.OperationalError as error:
            raise _full(error) from error

    def arrange(self) -> None:
        """Make ready for look-ups, when all are there."""
        self._set_bits(())
        try:
            self._opened().executescript(ARRANGED)
        except sqlite3.OperationalError as error:
            raise _full(error) from error

    def close(self) -> None:
        """Forget all."""
        if self._tables:
            self._tables.close()
        self._tables = None
        self._looked_up.clear()
        self._bits = bytearray()
        self.number = 0

    def about(self, node: Token) -> Iterator[tuple[Token, Token]]:
        """What a node says, as often as it says it, in any order: predicate and target."""
        key = hash(node)
        return self._asked(ABOUT, key, node) if self._bits[key % BITS >> 3] & 1 << (key & 7) else iter(())

    def objects(self, node: Token, predicate: Token) -> Iterator[Token]:
        """What a node says by a predicate, as often as it says it, in any order."""
        return (target for (target,) in self._asked(SAID, hash(node), node, predicate))

    def subjects(self, predicate: Token, target: Token) -> Iterator[Token]:
        """Who says a node by one of the predicates that are looked up from their end, sorted."""
        if predicate not in self._looked_up:
            return iter(())
        return (subject for (subject,) in self._asked(SUBJECTS, hash(target), target, predicate))

    def datasets(self) -> Iterator[Token]:
        """All datasets, sorted."""
        return self.subjects(TYPE, DATASET)

    def of_feed(self) -> Iterator[Line]:
        """Where the feed goes on, what it claims to have, and one statement that names a catalogue, if there are."""
        yield from self._asked(OF_FEED, *NEXT, TOTAL_ITEMS)
        yield from self._asked(NAMES, hash(CATALOG), CATALOG)

    def taken_back(self) -> Iterator[tuple[Token, Token]]:
        """What is the topic of something that reports it as withdrawn, and that, sorted."""
        return self._asked(TOPICS_TAKEN_BACK, TOPIC, hash(TAKEN_BACK), TAKEN_BACK, STATUS)

    def _set_bits(self, keys: Iterable[int]) -> None:
        bits = self._bits = self._bits or bytearray(BITS >> 3)
        for key in keys:
            bits[key % BITS >> 3] |= 1 << (key & 7)

    def _asked(self, query: str, *values: Any) -> Iterator[Any]:
        try:
            return iter(self._opened().execute(query, values))
        except sqlite3.OperationalError as error:
            raise _full(error) from error

    def _opened(self) -> sqlite3.Connection:
        if self._tables is None:
            # Without a name SQLite makes a file that no folder lists: the system takes it back however the process
            # ends. Whoever leaves a feed early closes it in another thread than the one that filled it.
            self._tables = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._tables.executescript(TABLES)
        return self._tables


def _full(error: sqlite3.OperationalError) -> RegistryUnavailable:
    return RegistryUnavailable(f"a large page can't be kept on this registry's disk ({error})")
