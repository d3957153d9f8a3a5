"""Feeds of several pages, and servers that are slow, busy or broken."""

from __future__ import annotations

import itertools
import time
from http.server import BaseHTTPRequestHandler

import psutil

from tests.faults.evidence import Evidence
from tests.faults.feeds import dataset, paged
from tests.faults.harness import case
from tests.faults.hostile import OK, Answer, drips, in_turn, says, status, talks
from tests.faults.lab import Lab, Member


@case("S10")
def circles(lab: Lab, seen: Evidence) -> None:
    """Pages that link to themselves, go round in a circle, or never end."""
    pair = lab.pair("S10", seen)
    pagination = r"rejected\(pagination\)"
    name = pair.bad.name
    items = [dataset(f"{pair.bad.prefix}dataset/{each}", each) for each in ("water", "b", "c")]
    pair.tries("itself", paged(items, f"/{name}/c.ttl"), pagination, 10)
    lab.hostile.serve(f"/{name}/b.ttl", paged(items[1:2], f"/{name}/x.ttl"))
    lab.hostile.serve(f"/{name}/x.ttl", paged(items[2:], f"/{name}/b.ttl"))
    pair.tries("A-B-C-B", paged(items[:1], f"/{name}/b.ttl"), pagination, 10)
    pair.tries("two next pages", paged(items, f"/{name}/b.ttl> , <x.ttl"), pagination, 10)
    if not lab.smoke:
        asked = len(lab.hostile.asked)
        pair.tries("no end", _endless(lab, pair.bad), r"rejected\((pagination|cap:[a-z_]+)\)", 600)
        seen.notes(f"an endless feed was read for {len(lab.hostile.asked) - asked} pages")
    pair.recovers(lab.feed_of(pair.bad))
    pair.notes()


def _endless(lab: Lab, member: Member) -> Answer:
    """A feed whose every page has a new one after it."""
    counter = itertools.count(1)

    def page(handler: BaseHTTPRequestHandler) -> None:
        number = next(counter)
        following = f"/{member.name}/{number}.ttl"
        lab.hostile.pages[following] = page
        says(paged([dataset(f"{member.prefix}dataset/{number}", f"{number}")], following))(handler)
        lab.hostile.pages.pop(f"/{member.name}/{number - 2}.ttl", None)

    return page


@case("S11")
def stalls(lab: Lab, seen: Evidence) -> None:
    """One byte a second, silence after the head or in the middle, headers without end; nine others want to be read."""
    pair = lab.pair("S11", seen)
    feed = lab.feed_of(pair.bad)
    limit = 6
    part = feed[: len(feed) // 2]
    length = b"Content-Type: text/turtle\r\nContent-Length: %d\r\n\r\n" % len(feed)
    answers = {
        "one byte a second": drips(part, 1),
        "silence after the head": talks(OK + length),
        "silence in the middle": talks(OK + length + part),
        "headers without end": talks(OK, b"X-A: b\r\n"),
        "no answer": talks(b""),
    }
    others = _others(lab, "s11")
    _round(others, 0)
    alone = _round(others, 1)
    with lab.options(page_seconds=limit):
        for cause, answer in answers.items():
            pair.tries(cause, answer, r"failed\(timeout\)", limit + 10)
    with lab.options(page_seconds=300):
        pair.bad.serves(answers["one byte a second"])
        worker = lab.fork("harvest", member=pair.bad.name)
        beside = _round(others, 2)
        seen.must(
            lab.ask("reap", child=worker) is None, "the slow member's worker has ended, so that nothing was shown"
        )
        psutil.Process(worker).kill()
        lab.reap(worker, 10)
    seen.must(beside < 1.5 * alone + 1, f"nine others took {beside:.1f} s beside it, {alone:.1f} s alone")
    seen.notes(f"limit of a page {limit} s; nine others took {beside:.1f} s beside it, {alone:.1f} s alone")
    pair.recovers(feed)
    pair.notes()


def _others(lab: Lab, name: str) -> list[Member]:
    """Nine healthy members."""
    return [lab.member(f"{name}-other{each}") for each in range(9)]


def _round(others: list[Member], number: int) -> float:
    """The seconds that the nine take, each with one record that has a new title."""
    began = time.monotonic()
    for each in others:
        each.lists({f"{each.prefix}dataset/a": f"Round {number}"})
        harvest = each.harvest()
        assert harvest.state == "finished", harvest.reason
    return time.monotonic() - began


@case("S12")
def busy(lab: Lab, seen: Evidence) -> None:
    """429 with Retry-After, 503 twice and then the page, 503 for ever, 500 on page 3."""
    pair = lab.pair("S12", seen)
    feed, path = lab.feed_of(pair.bad), pair.bad.path
    calls = {}
    for cause, answer, most in (
        ("429, then the page", in_turn(status(429, Retry_After="1"), says(feed)), 2),
        ("503 twice, then the page", in_turn(status(503), status(503), says(feed)), 3),
    ):
        before = len(lab.hostile.times(path))
        pair.bad.serves(answer)
        harvest = pair.bad.harvest()
        calls[cause] = len(lab.hostile.times(path)) - before
        seen.must(harvest.state == "finished", f"{cause}: {harvest.reason}")
        seen.must(calls[cause] == most, f"{cause}: {calls[cause]} calls")
        pair.twin_is_published(cause)
    waited = _first_pause(lab, path)
    seen.must(waited >= 0.9, f"the second call came after {waited:.1f} s, though the server asked for 1 s")
    for cause, answer, most in (
        ("503 for ever", status(503), 4),
        ("429 for an hour", status(429, Retry_After="3600"), 1),
    ):
        before = len(lab.hostile.times(path))
        pair.tries(cause, answer, r"failed\(busy\)", 60)
        calls[cause] = len(lab.hostile.times(path)) - before
        seen.must(calls[cause] <= most, f"{cause}: {calls[cause]} calls")
    _third_page(lab, pair.bad)
    pair.tries("500 on page 3", lab.hostile.pages[path], r"failed\(status\)", 30)
    pair.recovers(feed)
    seen.notes("calls: " + ", ".join(f"{cause} {number}" for cause, number in calls.items()))
    pair.notes()


def _first_pause(lab: Lab, path: str) -> float:
    """The seconds between the first call for a page that was answered 429 and the next one."""
    _published, busy, again = lab.hostile.times(path)[:3]
    return again - busy


def _third_page(lab: Lab, member: Member) -> None:
    """Two pages with news, and a third that fails."""
    news = [dataset(f"{member.prefix}dataset/{each}", "New") for each in ("water", "b")]
    lab.hostile.serve(f"/{member.name}/3.ttl", status(500))
    lab.hostile.serve(f"/{member.name}/2.ttl", paged(news[1:], f"/{member.name}/3.ttl", 3))
    member.serves(paged(news[:1], f"/{member.name}/2.ttl", 3))
