"""Pure work done in a process of its own, while the worker does something else.

Cutting pages into records and reading records by the schema need neither tables nor network, and take half the time of
a harvest: with a core of their own they cost none.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Protocol, TypeVar

__all__ = ["Begin", "Beside"]

# Of the standard streams; every other file belongs to the worker.
STREAMS = 3

Result = TypeVar("Result")


class Begin(Protocol):
    """Begins with work, whose result is had by a call; `functools.partial` is one that does all of it in that call."""

    def __call__(self, work: Callable[..., Result], /, *arguments: Any) -> Callable[[], Result]: ...


class Beside:
    """A context manager for one run; the process does one piece of work after the other.

    It is forked with all that was loaded, and holds none of the worker's files and connections: who enters this has no
    threads yet. Work is a function of a module, and can be done twice: where the process is lost, or the work fails in
    it, the worker does it by itself and raises what is to be raised.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="citizendata-beside")
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._is_over = False

    def __enter__(self) -> Beside:
        fork = multiprocessing.get_context("fork")
        self._pipe, other = fork.Pipe()
        self._process = fork.Process(target=_serve, args=(other,), name="citizendata-beside", daemon=True)
        self._process.start()
        other.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        if self._process:
            self._process.kill()
            self._process.join()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._lose()

    def begin(self, work: Callable[..., Result], /, *arguments: Any) -> Callable[[], Result]:
        """Comes back at once, before the work is done; a call of what it gives waits for that."""
        return self._pool.submit(self._done, work, arguments).result

    def _done(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        try:
            if self._pipe:
                self._pipe.send((work, arguments))
                is_done, result = self._pipe.recv()
                if is_done:
                    return result
        except (EOFError, OSError) as error:
            self._lose()
            if self._is_over:
                raise CancelledError from error
        return work(*arguments)

    def _lose(self) -> None:
        if self._pipe:
            self._pipe.close()
            self._pipe = None


def _serve(requests: Connection) -> None:
    """Do what is asked for until the worker is gone."""
    _let_go(requests.fileno())
    # What the worker had is left where it is, which keeps it shared.
    gc.freeze()
    with suppress(EOFError, OSError):
        while True:
            work, arguments = requests.recv()
            requests.send(_tried(work, arguments))


def _let_go(mine: int) -> None:
    """Keep no file or connection of the worker but this one: who waits for its end must not wait for this process."""
    os.closerange(STREAMS, mine)
    os.closerange(mine + 1, os.sysconf("SC_OPEN_MAX"))
    # A Ctrl-C of the terminal is for the worker, and so is what it does when it is asked to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _tried(work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, work(*arguments)
    except Exception:  # noqa: BLE001 - the worker tries again, and raises it where it can be seen
        return False, None
