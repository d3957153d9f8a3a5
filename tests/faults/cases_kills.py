"""Workers and databases that die in the middle of a harvest."""

from __future__ import annotations

import json
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.faults.digests import digest, leaks
from tests.faults.evidence import Evidence
from tests.faults.feeds import dataset, listing, paged, tombstone
from tests.faults.harness import case
from tests.faults.lab import Lab, Member

SEED = 5
MARCH, MAY = "2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z"
KILLED = -9
SECONDS = 120
# What `points` counts in a worker; an undisturbed run must come to each of them.
POINTS = (
    "fetch.asked",
    "fetch.next",
    "parse.start",
    "publish.locked",
    "publish.package",
    "publish.record",
    "publish.ledger",
    "publish.commit",
    "publish.committed",
    "index.sent",
    "index.answered",
    "report",
)
# The points of the smoke set: one of each stage.
TELLING = ("fetch.next", "publish.commit", "publish.committed", "index.answered")


def before(member: Member) -> None:
    """A feed of two pages with six records."""
    _serve(member, [_listed(member, name, f"Old {name}", MARCH) for name in ("a", "b", "c", "d", "e", "f")])


def after(member: Member) -> None:
    """The same later: changed, new, withdrawn, no longer for everyone, not listed any more, and one as it was."""
    _serve(
        member,
        [
            tombstone(_iri(member, "a"), MAY),
            _listed(member, "b", "Old b", MAY, "national"),
            _listed(member, "c", "New c", MAY),
            _listed(member, "d", "New d", MAY),
            _listed(member, "e", "Old e", MARCH),
            _listed(member, "g", "New g", MAY),
        ],
    )


def _serve(member: Member, items: list[str]) -> None:
    half = len(items) // 2
    member.lab.hostile.serve(f"/{member.name}/2.ttl", paged(items[half:], total=len(items)))
    member.serves(paged(items[:half], f"/{member.name}/2.ttl", len(items)))


def _iri(member: Member, name: str) -> str:
    return f"{member.prefix}dataset/{name}"


def _listed(member: Member, name: str, title: str, modified: str, audience: str = "everyone") -> str:
    iri = _iri(member, name)
    return dataset(iri, title) + listing(iri, modified, audience)


@dataclass(frozen=True)
class Reference:
    """A member that was harvested twice without any fault, and how often its worker came to each point."""

    member: Member
    passed: dict[str, int]


def reference(lab: Lab, name: str, seen: Evidence) -> Reference:
    """The undisturbed run that all others are compared with."""
    member = ready(lab, name)
    counts = Path(lab.site.home.run / f"{name}.json")
    worker = lab.fork("harvest", {"port": lab.hostile.port, "counts": str(counts)}, member=name, days=0)
    code = lab.reap(worker, SECONDS)
    seen.must(code == 0, f"the undisturbed run ended with {code}: {member.report().reason}")
    passed = json.loads(counts.read_text(encoding="utf-8")) if counts.exists() else {}
    missing = [point for point in POINTS if not passed.get(point)]
    seen.must(not missing, f"no worker comes to {', '.join(missing)}: the case has to learn the new way")
    return Reference(member, passed)


def ready(lab: Lab, name: str) -> Member:
    """A member whose first feed is published, and whose second one is served."""
    member = lab.member(name)
    before(member)
    harvest = member.harvest()
    assert harvest.counts["added"] == 6, f"the first feed is not published: {harvest.counts} {harvest.said[:300]}"
    after(member)
    return member


def finish(lab: Lab, seen: Evidence, member: Member, cause: str) -> None:
    """A new worker takes the run up again, without anybody's help."""
    worker = lab.fork("harvest", member=member.name, days=0)
    code = lab.reap(worker, SECONDS)
    seen.must(code == 0, f"{cause}: the next run ended with {code}: {member.report().reason}")
    told = (
        "SELECT count(*) FROM citizendata_run WHERE member_id = %s AND (state = 'running' OR state = 'failed' AND %s)"
    )
    seen.must(lab.site.sql(told, (member.name, False)) == [(0,)], f"{cause}: a run is still called running")
    untold = lab.site.sql(f"{told} AND coalesce(reason, '') = ''", (member.name, True))
    seen.must(untold == [(0,)], f"{cause}: a run failed without a reason")


def compare(lab: Lab, seen: Evidence, whole: Member, members: dict[str, Member]) -> None:
    """Three digests each, which agree with each other and with those of the undisturbed member.

    What isn't in step when the next run has ended may be mended by a background round, but by no person.
    """
    at_once = _out_of_step(lab, seen, whole, members)
    seen.notes(
        f"digests of PostgreSQL, Solr and export as undisturbed: {len(members) - len(at_once)} of {len(members)}"
    )
    if at_once:
        _ten_minutes_later(lab)
        still = _out_of_step(lab, seen, whole, members)
        for cause, wrong in still.items():
            seen.must(False, f"{cause}: {wrong}")
        told = ", ".join(f"{cause} ({wrong})" for cause, wrong in [*at_once.items()][:3])
        seen.notes(f"ten minutes later {len(members) - len(still)}; at first not {told}")


def _out_of_step(lab: Lab, seen: Evidence, whole: Member, members: dict[str, Member]) -> dict[str, str]:
    """What is wrong now, by cause."""
    export = lab.export()
    expected = digest(lab, whole, export)
    seen.must(not expected.disagreement, f"undisturbed: {expected.disagreement}")
    seen.must({*expected.postgres} == {"c", "d", "e", "f", "g"}, f"undisturbed: {[*expected.postgres]} are public")
    found = {cause: digest(lab, member, export) for cause, member in members.items()}
    wrong = {cause: each.disagreement or each.difference(expected) for cause, each in found.items()}
    return {cause: told for cause, told in wrong.items() if told}


def _ten_minutes_later(lab: Lab) -> None:
    """The background round that comes then: what waits to be indexed has waited for so long."""
    if lab.site.sql("SELECT to_regclass('citizendata_unindexed')") != [(None,)]:
        lab.site.sql("UPDATE citizendata_unindexed SET at = at - interval '10 minutes'")
    lab.reap(lab.fork("tick"), SECONDS)


@case("S35", smoke=True)
def kill_nine(lab: Lab, seen: Evidence) -> None:
    """kill -9 of the worker at 12 points by chance, while records are published and taken away; then it goes on."""
    whole = reference(lab, "s35-reference", seen)
    members: dict[str, Member] = {}
    leaking = 0
    for cause, point, number in _moments(whole, lab):
        member = ready(lab, f"s35-{len(members):02}")
        kill = {"port": lab.hostile.port, "point": point, "number": number}
        worker = lab.fork("harvest", kill, member=member.name, days=0)
        code = lab.reap(worker, SECONDS)
        seen.must(code == KILLED, f"{cause}: the worker ended with {code} instead of being killed")
        time.sleep(0.3)
        shown = leaks(lab, member)
        leaking += bool(shown)
        seen.must(not shown, f"{cause}: after the kill the search shows {shown}, which PostgreSQL doesn't call public")
        finish(lab, seen, member, cause)
        members[cause] = member
    _no_orphans(lab, seen)
    twin = lab.pair("S35", seen)
    twin.twin_is_published("after all kills")
    compare(lab, seen, whole.member, members)
    seen.notes(f"{len(members)} kills with seed {SEED}; the index was too public after {leaking}")


def _moments(whole: Reference, lab: Lab) -> Iterator[tuple[str, str, int]]:
    """Points with the number of the time at which it is to happen, by chance."""
    for point in TELLING if lab.smoke else POINTS:
        often = whole.passed.get(point, 0)
        for number in sorted(random.Random(f"{SEED} {point}").sample(range(1, often + 1), min(often, lab.size(3, 1)))):
            yield f"{point} {number} of {often}", point, number


def _no_orphans(lab: Lab, seen: Evidence) -> None:
    """What a killed worker had started ends with it."""
    end = time.monotonic() + 5
    while (left := _children(lab)) and time.monotonic() < end:
        time.sleep(0.2)
    seen.must(not left, f"{len(left)} processes of killed workers live on: {left[:2]}")


def _children(lab: Lab) -> list[str]:
    found = psutil.Process(lab.site.ask.pid).children(recursive=True)
    return [str(each.pid) for each in found if each.status() != psutil.STATUS_ZOMBIE]


@case("S38")
def database_dies(lab: Lab, seen: Evidence) -> None:
    """PostgreSQL is stopped at once in the middle of publishing, and the worker's connections are cut."""
    whole = reference(lab, "s38-reference", seen)
    members: dict[str, Member] = {}
    for point, part in (("publish.record", 0.5), ("publish.commit", 0.7))[: lab.size(2, 1)]:
        cause = f"stopped at {point}"
        member = members[cause] = ready(lab, f"s38-stop{len(members)}")
        number = max(1, round(whole.passed.get(point, 1) * part))
        began = _stopped(lab, seen, member, point, number)
        _old_or_new(seen, member, cause)
        seen.must(not leaks(lab, member), f"{cause}: the search shows {leaks(lab, member)}")
        finish(lab, seen, member, cause)
        seen.notes(f"{cause} {number}: back and finished after {time.monotonic() - began:.1f} s")
    cut = members["connections cut"] = ready(lab, "s38-cut")
    _cut(lab, seen, cut)
    _old_or_new(seen, cut, "connections cut")
    finish(lab, seen, cut, "connections cut")
    lab.pair("S38", seen).twin_is_published("afterwards")
    compare(lab, seen, whole.member, members)


def _stopped(lab: Lab, seen: Evidence, member: Member, point: str, number: int) -> float:
    """The moment at which PostgreSQL got the signal for an immediate stop; it runs again when this comes back."""
    server = lab.site.service("postgres").pid
    kill = {"port": lab.hostile.port, "point": point, "number": number, "victim": server, "signal": signal.SIGQUIT}
    began = time.monotonic()
    worker = lab.fork("harvest", kill, member=member.name, days=0)
    code = lab.reap(worker, 60)
    seen.must(code is not None, f"stopped at {point}: the worker hangs")
    seen.must(code != 0, f"stopped at {point}: the worker says that all went well")
    lab.site.back("postgres", server)
    return began


def _cut(lab: Lab, seen: Evidence, member: Member) -> None:
    """All connections to the database but our own are ended while records are being published."""
    worker = lab.fork("harvest", member=member.name, days=0)
    end = time.monotonic() + 30
    while member.rows() and not any(row["title"].startswith("New") for row in member.rows()):
        if time.monotonic() > end:
            break
        time.sleep(0.05)
    lab.site.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                 "AND pid <> pg_backend_pid()")  # fmt: skip
    seen.must(lab.reap(worker, 60) is not None, "connections cut: the worker hangs")


def _old_or_new(seen: Evidence, member: Member, cause: str) -> None:
    """Each record is whole, as it was before or as it is to be: its text, its page and its state belong together."""
    for row in member.rows():
        title = row["title"] or ""
        fits = f'"{title}"@en' in row["fragment"] and f'"About {title}."@en' in row["fragment"]
        seen.must(fits, f"{cause}: the page of {row['iri']} says {title!r}, its record something else")
        hidden = row["state"] != "live" or row["audience"] != "everyone"
        seen.must(not hidden or row["private"] or row["package"] != "active", f"{cause}: {row['iri']} is half hidden")
