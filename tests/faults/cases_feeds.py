"""Signed feeds that aren't to be believed: refused, reported, and nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tests.faults.evidence import Evidence
from tests.faults.harness import case
from tests.faults.lab import Lab, Member, Pair
from tests.generation.signed_feed import SignedFeed, record, tombstone

SECONDS = 10


@case("S22", smoke=True)
def not_to_be_believed(lab: Lab, seen: Evidence) -> None:
    """A signed feed of last week, with a lower number or count, past its end, with mixed pages, or a flipped byte."""
    bad, good = lab.member("s22-bad", kind="citizendata"), lab.member("s22-good")
    pair = Pair(lab, seen, bad, good)
    withdrawn = f"{bad.prefix}dataset/wells"
    feed = SignedFeed([record(iri, "Water") for iri in bad.iris(3)], [record(withdrawn, "Wells")])
    feed.epoch, feed.sequence = 2, 6
    last_week = feed.pages
    _served(lab, bad, feed)
    harvest = bad.harvest()
    seen.must(harvest.counts.get("added") == 4, f"before anything: {harvest.reason} {harvest.counts}")
    _served(lab, bad, feed.lists(feed.pages[0], [tombstone(withdrawn, "withdrawn")]))
    seen.must(bad.harvest().counts.get("removed") == 1, "what was withdrawn isn't removed")
    lists = _unbelievable(feed, last_week)
    for cause, (manifest, expected) in lists.items():
        pair.tries(cause, manifest, rf"rejected\({expected}\)", SECONDS)
        seen.must(withdrawn not in bad.found(), f"{cause}: what was withdrawn is back")
    feed.lists([record(iri, "Clean water") for iri in bad.iris(3)], feed.pages[1])
    _served(lab, bad, feed)
    page = f"/{bad.name}/pages/{feed.manifest().pages[0].sha256}.nq"
    for cause, body in {"mixed pages": feed.bodies()[1], "a flipped byte": _flipped(feed.bodies()[0], 50)}.items():
        lab.hostile.serve(page, body)
        pair.tries(f"{cause} on a page", feed.signed(), r"rejected\(hash\)", SECONDS)
    _served(lab, bad, feed)
    healthy = bad.harvest()
    seen.must(healthy.counts.get("changed") == 3, f"its healthy feed isn't read: {healthy.reason} {healthy.counts}")
    pair.twin_is_published("all of it")
    pair.notes()
    seen.must(withdrawn not in bad.found(), "what was withdrawn is back in the end")
    seen.shows(f"{len(lists) + 2} feeds refused, each with its reason, withdrawn stays gone; the next healthy one read")


def _served(lab: Lab, member: Member, feed: SignedFeed) -> None:
    for name, content in feed.files().items():
        lab.hostile.serve(f"/{member.name}/{name}", content)
    member.serves(feed.signed())


def _unbelievable(feed: SignedFeed, last_week: Sequence[Sequence[str]]) -> dict[str, tuple[bytes, str]]:
    """Signed lists by what is wrong with each, and the word for it; all have what there was last week."""
    found = {"a flipped byte": (_flipped(feed.signed(), 80), "signature")}
    for cause, (epoch, sequence, days, expected) in {
        "of last week": (2, 5, -7, "rollback"),
        "a lower number": (2, 6, 0, "rollback"),
        "a lower count": (1, 90, 0, "rollback"),
        "past its end": (2, 8, -8, "expired"),
        "dated ahead": (2, 8, 2, "expired"),
        "a new count": (3, 1, 0, "epoch"),
    }.items():
        other = SignedFeed(*last_week)
        other.signer, other.keys, other.epoch, other.sequence = feed.signer, feed.keys, epoch, sequence
        other.created += timedelta(days=days)
        found[cause] = (other.signed(), expected)
    stranger = SignedFeed(*last_week)
    stranger.epoch, stranger.sequence = 2, 8
    return {**found, "another key": (stranger.signed(), "key_changed")}


def _flipped(body: bytes, at: int) -> bytes:
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
