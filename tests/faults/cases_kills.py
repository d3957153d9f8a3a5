"""Workers and databases that die in the middle of a harvest."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator

from tests.faults.digests import leaks
from tests.faults.evidence import Evidence
from tests.faults.feeds import tombstone
from tests.faults.harness import case
from tests.faults.kills import (
    KILLED,
    MARCH,
    MAY,
    SECONDS,
    Feed,
    Reference,
    at_rest,
    compare,
    finish,
    iri_of,
    listed,
    ready,
    reference,
)
from tests.faults.lab import Lab, Member

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


def first(member: Member) -> list[str]:
    """Six records."""
    return [listed(member, name, f"Old {name}", MARCH) for name in ("a", "b", "c", "d", "e", "f")]


def later(member: Member) -> list[str]:
    """The same later: withdrawn, no longer for everyone, changed, as it was, not listed any more, and a new one."""
    return [
        tombstone(iri_of(member, "a"), MAY),
        listed(member, "b", "New b", MAY, "national"),
        listed(member, "c", "New c", MAY),
        listed(member, "d", "New d", MAY),
        listed(member, "e", "Old e", MARCH),
        listed(member, "g", "New g", MAY),
    ]


FEED = Feed(first, later, 3, frozenset("cdefg"))


@case("S35", smoke=True)
def kill_nine(lab: Lab, seen: Evidence) -> None:
    """kill -9 of the worker at 12 points by chance, while records are published and taken away; then it goes on."""
    whole = reference(lab, "s35-reference", FEED, POINTS, seen)
    members: dict[str, Member] = {}
    leaking = 0
    for cause, point, number in _moments(whole, lab):
        member = ready(lab, f"s35-{len(members):02}", FEED)
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
    at_rest(lab, seen, "after all kills")
    twin = lab.pair("S35", seen)
    twin.twin_is_published("after all kills")
    compare(lab, seen, whole.member, FEED, members)
    seen.notes(f"{len(members)} kills with seed {lab.seed}; the index was too public after {leaking}")


def _moments(whole: Reference, lab: Lab) -> Iterator[tuple[str, str, int]]:
    """Points with the number of the time at which it is to happen, by chance."""
    for point in TELLING if lab.smoke else POINTS:
        often = whole.passed.get(point, 0)
        chance = random.Random(f"{lab.seed} {point}")
        for number in sorted(chance.sample(range(1, often + 1), min(often, lab.size(3, 1)))):
            yield f"{point} {number} of {often}", point, number


@case("S38")
def database_dies(lab: Lab, seen: Evidence) -> None:
    """PostgreSQL is stopped at once in the middle of publishing, and the worker's connections are cut."""
    whole = reference(lab, "s38-reference", FEED, POINTS, seen)
    members: dict[str, Member] = {}
    for point, part in (("publish.record", 0.5), ("publish.commit", 0.7))[: lab.size(2, 1)]:
        cause = f"stopped at {point}"
        member = members[cause] = ready(lab, f"s38-stop{len(members)}", FEED)
        number = max(1, round(whole.passed.get(point, 1) * part))
        began = _stopped(lab, seen, member, point, number)
        _old_or_new(seen, member, cause)
        seen.must(not leaks(lab, member), f"{cause}: the search shows {leaks(lab, member)}")
        finish(lab, seen, member, cause)
        seen.notes(f"{cause} {number}: back and finished after {time.monotonic() - began:.1f} s")
    cut = members["connections cut"] = ready(lab, "s38-cut", FEED)
    _cut(lab, seen, cut)
    _old_or_new(seen, cut, "connections cut")
    finish(lab, seen, cut, "connections cut")
    lab.pair("S38", seen).twin_is_published("afterwards")
    compare(lab, seen, whole.member, FEED, members)


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
