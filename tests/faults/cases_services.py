"""Queue, lock and index: lost, asked by many at once, or written behind the registry's back."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from signal import SIGCONT, SIGKILL, SIGSTOP

import psutil
import redis

from ckanext.citizendata.local.settings import child_environment
from tests.faults.digests import digest, leaks
from tests.faults.evidence import Evidence
from tests.faults.feeds import catalogue, dataset, listing, paged, tombstone
from tests.faults.harness import case
from tests.faults.hostile import OK
from tests.faults.lab import Lab, Member

WORKER_STARTS = 60
RUNS = "SELECT id, state, reason FROM citizendata_run WHERE member_id = %s ORDER BY id"
EARLIER = "UPDATE citizendata_run SET started = started - interval '1 day' WHERE member_id = %s"


class Gate:
    """A page that ends when the gate opens, and until then begins, so that no reader loses patience."""

    def __init__(self, body: bytes) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()
        self._body = body

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(OK + b"Content-Type: text/turtle\r\nTransfer-Encoding: chunked\r\n\r\n")
        self.reached.set()
        for _ in range(120):
            handler.wfile.write(b"2\r\n#\n\r\n")
            if self.open.wait(1):
                break
        handler.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(self._body), self._body))


@dataclass(frozen=True)
class Harm:
    """What is done to Redis, and when."""

    cause: str
    does: Callable[[], object]
    moment: str


def _ended(lab: Lab, member: Member, runs: int, seconds: float) -> bool:
    """Whether the member has so many runs that ended, within that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        states = [state for _, state, _ in lab.site.sql(RUNS, (member.name,))]
        if len(states) >= runs and "running" not in states:
            return True
        time.sleep(0.3)
    return False


@contextmanager
def worker(lab: Lab) -> Iterator[Callable[[], int]]:
    """A worker of jobs as `ckan jobs worker`, started again when it ends; what comes back counts its starts."""
    starts, ending = [0], threading.Event()

    def keep() -> None:
        while not ending.is_set():
            starts[0] += 1
            with (lab.site.home.logs / "worker.log").open("ab") as log:
                process = subprocess.Popen(
                    lab.site.words("jobs", "worker"), stdout=log, stderr=log, env=child_environment()
                )
            while process.poll() is None and not ending.is_set():
                time.sleep(0.2)
            _end(process)

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        yield lambda: starts[0]
    finally:
        ending.set()
        keeper.join()


def _end(process: subprocess.Popen[bytes]) -> None:
    family = [process, *(psutil.Process(process.pid).children(recursive=True) if process.poll() is None else [])]
    for each in family:
        each.kill()
    process.wait()


@case("S36")
def queue_lost(lab: Lab, seen: Evidence) -> None:
    """Redis is emptied, killed and stopped while a feed is fetched and while its records are published."""
    server = redis.Redis.from_url(lab.site.addresses.redis)
    pause = lab.size(60, 10)

    def stopped() -> None:
        found = lab.site.service("redis")
        found.send_signal(SIGSTOP)
        time.sleep(pause)
        found.send_signal(SIGCONT)

    harm: dict[str, Callable[[], object]] = {
        "emptied": server.flushall,
        "killed": lambda: lab.site.kill("redis", SIGKILL),
        f"stopped for {pause} s": stopped,
    }
    with worker(lab) as starts:
        due = lab.member("s36-due", interval_minutes=1)
        due.lists({f"{due.prefix}dataset/a": "Due"})
        lab.ask("schedule")
        seen.must(_ended(lab, due, 1, WORKER_STARTS), "no worker takes jobs up, before any harm is done")
        for number, (cause, does) in enumerate(harm.items()):
            for moment in ("fetching", "publishing"):
                name = f"s36-{number}-{moment}"
                _harmed(lab, seen, lab.member(name), Harm(cause, does, moment))
        _goes_round(lab, seen, due, server)
        seen.notes(f"the worker was started {starts()} times")


def _harmed(lab: Lab, seen: Evidence, member: Member, harm: Harm) -> None:
    """A harvest by the worker, with the harm done at that moment; then another one."""
    cause, does = f"{harm.cause} while {harm.moment}", harm.does
    titles = {iri: f"Title {number}" for number, iri in enumerate(member.iris(6))}
    items = [dataset(iri, title) for iri, title in titles.items()]
    second = f"/{member.name}/2.ttl"
    gate = Gate(paged(items[3:], total=6))
    lab.hostile.serve(second, gate)
    member.serves(paged(items[:3], second, 6))
    lab.action("citizendata_harvest_run", id=member.name)
    seen.must(gate.reached.wait(WORKER_STARTS), f"{cause}: the worker doesn't begin")
    began = time.monotonic()
    if harm.moment == "fetching":
        does()
        gate.open.set()
    else:
        gate.open.set()
        end = time.monotonic() + 30
        while not member.rows() and time.monotonic() < end:
            time.sleep(0.02)
        does()
    ended = _ended(lab, member, 1, 120)
    seen.must(ended, f"{cause}: no run ended within two minutes: {lab.site.sql(RUNS, (member.name,))}")
    lab.action("citizendata_harvest_run", id=member.name)
    seen.must(_ended(lab, member, 2, 60), f"{cause}: the next harvest that is asked for doesn't come")
    names = [row["name"] for row in member.rows()]
    once = member.found() == titles and len(names) == len({*names}) == 6
    seen.must(once, f"{cause}: {len(member.found())} of 6 are found, {len(names)} rows")
    seen.shows(f"{cause}: ended, then 6 records once, after {time.monotonic() - began:.0f} s")


def _goes_round(lab: Lab, seen: Evidence, due: Member, server: redis.Redis) -> None:
    """After Redis was emptied the schedule goes on without a person."""
    runs = len(lab.site.sql(RUNS, (due.name,)))
    server.flushall()
    lab.site.sql(EARLIER, (due.name,))
    goes = False
    for _ in range(lab.size(12, 6)):
        # Any site has readers, or somebody who looks whether it is up.
        lab.ask("page", path="/api/3/action/status_show")
        goes = goes or _ended(lab, due, runs + 1, 10)
    seen.must(goes, "after Redis was emptied no member is harvested by itself any more: the chain of rounds is lost")
    if goes:
        seen.notes("after Redis was emptied the schedule goes on by itself")


@case("S40", smoke=True)
def many_triggers(lab: Lab, seen: Evidence) -> None:
    """Two schedulers, two pings with a worker each, and four commands start a harvest of one member at once."""
    member, twin = lab.member("s40-one", interval_minutes=1), lab.member("s40-twin")
    iri = f"{member.prefix}dataset/a"
    gate = Gate(catalogue(dataset(iri, "One")))
    member.serves(gate)
    kinds = ["tick"] * 2 + ["enqueue"] * 2 + ["harvest"] * 4 + ["worker"] * 2
    workers = {
        lab.fork(kind, **({} if kind in ("tick", "worker") else {"member": member.name})): kind for kind in kinds
    }
    seen.must(gate.reached.wait(60), "nobody harvests it")
    codes, winner = _all_but_one(lab, workers)
    twin.lists({f"{twin.prefix}dataset/a": "Twin"})
    seen.must(twin.harvest().state == "finished", "another member isn't harvested meanwhile")
    gate.open.set()
    for child in winner:
        codes.append((workers[child], lab.reap(child, 60)))
    runs = lab.site.sql(RUNS, (member.name,))
    asked = len(lab.hostile.times(member.path))
    refused = sum(kind == "harvest" and code == 3 for kind, code in codes)
    won = sum(kind == "harvest" and code == 0 for kind, code in codes)
    seen.must([state for _, state, _ in runs] == ["finished"], f"{len(runs)} runs instead of one: {runs}")
    seen.must(asked == 1, f"the feed was asked for {asked} times")
    seen.must(refused + won == 4 and won <= 1, f"of four commands {refused} were refused and {won} ran: {codes}")
    seen.must(member.found() == {iri: "One"}, f"found: {member.found()}")
    seen.notes(f"10 processes: {len(runs)} run, feed asked for {asked} time, {refused} of 4 commands refused")
    _stopped_worker(lab, seen)


def _all_but_one(lab: Lab, workers: dict[int, str]) -> tuple[list[tuple[str, int | None]], list[int]]:
    """How all ended but those that wait for the gate, and who these are."""
    codes: list[tuple[str, int | None]] = []
    left, end = [*workers], time.monotonic() + 40
    while len(left) > 1 and time.monotonic() < end:
        for child in [*left]:
            code = lab.ask("reap", child=child)
            if code is not None:
                left.remove(child)
                codes.append((workers[child], code))
        time.sleep(0.1)
    return codes, left


def _stopped_worker(lab: Lab, seen: Evidence) -> None:
    """A worker that is stopped for longer than its lease: another one takes over, and it writes nothing any more."""
    member = lab.member("s40-zombie")
    iri = f"{member.prefix}dataset/a"
    gate = Gate(catalogue(dataset(iri, "Old")))
    member.serves(gate)
    child = lab.fork("harvest", member=member.name)
    zombie = psutil.Process(child)
    seen.must(gate.reached.wait(30), "the worker doesn't begin")
    zombie.send_signal(SIGSTOP)
    gate.open.set()
    member.lists({iri: "New"})
    ran_out = lab.site.sql("SELECT to_regclass('citizendata_lease')") != [(None,)]
    if seen.must(ran_out, "there is no lease that could run out (table citizendata_lease)"):
        lab.site.sql(
            "UPDATE citizendata_lease SET until = now() - interval '1 hour' WHERE member_id = %s", (member.name,)
        )
        state = member.harvest().state
        seen.must(state == "finished", f"a stopped worker keeps all others out: {state}")
    zombie.send_signal(SIGCONT)
    code = lab.reap(child, 60)
    found = member.found()
    if ran_out:
        seen.must(found == {iri: "New"}, f"the stopped worker wrote after it had lost its lease: {found}, exit {code}")
        seen.shows("a worker stopped beyond its lease wrote nothing after another one took over")


@case("S42")
def index_behind_its_back(lab: Lab, seen: Evidence) -> None:
    """Documents are relabelled, deleted and added in the index behind CKAN's back; one command mends them all."""
    number = lab.size(50, 8)
    shown, hidden = lab.member("s42-shown"), lab.member("s42-hidden")
    pair = lab.pair("S42", seen)
    shown.lists({iri: f"Shown {each}" for each, iri in enumerate(shown.iris(number))})
    _hidden(hidden, number)
    for each in (shown, hidden):
        harvest = each.harvest()
        seen.must(harvest.state == "finished", f"before: {harvest.reason}")
    hidden.serves(catalogue(*(tombstone(iri, "2026-05-01T00:00:00Z") for iri in hidden.iris(number))))
    hidden.harvest()
    before = {each.name: digest(lab, each, lab.export()) for each in (shown, hidden)}
    relabelled, deleted = _tampered(lab, shown, hidden, number)
    seen.must(len(leaks(lab, hidden)) == number, "the relabelled documents aren't before everyone: nothing is shown")
    code, said = lab.ask("command", words=["reconcile"])
    seen.must(code == 0, f"`ckan citizendata reconcile` ends with {code}: {said.strip().splitlines()[-1:]}")
    export = lab.export()
    for each in (shown, hidden):
        found = digest(lab, each, export)
        wrong = found.disagreement or found.difference(before[each.name])
        seen.must(not wrong, f"{each.name} isn't mended: {wrong[:200]}")
    ghosts = lab.site.solr(fq="name:s42-ghost*", fl="id")
    seen.must(not ghosts, f"{len(ghosts)} of {number} added documents are still there")
    _wrong_public_first(lab, seen, relabelled, deleted)
    pair.twin_is_published("afterwards")
    seen.notes(f"{3 * number} documents changed by hand; reconcile says: {' '.join(said.split())[-200:]}")


def _hidden(member: Member, number: int) -> None:
    march = "2026-03-01T00:00:00Z"
    member.serves(catalogue(*(dataset(iri, "Hidden") + listing(iri, march) for iri in member.iris(number))))


def _tampered(lab: Lab, shown: Member, hidden: Member, number: int) -> tuple[list[str], list[str]]:
    """The documents that were made public, and those that were taken out; as many are added without a package."""
    of_hidden = [row["package_id"] for row in hidden.rows()]
    of_shown = [row["package_id"] for row in shown.rows()]
    template = {k: v for k, v in lab.site.solr(fq=f"id:{of_shown[0]}")[0].items() if k != "_version_"}
    template |= {"permission_labels": ["public"], "capacity": "public"}
    public = {**template, "owner_org": hidden.organization}
    lab.site.solr_update([{**public, "id": each, "index_id": lab.site.index_id(each)} for each in of_hidden])
    ghosts = [f"s42-ghost-{each}" for each in range(number)]
    lab.site.solr_update([{**template, "id": each, "index_id": each, "name": each} for each in ghosts])
    lab.site.solr_update({"delete": {"query": f"id:({' OR '.join(of_shown)})"}})
    return of_hidden, of_shown


def _wrong_public_first(lab: Lab, seen: Evidence, relabelled: list[str], deleted: list[str]) -> None:
    """Solr numbers its documents in the order in which they were written."""

    def versions(ids: list[str]) -> list[int]:
        return [each["_version_"] for each in lab.site.solr(fq=f"id:({' OR '.join(ids)})", fl="id,_version_")]

    closed, again = versions(relabelled), versions(deleted)
    if again:
        seen.must(not closed or max(closed) < min(again), "what was too public was mended after what was missing")
