"""The background process of one home: starts what is wanted, starts again what ended, ends it all in reverse order.

Run as `python -m ckanext.citizendata.local.supervisor HOME`. SIGHUP: read anew what is wanted. SIGTERM: end everything.
"""

from __future__ import annotations

import fcntl
import functools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from ckanext.citizendata.local.processes import Process, die_with_parent
from ckanext.citizendata.local.settings import Home, child_environment

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Supervisor"]

TICK = 0.25
RESTARTS = 3
"""So many times in RESTART_SECONDS a process is started again; then it counts as failed, until the next SIGHUP."""
RESTART_SECONDS = 60
PATIENCE = 15.0


class Child:
    """One running process and the times of its starts."""

    def __init__(self, process: Process, home: Home) -> None:
        self.process = process
        self.home = home
        self.starts: list[float] = []
        self.failed = False
        self.start()

    def start(self) -> None:
        """Start the process; its output goes to a log of its name."""
        self.starts.append(time.monotonic())
        with (self.home.logs / f"{self.process.name}.log").open("ab") as log:
            self.popen = subprocess.Popen(
                self.process.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/" if self.process.user is not None else self.home.root,
                env=child_environment(**self.process.environment),
                start_new_session=True,
                user=self.process.user,
                group=self.process.group,
                extra_groups=None if self.process.user is None else [],
                preexec_fn=functools.partial(die_with_parent, self.process.stop_signal),
            )
        self.created = psutil.Process(self.popen.pid).create_time()

    def revive(self) -> bool:
        """Start the process again if it has ended; whether anything changed."""
        if self.failed or self.popen.poll() is None:
            return False
        recent = [start for start in self.starts if time.monotonic() - start < RESTART_SECONDS]
        self.failed = len(recent) > RESTARTS
        if not self.failed:
            time.sleep(TICK * len(recent))
            self.start()
        return True

    def ask_to_stop(self) -> None:
        """Tell the process to end in its own way."""
        if self.popen.poll() is None:
            self.popen.send_signal(self.process.stop_signal)

    def await_stop(self) -> None:
        """Come back when the process has ended; where it takes too long, with force."""
        try:
            self.popen.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()


def stop(children: Iterable[Child]) -> None:
    """End the processes: first those that use services, all at once, then the services."""
    for service in (False, True):
        group = [child for child in children if child.process.is_service is service]
        for child in group:
            child.ask_to_stop()
        for child in group:
            child.await_stop()


class Supervisor:
    """Keeps the processes of the file `wanted.json` running and writes who they are into `running.json`."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.children: dict[str, Child] = {}

    def run(self) -> None:
        """Work until SIGTERM."""
        wishes: list[int] = []
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, _: wishes.append(received))
        self.reconcile()
        while signal.SIGTERM not in wishes and signal.SIGINT not in wishes:
            if signal.SIGHUP in wishes:
                wishes.remove(signal.SIGHUP)
                self.reconcile()
            if any([child.revive() for child in self.children.values()]):
                self.write()
            time.sleep(TICK)
        stop(self.children.values())

    def reconcile(self) -> None:
        """Start what is wanted and does not run, end what runs unwanted; a changed command is a new process."""
        wanted = {
            each["name"]: Process(**each)
            for each in json.loads((self.home.run / "wanted.json").read_text(encoding="utf-8"))
        }
        changed = [name for name, child in self.children.items() if wanted.get(name) != child.process or child.failed]
        stop([self.children[name] for name in changed])
        for name in changed:
            del self.children[name]
        self.write()
        for name, process in wanted.items():
            if name not in self.children:
                self.children[name] = Child(process, self.home)
                self.write()

    def write(self) -> None:
        """Write down who runs, so that they can be found and ended even after this process was killed."""
        own = psutil.Process()
        state = {
            "supervisor": {"pid": own.pid, "created": own.create_time()},
            "processes": {
                name: {"pid": child.popen.pid, "created": child.created, "starts": len(child.starts)}
                for name, child in self.children.items()
            },
        }
        file = self.home.run / "running.json"
        draft = file.with_suffix(".draft")
        draft.write_text(json.dumps(state, indent=1), encoding="utf-8")
        draft.replace(file)


def main() -> None:
    """Supervise the home named on the command line, unless somebody does already."""
    home = Home(Path(sys.argv[1]))
    with (home.run / "supervisor.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        Supervisor(home).run()


if __name__ == "__main__":
    main()
