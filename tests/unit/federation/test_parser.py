"""The process that parses: what it may do, how it ends, and that the next page is read all the same."""

from __future__ import annotations

import os
import random
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.limits import Limits
from ckanext.citizendata.federation.parser import Parser

URL = "https://node.example.org/feed"
HEALTHY = b"<https://a.example.org/> <https://b.example.org/> <https://c.example.org/> ."
# Its statements all belong to datasets, so that each of its parts has some.
LARGE = "".join(
    f"<https://a.example.org/{number // 40}> a <http://www.w3.org/ns/dcat#Dataset> .\n"
    if number % 40 == 0
    else f'<https://a.example.org/{number // 40}> <https://b.example.org/> "Number {number}" .\n'
    for number in range(400_000)
).encode()
RDF = b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="https://a.example.org/">%b</r:RDF>'
DEEP_XML = RDF % (b"<a:D><a:p>" * 60_000 + b"</a:p></a:D>" * 60_000)
DEEP_TURTLE = b"<x:a> <x:b> " + b"[ <x:b> " * 100_000 + b"1" + b" ]" * 100_000 + b" ."
DEEP_JSON = b'{"@id": "x:a", "x:b": ' * 100_000 + b"1" + b"}" * 100_000
# At this depth the library overruns its stack.
DEEP_STATEMENTS = b"<x:a> <x:b> " + b"<<( <x:a> <x:b> " * 100_000 + b"<x:c>" + b" )>>" * 100_000 + b" ."
LONG_PREFIX = b"@prefix a: <https://a.example.org/" + b"a" * 10_000 + b"> .\n" + b"a:b a:c a:d, a:e .\n" * 1000
FOREST = b"<x:a> <x:b> <x:c>, " + b", ".join(b"<x:%d>" % number for number in range(1_500_000)) + b" ."
GARBAGE = b"\n".join(random.Random(5).randbytes(40).hex().encode() for _ in range(200_000))


def refused(parser: Parser, body: bytes, media_type: str = "text/turtle") -> SourceMalformed:
    with pytest.raises(SourceMalformed) as caught:
        list(parser.parts_of(Answer(URL, media_type, body)))
    return caught.value


def statements(parser: Parser, body: bytes = HEALTHY) -> int:
    return sum(page.text.count("\n") for page in parser.parts_of(Answer(URL, "text/turtle", body)))


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@contextmanager
def struck(parser: Parser, sign: signal.Signals, times: int = 1) -> Iterator[list[int]]:
    """Sends the signal to the process that parses, while it does; the list of those that got it."""
    hit: list[int] = []
    over = threading.Event()

    def strike() -> None:
        while len(hit) < times and not over.wait(0.02):
            pid = parser.pid
            if pid and pid not in hit and _cpu_seconds(pid) > 0.4:
                os.kill(pid, sign)
                hit.append(pid)

    thread = threading.Thread(target=strike)
    thread.start()
    try:
        yield hit
    finally:
        over.set()
        thread.join()


def _cpu_seconds(pid: int) -> float:
    """What the process has used; when it is more than the start takes, it is at work on the page."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class TestProcess:
    def test_is_one_for_many_pages_and_gone_at_the_end(self) -> None:
        """A page doesn't pay for the start of an interpreter."""
        with Parser(Limits()) as parser:
            (pid,) = {(statements(parser), parser.pid)[1] for _ in range(5)}
        assert pid
        assert not alive(pid)
        assert parser.pid is None

    def test_another_one_has_the_second_library(self) -> None:
        """From the first page on that the first library doesn't read: loading the second takes its time."""
        with Parser(Limits()) as parser:
            statements(parser)
            first = parser.pid
            pids = {(refused(parser, b"nonsense"), statements(parser), parser.pid)[2] for _ in range(3)}
        assert first
        assert len(pids) == 1
        assert pids != {first}
        assert not alive(first)

    def test_may_do_nothing_but_parse(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """No file, no socket, no child of its own, no secret, low priority, and little memory."""
        monkeypatch.setenv("CKAN_SQLALCHEMY_URL", "postgresql://secret")
        with Parser(Limits(parser_bytes=400 * 1024**2)) as parser:
            statements(parser)
            process = Path(f"/proc/{parser.pid}")
            limits = {line[:26].strip(): line[26:].split()[0] for line in (process / "limits").read_text().splitlines()}
            assert limits["Max open files"] == "3"
            assert limits["Max processes"] == "0"
            assert limits["Max file size"] == "0"
            assert limits["Max core file size"] == "0"
            assert limits["Max address space"] == str(400 * 1024**2)
            assert {link.name for link in (process / "fd").iterdir()} == {"0", "1", "2"}
            assert b"secret" not in (process / "environ").read_bytes()
            assert os.getpriority(os.PRIO_PROCESS, parser.pid or 0) >= 10

    def test_ends_with_the_worker(self) -> None:
        """Even if that is killed: nobody is left to read."""
        with Parser(Limits()) as parser:
            statements(parser)
            pid = parser.pid
            process = parser._process
            assert pid
            assert process
            assert process.stdin
            process.stdin.close()
            assert process.wait(timeout=5) == 0


class TestAnswer:
    def test_is_sorted_and_says_nothing_twice(self) -> None:
        """In one piece, beside the worker."""
        numbers = [*range(2_000), *range(1_000)]
        body = "".join(f'<https://a.example.org/{each}> <https://b.example.org/> "{each}" .\n' for each in numbers)
        with Parser(Limits()) as parser:
            (page,) = parser.parts_of(Answer(URL, "text/turtle", body.encode()))
        lines = page.text.split(" .\n")
        assert (lines.pop(), len(lines), lines == sorted(set(lines))) == ("", 2_000, True)

    def test_of_nothing(self) -> None:
        with Parser(Limits()) as parser:
            (page,) = parser.parts_of(Answer(URL, "text/turtle", b"# Nothing yet."))
        assert page.text == ""


class TestDeath:
    def test_by_a_stranger_costs_nothing(self) -> None:
        """Killed in the middle of a page, as the system does when memory is short: another one reads the page again."""
        with Parser(Limits()) as parser:
            with struck(parser, signal.SIGKILL) as hit:
                assert statements(parser, LARGE) == 400_000
            assert len(hit) == 1
            assert parser.pid not in hit

    def test_that_comes_again_refuses_the_page(self) -> None:
        """And the next one is read."""
        with Parser(Limits()) as parser:
            with struck(parser, signal.SIGKILL, times=2) as hit:
                error = refused(parser, LARGE)
            assert len(hit) == 2
            assert error.outcome == "rejected(parser_died)"
            assert statements(parser) == 1

    def test_before_the_page_costs_nothing(self) -> None:
        """Between two pages."""
        with Parser(Limits()) as parser:
            statements(parser)
            os.kill(parser.pid or 0, signal.SIGKILL)
            assert statements(parser) == 1

    def test_by_a_fault_of_the_library_refuses_the_page(self) -> None:
        """A page may find one."""
        with Parser(Limits()) as parser:
            error = refused(parser, DEEP_STATEMENTS, "application/n-triples")
            assert error.outcome == "rejected(parser_died)"
            assert error.url == URL
            assert statements(parser) == 1


class TestCost:
    def test_too_much_time_of_the_processor(self) -> None:
        """Of a page; those before don't count."""
        with Parser(Limits(parser_seconds=1)) as parser:
            for _ in range(3):
                statements(parser, LARGE[: len(LARGE) // 4].rpartition(b"\n")[0])
            began = time.monotonic()
            assert refused(parser, DEEP_XML, "application/rdf+xml").outcome == "rejected(too_costly)"
            assert time.monotonic() - began < 10
            assert statements(parser) == 1

    def test_too_much_memory(self) -> None:
        """Whichever part of the process asks for it."""
        with Parser(Limits(parser_bytes=120 * 1024**2)) as parser:
            for body, media_type in ((FOREST * 4, "text/turtle"), (RDF % (b"<!--" + b"x" * 60_000_000), "text/xml")):
                error = refused(parser, body, media_type)
                assert error.outcome == "rejected(too_costly)"
                assert "120 MB of memory" in error.sentence
                assert statements(parser) == 1

    def test_what_the_system_allows_is_enough(self) -> None:
        """A limit of the system that is lower than ours stays, and pages are read within it."""
        with Parser(Limits(parser_seconds=1000, parser_bytes=2 * 1024**3)) as parser:
            parser.start()
            pid = parser.pid
            # Without a process these would be limits of the tests.
            assert pid
            allowed = {resource.RLIMIT_CPU: (500, 500), resource.RLIMIT_AS: (1024**3, 1024**3)}
            for kind, most in allowed.items():
                resource.prlimit(pid, kind, most)
            assert statements(parser) == 1
            assert {kind: resource.prlimit(pid, kind) for kind in allowed} == allowed

    def test_a_process_that_stands_still(self) -> None:
        """It uses no time of the processor, and takes that of the worker."""
        with Parser(Limits(total=2)) as parser:
            with struck(parser, signal.SIGSTOP):
                assert refused(parser, LARGE).outcome == "rejected(too_costly)"
            assert statements(parser) == 1

    def test_more_said_than_written(self) -> None:
        """Abbreviations make a small page large."""
        with Parser(Limits(page_bytes=100_000)) as parser:
            assert refused(parser, LONG_PREFIX).outcome == "rejected(too_large)"
            assert statements(parser) == 1

    def test_depth_and_garbage(self) -> None:
        """Read or refused, in seconds, by the same process."""
        with Parser(Limits()) as parser:
            refused(parser, b"nonsense")
            pid = parser.pid
            assert statements(parser, DEEP_TURTLE) == 100_001
            assert refused(parser, DEEP_JSON, "application/ld+json").outcome == "rejected(malformed)"
            assert refused(parser, GARBAGE).line == 1
            error = refused(parser, b"\n".join(LARGE.splitlines()[:10_000]) + b"\nthis is no statement")
            assert (error.outcome, error.line) == ("rejected(malformed)", 10_001)
            assert parser.pid == pid
