"""Points at which a worker is killed: where it meets the world, so that they stand whatever its code looks like.

A point is a request to a member or to Solr, the start of the parser, a statement or a commit in PostgreSQL. The n-th
time that a worker comes there, a process gets a signal: the worker itself, as by `kill -9`, or a server that it uses.
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import ckan.plugins.toolkit as tk
import psycopg2.extensions
import sqlalchemy as sa
from ckan import model
from sqlalchemy import event

__all__ = ["Counted", "armed"]

STATEMENTS = {
    # Publishing asks for the same rows, and holds them.
    "screen.looked_up": re.compile(r"FROM citizendata_ledger\s+WHERE .*\.iri = ANY\b(?!.*FOR UPDATE)", re.DOTALL),
    "publish.locked": re.compile(r"FOR (UPDATE|SHARE)\b"),
    "publish.package": re.compile(r"\b(INSERT INTO|UPDATE|COPY) (public\.)?\W?package\b"),
    "publish.record": re.compile(r"\b(INSERT INTO|UPDATE|COPY) (public\.)?\W?citizendata_record\b"),
    "publish.ledger": re.compile(r"\b(INSERT INTO|UPDATE|COPY) (public\.)?\W?citizendata_ledger\b"),
    # A batch is committed, and Solr knows nothing of it yet.
    "index.held": re.compile(r"FROM citizendata_record\s.*\bFOR SHARE\b", re.DOTALL),
    "report": re.compile(r"UPDATE citizendata_run\b"),
}


class Counted:
    """How often each point was passed; kills at the n-th time of the one that is armed."""

    def __init__(self, kill: dict[str, Any]) -> None:
        self._point = kill.get("point", "")
        self._number = kill.get("number", 0)
        self._victim = kill.get("victim") or os.getpid()
        self._signal = kill.get("signal", signal.SIGKILL)
        self._stacks = _stacks(kill["stacks"]) if "stacks" in kill else None
        self._passed: Counter[str] = Counter()
        self._next: str | None = None

    def passes(self, point: str) -> None:
        """The worker is here."""
        self.goes_on()
        self._passed[point] += 1
        if point == self._point and self._passed[point] == self._number:
            if self._stacks:
                faulthandler.dump_traceback(self._stacks)
            os.kill(self._victim, self._signal)

    def then(self, point: str) -> None:
        """The worker comes to this point with whatever it does next."""
        self._next = point

    def goes_on(self) -> None:
        """The worker does something."""
        if self._next:
            point, self._next = self._next, None
            self.passes(point)

    def write(self, file: str) -> None:
        """Tell how often each point was passed."""
        Path(file).write_text(json.dumps(self._passed), encoding="utf-8")


def armed(kill: dict[str, Any]) -> Counted:
    """The counter of this process; `kill` names `point`, `number`, `victim`, `signal`, and the hostile `port`.

    In the file `stacks` the process writes down what it does when it is killed at a point, and when it gets `SIGUSR1`.
    """
    counted = Counted(kill)
    solr = sa.engine.make_url(tk.config["solr_url"]).port
    sys.addaudithook(_on_audit(counted, kill["port"], solr))
    engine = model.meta.engine
    cursor = _cursor(counted)
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "cursor_factory", cursor))
    event.listen(engine, "commit", lambda _: (counted.passes("publish.commit"), counted.then("publish.committed")))
    return counted


def _stacks(file: str) -> TextIO:
    stacks = Path(file).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the process lives
    faulthandler.register(signal.SIGUSR1, stacks)
    return stacks


def _on_audit(counted: Counted, hostile: int, solr: int | None) -> Callable[[str, tuple[Any, ...]], None]:
    pages = iter(["fetch.asked"])

    def heard(happened: str, arguments: tuple[Any, ...]) -> None:
        if happened == "subprocess.Popen" and "parser_process" in str(arguments[1]):
            counted.passes("parse.start")
        elif happened == "http.client.send":
            port, sent = arguments[0].port, bytes(arguments[1][:200])
            if port == hostile and sent.startswith(b"GET"):
                counted.passes(next(pages, "fetch.next"))
            elif port == solr and b"/update" in sent.split(b"\r\n", 1)[0]:
                counted.passes("index.sent")
                counted.then("index.answered")

    return heard


def _cursor(counted: Counted) -> type[psycopg2.extensions.cursor]:
    """A cursor that tells its statements, also those that go past SQLAlchemy."""

    class Cursor(psycopg2.extensions.cursor):
        def execute(self, query: Any, *values: Any) -> None:
            counted.goes_on()
            super().execute(query, *values)
            _tell(counted, query)

        def copy_expert(self, query: Any, *more: Any, **named: Any) -> None:
            counted.goes_on()
            super().copy_expert(query, *more, **named)
            _tell(counted, query)

    return Cursor


def _tell(counted: Counted, query: Any) -> None:
    text = query.decode() if isinstance(query, bytes) else str(query)
    for point, pattern in STATEMENTS.items():
        if pattern.search(text):
            counted.passes(point)
