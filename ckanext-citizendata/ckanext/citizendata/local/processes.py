"""Processes of one installation: what should run, what does run, and how to end it all."""

from __future__ import annotations

import ctypes
import functools
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import psutil

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.settings import child_environment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ckanext.citizendata.local.settings import Home

__all__ = ["Process", "Supervision", "die_with_parent", "port_owner", "reason_in", "reason_of"]

STOP_SECONDS = 40
"""How long the supervisor may take to end everything in order before it is ended itself."""


@dataclass(frozen=True)
class Process:
    """One process that should run; the supervisor starts it again when it ends. Services outlive their users."""

    name: str
    title: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    user: int | None = None
    group: int | None = None
    stop_signal: int = signal.SIGTERM
    is_service: bool = False


class Supervision:
    """The background process that keeps the processes of one home running, seen from outside.

    A tied one ends with the process that started it, however that ends.
    """

    def __init__(self, home: Home, tied: bool = False) -> None:
        self.home = home
        self.tied = tied
        self.wanted = home.run / "wanted.json"
        self.running = home.run / "running.json"
        self.log = home.logs / "supervisor.log"

    def supervisor(self) -> psutil.Process | None:
        """The living supervisor, or None."""
        return _living(self._state().get("supervisor"))

    def processes(self) -> dict[str, psutil.Process]:
        """The living processes by name."""
        found = {name: _living(identity) for name, identity in self._state().get("processes", {}).items()}
        return {name: process for name, process in found.items() if process}

    def want(self, processes: list[Process]) -> None:
        """Make these processes run, beside those that were wanted before; comes back before they are up."""
        supervisor = self.supervisor()
        before = self._wanted() if supervisor else {}
        wanted = {**before, **{process.name: asdict(process) for process in processes}}
        whole = json.dumps(list(wanted.values()), indent=1)
        draft = self.wanted.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(whole, encoding="utf-8")
        draft.replace(self.wanted)
        if supervisor:
            supervisor.send_signal(signal.SIGHUP)
        else:
            self._launch()

    def stop(self) -> None:
        """End everything of this home, in reverse order, whoever is left over from a killed supervisor too."""
        supervisor = self.supervisor()
        leftovers = self._tree()
        if supervisor:
            supervisor.terminate()
            _wait([supervisor], STOP_SECONDS)
        living = [process for process in {*leftovers, *self._tree()} if process.is_running()]
        _end(living, signal.SIGTERM, 10)
        _end(living, signal.SIGKILL, 5)
        for file in (self.running, self.wanted):
            file.unlink(missing_ok=True)

    def starts(self, name: str) -> int:
        """How often the process was started, as far as the supervisor remembers."""
        return self._state().get("processes", {}).get(name, {}).get("starts", 0)

    def _launch(self) -> None:
        self.stop_leftovers()
        command = [sys.executable, "-m", "ckanext.citizendata.local.supervisor", str(self.home.root)]
        with self.log.open("ab") as log:
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home.root,
                env=child_environment(),
                start_new_session=True,
                preexec_fn=functools.partial(die_with_parent, signal.SIGTERM) if self.tied else None,
            )
        deadline = time.monotonic() + 15
        while not self.supervisor():
            if time.monotonic() > deadline:
                raise LocalError(f"The background process does not start: see {self.log}.")
            time.sleep(0.05)

    def stop_leftovers(self) -> None:
        """End what a killed supervisor left behind; nothing while one is alive."""
        if not self.supervisor():
            living = self._tree()
            _end(living, signal.SIGTERM, 10)
            _end(living, signal.SIGKILL, 5)
            self.running.unlink(missing_ok=True)

    def _tree(self) -> list[psutil.Process]:
        """All living processes of this home with their descendants, the supervisor left out."""
        found: dict[int, psutil.Process] = {}
        for process in self.processes().values():
            for member in (process, *_descendants(process)):
                found[member.pid] = member
        for member in _session_members(self._state().get("processes", {}).values()):
            found[member.pid] = member
        return list(found.values())

    def _wanted(self) -> dict[str, dict]:
        return {each["name"]: each for each in _read(self.wanted, [])}

    def _state(self) -> dict:
        return _read(self.running, {})


def _read(file: Path, otherwise: Any) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return otherwise


_RAISED = re.compile(r"[\w.]+(?:Error|Exception|Refused): (?P<reason>.+)")


def reason_in(log: Path) -> str:
    """Why a process ended, by its log; nothing where there is no log."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - 8192))
            return reason_of(stream.read().decode("utf-8", "replace"))
    except FileNotFoundError:
        return ""


def reason_of(output: str) -> str:
    """The last error that Python raised, or the last line that says something; without a full stop."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    raised = [match["reason"] for line in lines if (match := _RAISED.fullmatch(line))]
    return (raised or lines or [""])[-1].rstrip(".")


def port_owner(port: int) -> str:
    """Who listens on the port of the loopback interface, in words, as far as this user may know."""
    try:
        listening = [found for found in psutil.net_connections("tcp") if found.status == psutil.CONN_LISTEN]
        pid = next((found.pid for found in listening if found.laddr and found.laddr[1] == port and found.pid), None)
        return f"process {pid} ({psutil.Process(pid).name()})" if pid else "another program"
    except psutil.Error:
        return "another program"


def _system_library() -> Any:
    return ctypes.CDLL(None) if sys.platform == "linux" else None


_LIBRARY = _system_library()
_PR_SET_PDEATHSIG = 1


def die_with_parent(number: int) -> None:
    """Ask the system for this signal when the parent ends; on Linux alone; elsewhere the next start cleans up."""
    if _LIBRARY:
        _LIBRARY.prctl(_PR_SET_PDEATHSIG, number)


def _living(identity: dict | None) -> psutil.Process | None:
    """The process of that id, if it is still the same one: ids are given out anew."""
    if not identity:
        return None
    try:
        process = psutil.Process(identity["pid"])
        same = abs(process.create_time() - identity["created"]) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return None
    return process if same else None


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _session_members(identities: Iterable[dict]) -> list[psutil.Process]:
    """Processes of the sessions that our processes lead, or led before they were killed.

    The system gives no process the id of a session that still has members, so a session without its leader is ours.
    """
    leaders = {identity["pid"] for identity in identities if not _is_given_anew(identity)}
    found = []
    for process in psutil.process_iter() if leaders else ():
        try:
            if os.getsid(process.pid) in leaders:
                found.append(process)
        except (ProcessLookupError, PermissionError):
            continue
    return found


def _is_given_anew(identity: dict) -> bool:
    """Whether the id belongs to another process by now."""
    try:
        return abs(psutil.Process(identity["pid"]).create_time() - identity["created"]) >= 1
    except psutil.NoSuchProcess:
        return False


def _end(processes: list[psutil.Process], number: int, seconds: float) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.Error:
            continue
    _wait(processes, seconds)


def _wait(processes: list[psutil.Process], seconds: float) -> None:
    psutil.wait_procs([process for process in processes if process.pid != os.getpid()], timeout=seconds)
