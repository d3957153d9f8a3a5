"""Feeds that say less than before: nothing may be removed but on evidence, and nothing half may be published."""

from __future__ import annotations

import re

from tests.faults.evidence import Evidence
from tests.faults.feeds import HEAD, PREFIXES, catalogue, dataset, paged
from tests.faults.harness import case
from tests.faults.hostile import (
    NT,
    Answer,
    breaks_off,
    chunked,
    in_turn,
    redirects,
    says,
    status,
    to_the_close,
)
from tests.faults.lab import Harvest, Lab, Member, Pair

DAYS = (0, 2, 4)


def _titles(member: Member, number: int, word: str = "Title") -> dict[str, str]:
    """So many records, the one that a bad member has on its good days among them."""
    more = {iri: f"{word} {each}" for each, iri in enumerate(member.iris(number - 1))}
    return {f"{member.prefix}dataset/water": "Water" if word == "Title" else word, **more}


def _lost(member: Member, titles: dict[str, str]) -> list[str]:
    """The records that an anonymous reader doesn't find any more, or not as they were."""
    found = member.found()
    return [iri for iri, title in titles.items() if found.get(iri) != title]


@case("S17", smoke=True)
def partial(lab: Lab, seen: Evidence) -> None:
    """Feeds that are empty, a web page, one of fifty, short of a page, or lie about how many there are."""
    pair = lab.pair("S17", seen)
    number = lab.size(50, 10)
    titles = _titles(pair.bad, number)
    pair.bad.lists(titles)
    pair.bad.harvest()
    seen.must(not _lost(pair.bad, titles), "the feed isn't harvested whole")
    first = next(iter(titles.items()))
    some = [dataset(iri, title) for iri, title in [*titles.items()][: number // 2]]
    answers: dict[str, tuple[Answer, str]] = {
        "empty answer": (says(b""), r"rejected\(empty\)"),
        "empty catalogue": (says(catalogue()), r"rejected\(malformed\)|held\(incomplete\)"),
        "web page": (says(b"<!DOCTYPE html><html>Soon back", "text/html"), r"rejected\(web_page\)"),
        "web page called Turtle": (says(b"<html><body>Soon back"), r"rejected\(web_page\)"),
        f"one of {number}": (says(catalogue(dataset(*first))), r"held\(threshold\)"),
        "first page of two": (says(paged(some, "/s17-nowhere.ttl")), r"failed\(status\)"),
        "says that it has more": (says(paged(some, total=number)), r"held\(incomplete\)"),
        "two pages without a number": (_two_pages(lab, pair.bad, some), r"held\(incomplete\)"),
        "moved away": (redirects(301, "/s17-gone.ttl"), r"failed\(status\)"),
        "gone": (status(410), r"failed\(status\)"),
    }
    for cause, (answer, expected) in answers.items():
        _stays(pair, cause, answer, expected, titles)
    pair.bad.lists(titles)
    harvest = pair.bad.harvest(9)
    seen.must(harvest.counts["removed"] == 0 and not _lost(pair.bad, titles), f"afterwards: {harvest.counts}")
    seen.shows(f"{len(answers)} causes, each {lab.size(3, 2)} times; {number} records, all shown as before")
    pair.notes()


def _two_pages(lab: Lab, member: Member, some: list[str]) -> Answer:
    """Half of what there is, on two pages, as when the link to a third one got lost."""
    lab.hostile.serve(f"/{member.name}/2.ttl", paged(some[len(some) // 2 :]))
    return says(paged(some[: len(some) // 2], f"/{member.name}/2.ttl"))


def _stays(pair: Pair, cause: str, answer: Answer, expected: str, titles: dict[str, str]) -> None:
    """Three times in four days, in a smoke run twice in two; every record is before its readers as it was."""
    pair.bad.serves(answer)
    codes: list[str] = []
    for days in DAYS[: pair.lab.size(3, 2)]:
        harvest = pair.bad.harvest(days)
        codes += harvest.codes
        pair.seen.must(harvest.counts["removed"] == 0, f"{cause}: {harvest.counts['removed']} removed")
    pair.codes |= dict.fromkeys(codes)
    named = any(re.fullmatch(expected, code) for code in codes)
    pair.seen.must(named, f"{cause}: {', '.join(codes) or 'no code'} instead of {expected}")
    lost = _lost(pair.bad, titles)
    pair.seen.must(not lost, f"{cause}: {len(lost)} records are lost to readers")
    pair.goes_on(cause)
    # What was counted as missing is listed again, so that each cause begins anew.
    pair.bad.lists(titles)
    pair.bad.harvest(DAYS[-1])


@case("S18")
def truncated(lab: Lab, seen: Evidence) -> None:
    """The answer breaks off at 33 points: of a told length, in chunks, and of a length that nobody told."""
    pair = lab.pair("S18", seen)
    titles = _titles(pair.bad, 3)
    pair.bad.lists(titles)
    pair.bad.harvest()
    new = _titles(pair.bad, 3, "Changed")
    body = paged([dataset(iri, title) for iri, title in new.items()], total=3)
    points = [len(body) * each // 11 for each in range(1, 11)][:: 1 if not lab.smoke else 4]
    cuts = {f"told, at {at}": breaks_off(body, at) for at in points}
    cuts |= {f"in chunks, at {at}": chunked(body, at) for at in points}
    # Within the statements about the datasets: whatever comes before them is no DCAT yet.
    begins = len(PREFIXES + HEAD)
    open_ends = [begins + (len(body) - begins) * each // 11 for each in range(1, 11)][:: 1 if not lab.smoke else 4]
    cuts |= {f"untold, at {at}": to_the_close(body, at) for at in open_ends}
    for line in (2, 3, 4):
        lines = _ntriples(new)
        whole = b"".join(lines)
        cuts[f"untold, after line {line}"] = to_the_close(whole, len(b"".join(lines[:line])), NT)
    for cause, answer in cuts.items():
        pair.bad.serves(answer)
        harvest = pair.bad.harvest()
        pair.codes |= dict.fromkeys(harvest.codes)
        seen.must(bool(harvest.codes), f"{cause}: no reason is named")
        seen.must(harvest.counts.get("removed", 0) == 0, f"{cause}: removed {harvest.counts}")
        lost = _lost(pair.bad, titles)
        if not seen.must(not lost, f"{cause}: {len(lost)} records of a cut feed were published"):
            pair.bad.lists(titles)
            pair.bad.harvest()
    pair.twin_is_published("after all")
    pair.bad.serves(body)
    after = pair.bad.harvest()
    seen.must(not _lost(pair.bad, new), f"whole again it isn't published: {after.reason} {after.counts}")
    seen.notes(f"{len(cuts)} cuts: {', '.join(pair.codes)}")
    seen.shows("nothing of a cut feed published, nothing removed; published when whole again")


def _ntriples(titles: dict[str, str]) -> list[bytes]:
    """A feed that looks whole after each of its lines, but for how many datasets it says that it has."""
    dcat, dct = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    lines = ['<x:catalogue> <http://www.w3.org/ns/hydra/core#totalItems> "3" .\n']
    for iri, title in titles.items():
        lines.append(f"<{iri}> <{rdf}> <{dcat}Dataset> .\n")
        lines.append(f'<{iri}> <{dct}title> "{title}"@en .\n')
        lines.append(f'<{iri}> <{dct}description> "About {title}."@en .\n')
    return [line.encode() for line in lines]


@case("S19", smoke=True)
def edited_meanwhile(lab: Lab, seen: Evidence) -> None:
    """The source edits a record between the reading of page 1 and page 2, so that it moves out of view."""
    for kind, total in (("with", 6), ("without", 0)):
        member, control = lab.member(f"s19-{kind}"), lab.member(f"s19-{kind}-twin")
        for each in (member, control):
            _offset_feed(lab, each, _titles(each, 6), total)
            seen.must(each.harvest().counts["added"] == 6, "the feed isn't harvested whole")
        edited = [*_titles(member, 6)][5]
        for days in (1, 3, 5)[: lab.size(3, 2)]:
            _shifting_feed(lab, member, total)
            harvest = member.harvest(days)
            seen.must(harvest.counts["removed"] == 0, f"{kind} totalItems: {harvest.counts['removed']} removed")
        found = member.found()
        seen.must(edited in found, f"{kind} totalItems: the edited record is away")
        seen.shows(f"{kind} totalItems: edited record is shown, {', '.join(harvest.codes) or harvest.counts}")
        _control(lab, seen, control, kind)


def _control(lab: Lab, seen: Evidence, control: Member, kind: str) -> None:
    """What is truly gone is removed: the case isn't passed by removing nothing."""
    titles = dict([*_titles(control, 6).items()][:5])
    for days in (1, 3):
        _offset_feed(lab, control, titles, 5)
        harvest = control.harvest(days)
    gone = harvest.counts["removed"] == 1 and len(control.found()) == 5
    seen.must(gone, f"twin {kind}: what was truly gone wasn't removed: {harvest.counts} {harvest.notes}")


def _offset_feed(lab: Lab, member: Member, titles: dict[str, str], total: int) -> None:
    """Two pages, newest first."""
    items = [dataset(iri, title) for iri, title in titles.items()]
    lab.hostile.serve(f"/{member.name}/2.ttl", paged(items[3:], total=total))
    member.serves(paged(items[:3], f"/{member.name}/2.ttl", total))


def _shifting_feed(lab: Lab, member: Member, total: int) -> None:
    """The last record is edited after page 1 was read: it is first now, and every other one a place further down."""
    before = [dataset(iri, title) for iri, title in _titles(member, 6).items()]
    after = [before[5], *before[:5]]
    second = f"/{member.name}/2.ttl"
    lab.hostile.serve(second, paged(after[3:], total=total))
    member.serves(in_turn(says(paged(before[:3], second, total)), says(paged(after[:3], second, total))))


@case("S20")
def twelve_percent(lab: Lab, seen: Evidence) -> None:
    """A complete feed lists 12 % less than before, for good; then a person approves."""
    pair = lab.pair("S20", seen)
    number = 50
    titles = _titles(pair.bad, number)
    gone = [*titles][number - number * 12 // 100 :]
    pair.bad.lists(titles)
    pair.bad.harvest()
    pair.bad.lists({iri: title for iri, title in titles.items() if iri not in gone})
    for days in DAYS:
        harvest = pair.bad.harvest(days)
        seen.must(harvest.counts["removed"] == 0, f"removed without a person: {harvest.counts}")
    seen.must("held(threshold)" in harvest.codes, f"{harvest.codes} instead of held(threshold)")
    seen.must(not _lost(pair.bad, titles), "records are lost to readers before anybody agreed")
    waiting = [each["iri"] for each in lab.action("citizendata_removal_list", id=pair.bad.name)]
    seen.must(sorted(waiting) == gone, f"{len(waiting)} wait for a decision instead of {len(gone)}")
    removed = lab.action("citizendata_removal_approve", id=pair.bad.name, iris=waiting)["removed"]
    seen.must(sorted(removed) == gone and len(pair.bad.found()) == number - len(gone), f"{len(removed)} were removed")
    missing = [iri for iri in gone if not _has_tombstone(lab, iri)]
    seen.must(not missing, f"{len(missing)} of {len(gone)} have no tombstone in the feed")
    pair.twin_is_published("12 % absent")
    seen.shows(
        f"{len(gone)} of {number} absent: held(threshold), 0 removed in 3 runs; approved: {len(removed)} removed"
    )
    seen.notes(f"{len(gone) - len(missing)} tombstones in the feed")


def _has_tombstone(lab: Lab, iri: str) -> bool:
    """Whether the registry's own feed tells that the record was taken back."""
    return any(iri in line and "tombstone" in line.casefold() for line in _tombstones(lab, iri))


def _tombstones(lab: Lab, iri: str) -> list[str]:
    """The statements of the registry's feed about catalogue records of the dataset, one text a record."""
    found: dict[str, list[str]] = {}
    for line in lab.export().splitlines():
        found.setdefault(line.split(" ", 1)[0], []).append(line)
    return ["\n".join(lines) for lines in found.values() if any(f"primaryTopic> <{iri}>" in each for each in lines)]


@case("S21", smoke=True)
def absent_twice(lab: Lab, seen: Evidence) -> None:
    """One record is absent from two complete harvests, an hour apart and then more than a day apart."""
    pair = lab.pair("S21", seen)
    titles = _titles(pair.bad, 5)
    gone = [*titles][4]
    pair.bad.lists(titles)
    pair.bad.harvest()
    pair.bad.lists({iri: title for iri, title in titles.items() if iri != gone})
    told: list[Harvest] = [pair.bad.harvest(days) for days in (0, 1 / 24, 23 / 24)]
    seen.must(all(each.counts["removed"] == 0 for each in told), "removed before a day had gone by")
    seen.must(gone in pair.bad.found(), "the record is away before a day had gone by")
    last = pair.bad.harvest(25 / 24)
    seen.must(last.outcomes.get(gone) == "removed", f"after 25 hours: {last.outcomes.get(gone)}, not removed")
    seen.must(gone not in pair.bad.found(), "the removed record is still found")
    seen.must(_has_tombstone(lab, gone), "the next feed has no tombstone of it")
    seen.must(len(pair.bad.found()) == 4, "other records went with it")
    pair.twin_is_published("one absent")
    pair.bad.lists(titles)
    back = pair.bad.harvest(2)
    seen.must(back.outcomes.get(gone) == "added", f"listed again it isn't back: {back.outcomes}")
    seen.shows("kept at 0, 1 and 23 hours, removed at 25 with a tombstone in the feed, back when listed again")
