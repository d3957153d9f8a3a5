"""How far a harvest is, for people at a terminal."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

import click

__all__ = ["Progress"]


class Progress(AbstractContextManager["Progress"]):
    """Tells how far a harvest is: a bar on a terminal, a line for each tenth elsewhere."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: Any = None
        self._told = ""
        self._terminal = sys.stderr.isatty()

    def __call__(self, doing: str, done: int, total: int | None) -> None:
        if self._terminal and total:
            self._draw(doing, done, total)
        else:
            self._tell(doing, done, total)

    def _draw(self, doing: str, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = click.progressbar(length=total, label=f"{self._title}: {doing}", file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def _tell(self, doing: str, done: int, total: int | None) -> None:
        share = f"{done * 10 // total * 10} %" if total else f"{done}"
        line = f"{self._title}: {doing} {share}"
        if line != self._told:
            click.echo(line, err=True)
        self._told = line

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)
