"""The worker's side of parsing: one process for a run, watched, ended when it takes too much, and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing
from typing import IO, Any, BinaryIO, cast

from ckanext.citizendata.core.following import Limits as RecordLimits
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation import frames
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.channel import Channel, ChannelClosed, FrameTooLarge
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.parting import parts
from ckanext.citizendata.federation.statements import Statements

__all__ = ["Parser"]

MODULE = "ckanext.citizendata.federation.parser_process"
# What a Python needs to find its packages; passwords and tokens stay here.
ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
# Written out in full, a page may be so many times larger than it is, and a small one than this.
MAX_GROWTH = 5
SMALL = 100 * 1024 * 1024
# How a process ends that took more than it may: by the system, by itself, or as its allocator does without memory.
TOO_COSTLY = (-signal.SIGXCPU, -signal.SIGABRT, frames.OUT_OF_MEMORY)
# A process that was ended from outside, or by a fault of a library, is given its page once more.
TRIES = 2

# Lines of N-Triples or JSON, in one piece or in parts, and what was wrong with the page.
Read = tuple[list[str], tuple[Problem, ...]]


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
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def start(self) -> None:
        """Let the process start while the first page is being fetched; else it starts with that page."""
        self._process = self._process or self._started()

    @property
    def pid(self) -> int | None:
        """The process that parses now; None between its end and the next page."""
        return self._process.pid if self._process else None

    def parts_of(self, answer: Answer) -> Iterator[Page]:
        """The statements of a fetched page, whose file is given back: one page, or of a large one parts, as pages.

        Raises `SourceMalformed` with URL, reason and, where it is known, line for a page that no parser reads to its
        end, and for one that costs more than the limits allow. Raises `RegistryUnavailable` where the disk is full.
        """
        with closing(Statements()) as statements:
            with closing(answer):
                texts, problems = self._read(answer, statements, frames.HEAD)
            if not statements.number:
                yield Page(answer.url, "".join(texts), problems, answer.framed)
                return
            for number, part in enumerate(parts(statements, RecordLimits())):
                yield Page(answer.url, part.text, () if number else problems, answer.framed, number, part.rest)

    def records_of(self, answer: Answer) -> Iterator[Page]:
        """The records of a fetched page of N-Quads, one in each graph, in parts of which none says two things at once.

        Raises as `parts_of`.
        """
        with closing(Statements()) as statements, closing(answer):
            texts, problems = self._read(answer, statements, frames.QUADS)
        for number, text in enumerate(texts or [""]):
            yield Page(answer.url, text, () if number else problems, answer.framed, number)

    def lines_of_api(self, answer: Answer) -> Collection[str]:
        """What `api_answer.listed` tells of an answer of CKAN's API; raises as `parts_of`."""
        with closing(Statements()) as statements, closing(answer):
            texts, _ = self._read(answer, statements, frames.API)
            return "".join(texts).split("\n")[:-1]

    def _read(self, answer: Answer, statements: Statements, kind: bytes) -> Read:
        """What the page says, without the text of a large one: that is in `statements`."""
        for _ in range(TRIES):
            try:
                return self._asked(answer, statements, kind)
            except _Ended as error:
                if error.exit_code in TOO_COSTLY:
                    raise self._too_costly(answer) from error
            except TimeoutError as error:
                raise self._too_costly(answer) from error
            except FrameTooLarge as error:
                most = f"{self._most(answer) // 1024**2} MB, or {frames.MOST // 1024**2} MB in one statement"
                reason = f"written out in full, the page has more than {most}"
                raise SourceMalformed(answer.url, reason, code="too_large") from error
        reason = f"the process that parses it died {TRIES} times; the page may be made for that"
        raise SourceMalformed(answer.url, reason, code="parser_died")

    def _asked(self, answer: Answer, statements: Statements, kind: bytes) -> Read:
        """The answer of the process, which is ended where it didn't come to the end of its answer."""
        if answer.file:
            # A large page has a process of its own, to which its file is given at the start.
            self._end()
        process = self._process = self._process or self._started(answer.file)
        with ExitStack() as out_of_step:
            out_of_step.callback(self._end)
            try:
                letter, content, texts = self._conversation(process, answer, statements, kind)
            except ChannelClosed as error:
                self._end()
                raise _Ended(process.returncode) from error
            if not answer.file:
                out_of_step.pop_all()
        if letter == frames.OTHER:
            # A feed with one such page probably has others.
            self._end()
            self._library = frames.SECOND
            return self._asked(answer, statements, kind)
        if letter == frames.REFUSED:
            raise SourceMalformed(answer.url, content["reason"], content["line"], content["code"])
        return texts, tuple(Problem(answer.url, each["code"], each["message"], "warning") for each in content)

    def _conversation(
        self, process: subprocess.Popen[bytes], answer: Answer, statements: Statements, kind: bytes
    ) -> tuple[bytes, Any, list[str]]:
        """The letter and content of the last frame, and the statements of those before, but for a large page's."""
        channel = Channel(cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout))
        channel.allow(self._limits.total)
        channel.send(kind, json.dumps({"url": answer.url, "content_type": answer.content_type}).encode())
        channel.send(frames.FILE if answer.file else frames.BODY, answer.body)
        statements.close()
        most = left = self._most(answer)
        texts: list[str] = []
        while True:
            letter, content = channel.receive(min(left, frames.MOST))
            left -= len(content)
            if letter in (frames.SORTED, frames.PART):
                texts.append(content.decode())
            elif letter == frames.TEXT and kind == frames.API:
                raise FrameTooLarge("an answer of the API in more than one frame")
            elif letter == frames.TEXT:
                statements.add(content.decode())
            elif letter == frames.FORGET:
                left = most
                statements.close()
            else:
                return letter, json.loads(content), texts

    def _most(self, answer: Answer) -> int:
        """How many bytes the page may have when it is written out in full."""
        size = os.fstat(answer.file.fileno()).st_size if answer.file else len(answer.body)
        return MAX_GROWTH * max(size, min(SMALL, self._limits.page_bytes))

    def _started(self, file: BinaryIO | None = None) -> subprocess.Popen[bytes]:
        files = (file.fileno(),) if file else ()
        arguments = (str(self._limits.parser_seconds), str(self._limits.parser_bytes), self._library)
        return subprocess.Popen(
            [sys.executable, "-m", MODULE, *arguments, *map(str, files)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd="/",
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            # A Ctrl-C of the terminal is for the worker, which then ends this process.
            start_new_session=True,
            pass_fds=files,
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
