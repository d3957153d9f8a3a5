"""What the stock site and ours have in common: an empty database to begin each round with, and one warm process."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.feed_files import CHANGED, Feed
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.processes import die_with_parent, reason_in, reason_of
from ckanext.citizendata.local.services import Services
from ckanext.citizendata.local.settings import CHECKOUT, child_environment

__all__ = ["BenchSite", "Told", "WarmProcess", "silent", "started"]

Told = Callable[[str, int, int | None], None]
PATIENCE = 10
PAUSE = 0.05
SECONDS = 60


def silent(_doing: str, _done: int, _total: int | None) -> None:
    """Tells nobody how far a step is."""


def started(command: Sequence[str | Path], log: Path, **options: Any) -> subprocess.Popen[str]:
    """A process that ends with this one at the latest, whose errors go to the log."""
    with log.open("ab") as errors:
        return subprocess.Popen(
            [str(word) for word in command],
            stderr=errors,
            text=True,
            encoding="utf-8",
            cwd=CHECKOUT,
            env=child_environment(),
            start_new_session=True,
            preexec_fn=partial(die_with_parent, 15),
            **options,
        )


class WarmProcess:
    """A process of `benchmarks.site_process`; comes up with CKAN loaded."""

    def __init__(self, python: Path, config: Path, log: Path) -> None:
        self.log = log
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.popen = started([python, "-m", "benchmarks.site_process", config], log, **pipes)
        self._answer(silent)

    def ask(self, told: Told = silent, **request: Any) -> Any:
        """The result of a request. Raises LocalError with the site's own words where it refuses or ends."""
        assert self.popen.stdin
        try:
            self.popen.stdin.write(json.dumps(request) + "\n")
            self.popen.stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None
        return self._answer(told)

    def close(self) -> None:
        """End the process."""
        self.popen.terminate()
        try:
            self.popen.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe:
                pipe.close()

    def _answer(self, told: Told) -> Any:
        assert self.popen.stdout
        for line in self.popen.stdout:
            answer = json.loads(line)
            if "told" in answer:
                told(*answer["told"])
            elif "error" in answer:
                raise LocalError(f"The site refuses: {answer['error']}. See {self.log}.")
            else:
                return answer["result"]
        raise self._ended()

    def _ended(self) -> LocalError:
        return LocalError(f"The process of the site ended: {reason_in(self.log)}. The whole story is in {self.log}.")


class BenchSite:
    """One site: `options` are those of its configuration file, `position` its place among the services' sites."""

    def __init__(self, services: Services, sites: Sequence[str], name: str, python: Path) -> None:
        self.services = services
        self.name = name
        self.python = python
        self.home = services.home
        self.position = list(sites).index(name)
        self.database = self.home.database(name)
        self.empty = f"{self.database}_empty"
        self.addresses = services.addresses(sites)[name]
        self.file = self.home.sites / f"{name}.ini"
        self.log = self.home.logs / f"{name}.log"
        self.process: WarmProcess | None = None

    def prepare(self) -> None:
        """Make the empty database with all tables that every round begins with."""
        self.services.databases.drop(self.empty)
        self.services.databases.create(self.empty)
        address = {"CKAN_SQLALCHEMY_URL": self.services.databases.url(self.empty)}
        command = [self.python.with_name("ckan"), "-c", self.file, "db", "upgrade"]
        done = subprocess.run(
            command, capture_output=True, text=True, env=child_environment(**address), cwd=self.home.root, check=False
        )
        with self.log.open("a", encoding="utf-8") as file:
            file.write(done.stdout + done.stderr)
        if done.returncode:
            reason = reason_of(done.stderr)
            raise LocalError(f"The tables of {self.name} can't be made: {reason}. The whole story is in {self.log}.")

    def begin(self) -> None:
        """A round begins: nothing in database, index and queue, and a process that has CKAN loaded."""
        self.end()
        self.services.databases.drop(self.database)
        self.services.databases.create(self.database, self.empty)
        self.services.cores.clear(self.database)
        self.services.numbers.clear(self.position, self.name)
        self.resume()

    def resume(self) -> None:
        """A process that has CKAN loaded, on whatever the site holds."""
        self.process = WarmProcess(self.python, self.file, self.log)

    @property
    def pid(self) -> int:
        """The id of the site's process."""
        assert self.process, f"{self.name} has not begun"
        return self.process.popen.pid

    def end(self) -> None:
        """End the site's processes."""
        if self.process:
            self.process.close()
        self.process = None

    def action(self, name: str, /, **data: Any) -> Any:
        """The result of an action of the site."""
        return self.ask(do="action", name=name, data=data)

    def ask(self, told: Told = silent, **request: Any) -> Any:
        """The answer of the site's process."""
        assert self.process, f"{self.name} has not begun"
        return self.process.ask(told, **request)

    def times(self, name: str, calls: Sequence[Mapping[str, Any]]) -> list[float]:
        """The seconds that each call of an action takes in the site's process."""
        return self.ask(do="times", name=name, calls=calls)

    def await_found(self, feed: Feed) -> None:
        """Come back when package_search finds all datasets and changes of the feed, in the organisation of its name.

        Raises LocalError where that doesn't happen.
        """
        deadline = time.monotonic() + SECONDS
        wanted = (feed.size, feed.marks)
        while (found := (self._found(feed, "*:*"), self._found(feed, CHANGED))) != wanted:
            if time.monotonic() > deadline:
                told = f"{found[0]} of {feed.size} datasets and {found[1]} of {feed.marks} changes"
                raise LocalError(f"The search of {self.name} finds {told} of {feed.name}. See {self.log}.")
            time.sleep(PAUSE)

    def _found(self, feed: Feed, words: str) -> int:
        filters = f"+organization:{feed.name} +dataset_type:dataset"
        return self.action("package_search", q=words, fq=filters, rows=0)["count"]

    def write(self, lines: Mapping[str, str], more: str = "") -> None:
        """Write the configuration file, readable for its owner alone."""
        text = "\n".join(f"{name} = {value.replace('%', '%%')}" for name, value in lines.items())
        self.file.touch(mode=0o600)
        self.file.write_text(f"[app:main]\n{text}\n{more}", encoding="utf-8")
