"""Processes that are kept running, and their end."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.processes import Process, Supervision, port_owner, reason_in
from ckanext.citizendata.local.services import wait_for
from ckanext.citizendata.local.settings import Home

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


@pytest.fixture
def supervision(tmp_path: Path) -> Iterator[Supervision]:
    """The supervision of an empty home; nothing of it runs after the test."""
    home = Home(tmp_path / "demo")
    home.make()
    found = Supervision(home)
    yield found
    found.stop()


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether the condition holds within ten seconds."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def ended(process: psutil.Process) -> bool:
    """Whether the process runs no more; its entry stays until somebody asks how it ended."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


class TestSupervision:
    def test_starts_and_stops(self, supervision: Supervision) -> None:
        """What is wanted runs, and after the stop neither it nor the supervisor is left."""
        supervision.want([Process("a", "a", SLEEPER), Process("b", "b", SLEEPER)])
        assert eventually(lambda: set(supervision.processes()) == {"a", "b"})
        everybody = [supervision.supervisor(), *supervision.processes().values()]
        supervision.stop()
        assert all(ended(process) for process in everybody if process)
        assert supervision.supervisor() is None

    def test_wants_more(self, supervision: Supervision) -> None:
        """What is wanted later runs beside what runs already."""
        supervision.want([Process("a", "a", SLEEPER)])
        assert eventually(lambda: "a" in supervision.processes())
        first = supervision.processes()["a"]
        supervision.want([Process("b", "b", SLEEPER)])
        assert eventually(lambda: set(supervision.processes()) == {"a", "b"})
        assert supervision.processes()["a"] == first

    def test_killed_child(self, supervision: Supervision) -> None:
        """A process that was killed is started again."""
        supervision.want([Process("a", "a", SLEEPER)])
        assert eventually(lambda: "a" in supervision.processes())
        first = supervision.processes()["a"]
        first.kill()
        assert eventually(lambda: supervision.processes().get("a", first) != first)

    def test_killed_supervisor(self, supervision: Supervision) -> None:
        """After the supervisor was killed a new start ends what was left and starts anew."""
        supervision.want([Process("a", "a", SLEEPER)])
        assert eventually(lambda: "a" in supervision.processes())
        first, supervisor = supervision.processes()["a"], supervision.supervisor()
        assert supervisor
        supervisor.kill()
        supervisor.wait(5)
        supervision.want([Process("a", "a", SLEEPER)])
        assert eventually(lambda: supervision.processes().get("a", first) != first)
        assert ended(first)

    def test_grandchildren(self, supervision: Supervision) -> None:
        """The children of a killed process end with the stop, though nobody knows them by name."""
        forks = [sys.executable, "-c", "import os, time; os.fork(); time.sleep(600)"]
        supervision.want([Process("a", "a", forks)])
        assert eventually(lambda: "a" in supervision.processes() and bool(supervision.processes()["a"].children()))
        child, supervisor = supervision.processes()["a"], supervision.supervisor()
        grandchild = child.children()[0]
        assert supervisor
        child.suspend()
        supervisor.kill()
        child.kill()
        supervision.stop()
        assert ended(grandchild)

    def test_stale_files(self, supervision: Supervision) -> None:
        """Files of a former life that name a foreign process do nothing to it and don't hinder a start."""
        own = psutil.Process()
        identity = f'{{"pid": {own.pid}, "created": 1.0}}'
        supervision.running.write_text(f'{{"supervisor": {identity}, "processes": {{"a": {identity}}}}}')
        assert supervision.supervisor() is None
        supervision.want([Process("a", "a", SLEEPER)])
        assert eventually(lambda: "a" in supervision.processes())
        assert own.is_running()

    def test_tied(self, tmp_path: Path) -> None:
        """A tied supervisor ends with the process that started it, even when that is killed."""
        home = Home(tmp_path / "check")
        home.make()
        code = (
            "import sys, time; from pathlib import Path; from ckanext.citizendata.local.processes import *;"
            "from ckanext.citizendata.local.settings import Home;"
            f"Supervision(Home(Path({str(home.root)!r})), tied=True).want([Process('a', 'a', {SLEEPER!r})]);"
            "time.sleep(600)"
        )
        starter = psutil.Popen([sys.executable, "-c", code])
        found = Supervision(home)
        assert eventually(lambda: "a" in found.processes())
        child = found.processes()["a"]
        starter.send_signal(signal.SIGKILL)
        starter.wait()
        assert eventually(lambda: ended(child))
        assert eventually(lambda: found.supervisor() is None)


class TestWaitFor:
    def test_ended(self, supervision: Supervision) -> None:
        """A process that ends by an error is reported with that error and its log, without waiting for the time-out."""
        process = Process(
            "kenya", "the site kenya", [sys.executable, "-c", "raise ValueError('plugins are in disorder')"]
        )
        supervision.want([process])
        with pytest.raises(
            LocalError, match="The site kenya does not start: plugins are in disorder. The whole .*kenya.log"
        ):
            wait_for(supervision, process, lambda: False)

    def test_too_long(self, supervision: Supervision) -> None:
        """A process that never answers is reported with its log."""
        process = Process("solr", "Solr", SLEEPER)
        supervision.want([process])
        with pytest.raises(LocalError, match="Solr does not answer within 1 seconds: see .*solr.log"):
            wait_for(supervision, process, lambda: False, seconds=1)


class TestPortOwner:
    def test_named(self) -> None:
        """Who listens is named by process and program."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            assert f"process {os.getpid()} (" in port_owner(taken.getsockname()[1])


class TestReasonIn:
    def test_error(self, tmp_path: Path) -> None:
        """The last error counts, not what is logged after it."""
        (tmp_path / "log").write_text("a.b.OldError: old\na.b.SomeError: this\n[INFO] Shutting down\n")
        assert reason_in(tmp_path / "log") == "this"

    def test_no_error(self, tmp_path: Path) -> None:
        """Else the last line that says something; nothing where there is no log."""
        (tmp_path / "log").write_text("one\ntwo\n\n")
        assert reason_in(tmp_path / "log") == "two"
        assert reason_in(tmp_path / "none") == ""
