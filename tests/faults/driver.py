"""A warm CKAN that does what the harness asks, one line of JSON at a time: `python -m tests.faults.driver CONFIG`.

It forks for what is to be killed or stopped, so that a real process of its own dies, without a start of CKAN each time.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import resource
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.lib.jobs as bg_jobs
import ckan.plugins.toolkit as tk
import click.testing
from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from werkzeug.test import Client

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.federation.errors import HarvestRefused
from ckanext.citizendata.feeds.store import StoreFull
from ckanext.citizendata.logic.feeds import cutting, dumping
from ckanext.citizendata.logic.feeds.feed_lock import Busy
from ckanext.citizendata.logic.harvesting import jobs
from ckanext.citizendata.logic.harvesting.harvest import harvested, member_named
from tests.faults import points
from tests.faults.lab import FAILED, FINISHED, REFUSED
from tests.faults.watch import Watch

__all__ = ["main"]

PATIENCE = 30


class Names:
    """The resolver of names below `.faults.test`: one answer after the other, the last one again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self._real = socket.getaddrinfo
        socket.getaddrinfo = self._found  # pyright: ignore[reportAttributeAccessIssue]

    def _found(self, host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        known = self.answers.get(host) if isinstance(host, str) else None
        if known is None:
            return self._real(host, port, *rest, **more)
        addresses = known.pop(0) if len(known) > 1 else known[0]
        return [found for address in addresses for found in self._real(address, port, *rest, **more)]


class Driver:
    """What can be asked for, by name."""

    def __init__(self, app: Any) -> None:
        self._client = Client(app)
        self._names = Names()
        self._watch = Watch()
        self._ended: dict[int, int] = {}

    def alive(self) -> int:
        """The id of this process."""
        return os.getpid()

    def action(self, name: str, data: dict[str, Any]) -> Any:
        """What an action answers to the site itself."""
        user = tk.get_action("get_site_user")(tk.fresh_context({"ignore_auth": True}), {})["name"]
        return tk.get_action(name)(tk.fresh_context({"user": user, "ignore_auth": True}), data)

    def found(self, organization: str) -> dict[str, str]:
        """The titles that an anonymous reader finds in the search, by IRI."""
        query = {"fq": f'organization:"{organization}"', "rows": 1000, "start": 0}
        titles: dict[str, str] = {}
        while query["start"] <= len(titles):
            found = tk.get_action("package_search")(tk.fresh_context({"user": ""}), dict(query))
            titles |= {each["uri"]: each["title"] for each in found["results"]}
            query["start"] += query["rows"]
        return titles

    def page(self, path: str) -> list[Any]:
        """Status and text of a page as everyone gets it."""
        return self.asked(path)[:2]

    def asked(self, path: str) -> list[Any]:
        """Status, text and headers of what everyone gets, also of what is answered before Flask."""
        answer = self._client.get(path)
        return [answer.status_code, answer.get_data(as_text=True), dict(answer.headers)]

    def octets(self, path: str) -> list[Any]:
        """Status and body of what everyone gets, in base64."""
        answer = self._client.get(path)
        return [answer.status_code, base64.b64encode(answer.get_data()).decode()]

    def cut(self) -> str:
        """Bring what is settled into the feed for everyone."""
        return _cut()

    def harvest(self, member: str, days: float) -> str:
        """The state of a harvest so many days from now; the rest stands in its report."""
        return _harvested(member, days)

    def fork(self, work: str, data: dict[str, Any], kill: dict[str, Any] | None) -> int:
        """The process that does the work; `kill` says at which point it ends itself."""
        model.Session.remove()
        model.meta.engine.dispose()  # pyright: ignore[reportOptionalMemberAccess]
        child = os.fork()
        if child == 0:
            _live(WORK[work], data, kill)
        return child

    def let_go(self) -> None:
        """End all connections to the database; the next question opens new ones."""
        model.Session.remove()
        model.meta.engine.dispose()  # pyright: ignore[reportOptionalMemberAccess]

    def reap(self, child: int) -> int | None:
        """How a forked process ended; None while it lives."""
        if child not in self._ended:
            ended, status = os.waitpid(child, os.WNOHANG)
            if not ended:
                return None
            self._ended[child] = os.waitstatus_to_exitcode(status)
        return self._ended[child]

    def command(self, words: list[str]) -> list[Any]:
        """Exit code and output of `ckan citizendata …`."""
        done = click.testing.CliRunner().invoke(citizendata, words)
        return [done.exit_code, done.output]

    def schedule(self) -> str:
        """The job of the next round, planned as by the start of the site."""
        return jobs.schedule()

    def option(self, name: str, value: Any) -> Any:
        """The value that an option had; it has another one now."""
        before = tk.config.get(name)
        tk.config[name] = value
        return before

    def names(self, answers: dict[str, list[list[str]]]) -> None:
        """Let these names lead to these addresses."""
        self._names.answers |= answers

    def watched(self) -> dict[str, list[str]]:
        """The servers connected to and files opened since this was last asked."""
        return self._watch.taken()


def _harvested(member: str, days: float = 0) -> str:
    now = datetime.now(timezone.utc) + timedelta(days=days)
    try:
        return harvested(member_named(member), lambda _doing, _done, _total: None, now).state
    except HarvestRefused:
        return "refused"


def _harvested_in(member: str, days: float = 0, zone: str = "") -> str:
    """A harvest by a worker whose clock shows the time of a place."""
    if zone:
        os.environ["TZ"] = zone
        time.tzset()
    return _harvested(member, days)


def _cut(limit: int = 0) -> str:
    """A snapshot of the feed for everyone, with files of so many bytes at most."""
    end = time.monotonic() + PATIENCE
    with _room(limit):
        while True:
            try:
                cutting.cut("everyone")
            except StoreFull:
                return "refused"
            except Busy:
                # A round of the background does the same just now.
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
            else:
                return "finished"


def _dumped(limit: int = 0) -> str:
    """A dump of the feed for everyone."""
    with _room(limit):
        try:
            path = dumping.dump("nt", lambda _doing, _done, _total: None)
        except StoreFull:
            return "refused"
    return "finished" if path else "failed"


@contextmanager
def _room(limit: int) -> Iterator[None]:
    """No file grows beyond so many bytes, as on a disk that is full; 0 is no limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit or soft, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _stayed(member: str, days: float = 0) -> str:
    """A worker that harvests and then waits for more to do."""
    _harvested(member, days)
    while True:
        time.sleep(60)


def _round() -> str:
    """What the worker of jobs does when its time comes, and with each job that this plans."""
    jobs.tick()
    return "finished"


def _enqueued(member: str) -> str:
    """What a person's click or a ping does."""
    jobs.enqueue_harvest(member)
    return "finished"


def _drained() -> str:
    """A worker of jobs that ends when nothing is left to do."""
    bg_jobs.Worker().work(burst=True)
    return "finished"


WORK: dict[str, Callable[..., str]] = {
    "harvest": _harvested_in,
    "cut": _cut,
    "dump": _dumped,
    "stay": _stayed,
    "enqueue": _enqueued,
    "tick": _round,
    "worker": _drained,
}
CODES = {"finished": FINISHED, "refused": REFUSED}
SUBREAPER = 36


def _live(work: Callable[..., str], data: dict[str, Any], kill: dict[str, Any] | None) -> None:
    """Do the work, as a worker process of its own, and end."""
    code = FAILED
    try:
        counted = points.armed(kill) if kill else None
        code = CODES.get(work(**data), FAILED)
        if counted and kill and kill.get("counts"):
            counted.write(kill["counts"])
    except BaseException:  # noqa: BLE001 - the process ends here, whatever happened
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def main(config: str) -> None:
    """Answer until the input ends."""
    # What a killed worker leaves behind becomes a child of this process, so that it can be seen.
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    # A worker that is asked what it does before it can tell goes on.
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    app = make_app(CKANConfigLoader(config).get_config())
    with app._wsgi_app.test_request_context():
        driver = Driver(app)
        print(json.dumps({"result": os.getpid()}), file=out, flush=True)
        for line in sys.stdin:
            print(json.dumps(_answer(driver, json.loads(line))), file=out, flush=True)


def _answer(driver: Driver, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": getattr(driver, asked["ask"])(**asked["with"])}
    except Exception as error:  # noqa: BLE001 - it is told to the harness, where it counts as a fault
        traceback.print_exc()
        model.Session.rollback()
        return {"error": f"{type(error).__name__}: {error}"}
    finally:
        model.Session.remove()


if __name__ == "__main__":
    main(sys.argv[1])
