"""The worker's side of parsing: one process for a run, watched, ended when it takes too much, and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from typing import IO, Any, cast

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation import frames
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.channel import Channel, ChannelClosed, FrameTooLarge
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.page import Page

__all__ = ["Parser"]

MODULE = "ckanext.citizendata.federation.parser_process"
# What a Python needs to find its packages; passwords and tokens stay here.
ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
# Written out in full, a page may be so many times larger than the most that a page may have.
MAX_GROWTH = 5
# How a process ends that took more than it may: by the system, by itself, or as its allocator does without memory.
TOO_COSTLY = (-signal.SIGXCPU, -signal.SIGABRT, frames.OUT_OF_MEMORY)
# A process that was ended from outside, or by a fault of a library, is given its page once more.
TRIES = 2


class _Ended(Exception):  # noqa: N818 - what happened to the process, not an error of ours
    """The process ended in the middle of a page."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(f"exit code {exit_code}")
        self.exit_code = exit_code


class Parser:
    """Parses pages in a process of its own; use as a context manager. Whatever happens to the process, we go on."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._library = frames.FIRST
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Parser:
        # It starts while the first page is being fetched.
        self._process = self._started()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def pid(self) -> int | None:
        """The process that parses now; None between its end and the next page."""
        return self._process.pid if self._process else None

    def page_from_answer(self, answer: Answer) -> Page:
        """The statements of a fetched page.

        Raises `SourceMalformed` with URL, reason and, where it is known, line for a page that no parser reads to its
        end, and for one that costs more than the limits allow.
        """
        for _ in range(TRIES):
            try:
                return self._asked(answer)
            except _Ended as error:
                if error.exit_code in TOO_COSTLY:
                    raise self._too_costly(answer) from error
            except TimeoutError as error:
                raise self._too_costly(answer) from error
            except FrameTooLarge as error:
                reason = f"written out in full, the page is more than {MAX_GROWTH} times as large as a page may be"
                raise SourceMalformed(answer.url, reason, code="too_large") from error
        reason = f"the process that parses it died {TRIES} times; the page may be made for that"
        raise SourceMalformed(answer.url, reason, code="parser_died")

    def _asked(self, answer: Answer) -> Page:
        """The answer of the process, which is ended where it didn't come to the end of its answer."""
        process = self._process = self._process or self._started()
        with ExitStack() as out_of_step:
            out_of_step.callback(self._end)
            try:
                letter, content, lines = self._conversation(process, answer)
            except ChannelClosed as error:
                self._end()
                raise _Ended(process.returncode) from error
            out_of_step.pop_all()
        if letter == frames.OTHER:
            # A feed with one such page probably has others.
            self._end()
            self._library = frames.SECOND
            return self._asked(answer)
        if letter == frames.REFUSED:
            raise SourceMalformed(answer.url, content["reason"], content["line"], content["code"])
        problems = tuple(Problem(answer.url, each["code"], each["message"], "warning") for each in content)
        return Page(answer.url, _text(lines), problems, answer.framed)

    def _conversation(self, process: subprocess.Popen[bytes], answer: Answer) -> tuple[bytes, Any, set[str]]:
        """The letter and content of the last frame, and the lines of those before."""
        channel = Channel(cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout))
        channel.allow(self._limits.total)
        channel.send(frames.HEAD, json.dumps({"url": answer.url, "content_type": answer.content_type}).encode())
        channel.send(frames.BODY, answer.body)
        most = left = self._limits.page_bytes * MAX_GROWTH
        lines: set[str] = set()
        while True:
            letter, content = channel.receive(left)
            left -= len(content)
            if letter == frames.TEXT:
                lines.update(content.decode().split("\n")[:-1])
            elif letter == frames.FORGET:
                left = most
                lines.clear()
            else:
                return letter, json.loads(content), lines

    def _started(self) -> subprocess.Popen[bytes]:
        arguments = (str(self._limits.parser_seconds), str(self._limits.parser_bytes), self._library)
        return subprocess.Popen(
            [sys.executable, "-m", MODULE, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd="/",
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            # A Ctrl-C of the terminal is for the worker, which then ends this process.
            start_new_session=True,
        )

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            with self._process:
                self._process = None

    def _too_costly(self, answer: Answer) -> SourceMalformed:
        most = f"{self._limits.parser_seconds} seconds or {self._limits.parser_bytes // 1024**2} MB of memory"
        reason = f"parsing it takes more than {most}; ask for a feed in smaller pages"
        return SourceMalformed(answer.url, reason, code="too_costly")


def _text(lines: set[str]) -> str:
    """The lines in their order, each with its end; nothing where there are none."""
    return "\n".join([*sorted(lines), ""])
