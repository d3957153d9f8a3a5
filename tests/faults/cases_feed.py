"""The registry's own feed when its disk is full, clocks go wrong, transactions cross, and files are changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import psycopg2

from tests.faults.evidence import Evidence
from tests.faults.harness import case
from tests.faults.lab import FINISHED, REFUSED, Lab, Member
from tests.faults.snapshots import cut, snapshot

SECONDS = 60
BYTES = 512
DUMP = "/feed/everyone/dump.nt.gz"


@case("S39", smoke=True)
def full_disk(lab: Lab, seen: Evidence) -> None:
    """There is no room on the disk while a snapshot and a dump are written; then there is again."""
    pair = lab.pair("S39", seen)
    member = lab.member("s39-shown")
    titles = {iri: f"Before {number}" for number, iri in enumerate(member.iris(20))}
    member.lists(titles)
    member.harvest()
    before = cut(lab)
    seen.must(lab.reap(lab.fork("dump"), SECONDS) == FINISHED, "no dump is made, before any harm is done")
    dump = lab.read_bytes(DUMP)
    member.lists({iri: title.replace("Before", "After") for iri, title in titles.items()})
    member.harvest()
    for work in ("cut", "dump"):
        code = lab.reap(lab.fork(work, limit=BYTES), SECONDS)
        seen.must(code == REFUSED, f"{work} on a full disk ends with {code}, and doesn't say that the disk is full")
    seen.must(snapshot(lab).text == before.text, "another manifest than before is served")
    seen.must(lab.read_bytes(DUMP) == dump, "another dump than before is served")
    after = cut(lab)
    told = {title for iri, title in after.titles.items() if iri in titles}
    seen.must(
        after.sequence == before.sequence + 1 and all(each.startswith("After") for each in told), f"later: {told}"
    )
    pair.twin_is_published("a full disk")
    seen.shows("manifest, pages and dump of before were served and valid; whole and new when there was room again")


@case("S41")
def clocks(lab: Lab, seen: Evidence) -> None:
    """The clock goes a day forth and back again, and harvests fall on the nights in which summer time changes."""
    pair = lab.pair("S41", seen)
    member = lab.member("s41-clock", interval_minutes=60)
    iri = f"{member.prefix}dataset/a"
    sequences = [cut(lab).sequence]
    for days in (0, 1, -1, 0):
        title = f"Title {len(sequences)}"
        member.lists({iri: title})
        harvest = member.harvest(days)
        sequences.append(cut(lab).sequence)
        shown = (member.found().get(iri), snapshot(lab).titles.get(iri))
        seen.must(shown == (title, title), f"{days} days from now: {shown} are shown, not {title} ({harvest.reason})")
    seen.must(sequences == sorted({*sequences}), f"the numbers of snapshots don't rise: {sequences}")
    _is_due_again(lab, seen, member)
    for name, night in (("spring", "2027-03-28"), ("autumn", "2027-10-31")):
        _summer_time(lab, seen, f"s41-{name}", datetime.fromisoformat(f"{night}T12:00:00+00:00"))
    pair.twin_is_published("clocks")
    seen.shows("titles in the order of their harvests, numbers of snapshots rise, a day is 24 hours in both nights")


def _is_due_again(lab: Lab, seen: Evidence, member: Member) -> None:
    """A run that seems to begin tomorrow, since the clock was wrong, doesn't keep the next one till then."""
    runs = "SELECT count(*) FROM citizendata_run WHERE member_id = %s"
    lab.site.sql(
        "UPDATE citizendata_run SET started = now() + interval '1 day', finished = now() + interval '1 day' "
        "WHERE member_id = %s",
        (member.name,),
    )
    ((before,),) = lab.site.sql(runs, (member.name,))
    for work in ("tick", "worker"):
        lab.reap(lab.fork(work), SECONDS)
    ((after,),) = lab.site.sql(runs, (member.name,))
    seen.must(after == before + 1, f"after the clock was put back, {after - before} harvests began by themselves")


def _summer_time(lab: Lab, seen: Evidence, name: str, noon: datetime) -> None:
    """What is absent is removed after 24 hours, however the clock of the place calls them."""
    member = lab.member(name)
    titles = {iri: f"Title {number}" for number, iri in enumerate(member.iris(5))}
    gone = [*titles][-1]
    member.lists(titles)
    member.harvest()
    member.lists({iri: title for iri, title in titles.items() if iri != gone})
    for hours, stays in ((-24, True), (-0.5, True), (0.5, False)):
        days = (noon + timedelta(hours=hours) - datetime.now(timezone.utc)) / timedelta(days=1)
        child = lab.fork("harvest", member=name, days=days, zone="Europe/Berlin")
        seen.must(lab.reap(child, SECONDS) == FINISHED, f"{name}: {member.report().reason}")
        found = gone in member.found()
        seen.must(found == stays, f"{name}: {24 + hours:g} hours after it was absent first: shown {found}")


@case("F01")
def interleaved(lab: Lab, seen: Evidence) -> None:
    """Two transactions change two records and end in the other order, while snapshots are cut between them."""
    pair = lab.pair("F01", seen)
    member = lab.member("f01-late")
    number = lab.size(10, 3)
    titles = {iri: "Old" for iri in member.iris(2 * number)}
    member.lists(titles)
    member.harvest()
    cut(lab)
    for each in range(number):
        late, early = member.iris(2 * number)[2 * each : 2 * each + 2]
        with _changing(lab, late) as commit:
            with _changing(lab, early) as first:
                first()
            between = cut(lab)
            seen.must(between.titles.get(late) == "Old", f"{late} is in the feed before it was committed")
            commit()
        after = cut(lab)
        lost = [iri for iri in (late, early) if after.titles.get(iri) != "New"]
        seen.must(not lost, f"round {each + 1}: {len(lost)} changes are lost: {lost}")
    pair.twin_is_published("transactions")
    seen.shows(f"{2 * number} changes of {2 * number} transactions, none lost and none too early")


CHANGE = "UPDATE citizendata_record SET fragment = replace(fragment, '\"Old\"', '\"New\"') WHERE iri = %s"
NOTE = """
    INSERT INTO citizendata_change (iri, package_id, operation, fingerprint, audience, mapping_version)
    SELECT iri, package_id, 'update', fingerprint, audience, mapping_version FROM citizendata_record WHERE iri = %s
"""


@contextmanager
def _changing(lab: Lab, iri: str) -> Iterator[Callable[[], None]]:
    """A transaction that has changed a record; what is yielded ends it."""
    connection = psycopg2.connect(lab.site.addresses.database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(CHANGE, (iri,))
            cursor.execute(NOTE, (iri,))
        yield connection.commit
    finally:
        connection.close()


@case("S48", smoke=True)
def flipped(lab: Lab, seen: Evidence) -> None:
    """One bit of a page and of a manifest is another one on the registry's disk."""
    pair = lab.pair("S48", seen)
    member = lab.member("s48-own")
    member.lists({iri: f"Title {number}" for number, iri in enumerate(member.iris(5))})
    member.harvest()
    found = cut(lab)
    code, said = lab.ask("command", words=["feed", "verify"])
    seen.must(code == 0, f"a feed that nobody touched isn't good: {said[-300:]}")
    page = f"pages/{found.manifest.pages[0].sha256}.nq"
    for name in (page, f"manifests/{found.sequence}.jws"):
        with _flipped(lab, name):
            code, said = lab.ask("command", words=["feed", "verify"])
            named = name.rpartition("/")[2].partition(".")[0] in said
            seen.must(code != 0 and named, f"{name}: verify ends with {code}, and says {said[-300:]}")
    code, _ = lab.ask("command", words=["feed", "verify"])
    seen.must(code == 0, "put right again it isn't good")
    pair.twin_is_published("flipped bits")
    seen.shows("verify names page and manifest, and nothing when they are right again")


@contextmanager
def _flipped(lab: Lab, name: str) -> Iterator[None]:
    """One bit in the middle of a file of the feed's folder is another one for a while."""
    file = lab.feeds / "everyone" / name
    content = file.read_bytes()
    file.write_bytes(_other(content))
    try:
        yield
    finally:
        file.write_bytes(content)


def _other(content: bytes) -> bytes:
    """The content with another bit in the middle."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
