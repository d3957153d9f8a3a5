"""Addresses and values: whose they are, which count, and which no program can use."""

from __future__ import annotations

import io
import re
import time

import rdflib
from pyoxigraph import RdfFormat, parse

from tests.faults.evidence import Evidence
from tests.faults.feeds import catalogue, dataset, paged, tombstone
from tests.faults.harness import case
from tests.faults.lab import Lab, Member, Pair

LATER = "2027-01-01T00:00:00Z"


@case("S13", smoke=True)
def claims(lab: Lab, seen: Evidence) -> None:
    """A member claims ten addresses of another one, takes them back, drops them, and leaves with all that it has."""
    pair = lab.pair("S13", seen)
    # Half lie below what the owner speaks for, half are its own because it was the first.
    own = [*pair.good.iris(5), *(f"https://s13-shared.example.net/dataset/{each}" for each in range(5))]
    mine = f"{pair.bad.prefix}dataset/mine"
    pair.good.lists({iri: f"Owned {iri[-1]}" for iri in own})
    seen.must(pair.good.harvest().counts["added"] == 10, "the owner's ten records aren't published")
    before = pair.good.rows()
    for step, more in (
        ("claims them", {iri: "Taken over" for iri in own}),
        ("claims them again, otherwise", {iri: "Taken again" for iri in own}),
    ):
        pair.bad.lists({mine: "Mine", **more})
        harvest = pair.bad.harvest()
        alerts = [item for item in harvest.items if item["iri"] in own and item["reason"]]
        named = [item for item in alerts if item["outcome"] in ("rejected", "listed", "also_listed")]
        seen.must(len(named) == 10, f"{step}: {len(named)} alerts instead of 10")
        seen.must(pair.good.rows() == before, f"{step}: the owner's records changed")
        seen.must(pair.bad.found().get(mine) == "Mine", f"{step}: its own record isn't published")
        seen.notes(f"{step}: {len(named)} alerts")
    for step, feed in (
        ("takes them back", catalogue(dataset(mine, "Mine"), *(tombstone(iri, LATER) for iri in own))),
        ("drops them", catalogue(dataset(mine, "Mine"))),
    ):
        pair.bad.serves(feed)
        for days in (0, 2, 4):
            pair.bad.harvest(days)
        seen.must(pair.good.rows() == before, f"{step}: the owner's records changed")
    lab.action("citizendata_member_delete", id=pair.bad.name)
    seen.must(pair.good.rows() == before, "leaves: the owner's records changed")
    found = pair.good.found()
    seen.must({*own} <= {*found}, f"a reader finds {len(found)} of the owner's ten")
    seen.shows("10 records of the owner are row by row as before, after claim, tombstone, absence and departure")


@case("S15")
def copies(lab: Lab, seen: Evidence) -> None:
    """Three copies of one record, alike and not alike; very many equal titles in two members; three runs."""
    pair = lab.pair("S15", seen)
    same, other = (f"{pair.bad.prefix}dataset/{name}" for name in ("same", "other"))
    for page in (3, 2, 1):
        items = [
            dataset(f"{pair.bad.prefix}dataset/water", "Water"),
            dataset(same, "Copy"),
            dataset(other, f"No {page}"),
        ]
        following = f"/{pair.bad.name}/{page + 1}.ttl" if page < 3 else ""
        lab.hostile.serve(f"/{pair.bad.name}/{page}.ttl", paged(items, following))
    lab.hostile.serve(pair.bad.path, lab.hostile.pages[f"/{pair.bad.name}/1.ttl"])
    for run in range(3):
        harvest = pair.bad.harvest()
        outcomes = harvest.outcomes
        seen.must(outcomes.get(same, "unchanged") == ("unchanged" if run else "added"), f"three alike: {outcomes}")
        told = [item for item in harvest.items if item["iri"] == other]
        seen.must([item["outcome"] for item in told] == ["held"], f"three that differ: {told}")
    seen.must(other not in pair.bad.found() and pair.bad.found()[same] == "Copy", "the wrong one is shown")
    pair.twin_is_published("three copies")
    seen.shows("three alike: one; three that differ: held with a reason")
    _equal_titles(lab, seen)


def _equal_titles(lab: Lab, seen: Evidence) -> None:
    number = lab.size(1500, 30)
    members = [lab.member(f"s15-survey{each}") for each in range(2)]
    names: dict[str, list[dict[str, str]]] = {}
    began = time.monotonic()
    for _ in range(3):
        for each in members:
            each.lists(dict.fromkeys(each.iris(number), "Survey"))
            harvest = each.harvest()
            seen.must(harvest.state == "finished", f"equal titles: {harvest.reason}")
            names.setdefault(each.name, []).append({row["iri"]: row["name"] for row in each.rows()})
    all_names = [name for runs in names.values() for name in runs[0].values()]
    seen.must(len(all_names) == 2 * number, f"{len(all_names)} of {2 * number} equal titles are published")
    seen.must(len({*all_names}) == len(all_names), "names are used twice")
    stable = all(runs[0] == later for runs in names.values() for later in runs[1:])
    seen.must(stable, "names change from run to run")
    seen.shows(f"{len(all_names)} equal titles in two members, each with a name of its own, the same in 3 runs")
    seen.notes(f"in {time.monotonic() - began:.0f} s")


# As Turtle writes an address: what is between the angle brackets. The second is what it means.
ODD = (
    "it's", "a'b", "(x)", "a,b", "a;b", "a&b=c", "a+b", "a~b", "a@b", "a:b", "a!b", "a*b", "$a", "emoji-\U0001f600",
    "café", "caf%C3%A9", "caf%c3%a9", "日本", "ПРИВЕТ", "العربية", "a%20b", "a%2Fb", "a%zz", "a%", "a?b=c", "a#b",
    "a//b", "a/./b", "a/../c", "%E0%A4", "A", "a", "a/", "é", "%41", "x" * 1500,
)  # fmt: skip
NEVER = (r"a\u0020b", r"a\u000Ab", r"a\u0000b", r"a\u007Bb", r"a\u0022b", r"a\u003Cb", r"a\u005Cb", "y" * 3000)


@case("S16")
def odd_addresses(lab: Lab, seen: Evidence) -> None:
    """44 odd addresses of datasets: quotes, emoji, percent signs, control characters, of any length; three runs."""
    pair = lab.pair("S16", seen)
    prefix = f"{pair.bad.prefix}dataset/"
    titles = {prefix + odd: f"Odd {number}" for number, odd in enumerate((*ODD, *NEVER))}
    twin = {f"{prefix}water": "Water"}
    for run in range(3):
        pair.bad.lists({**titles, **twin})
        harvest = pair.bad.harvest()
        seen.must(harvest.state == "finished", f"run {run + 1}: {harvest.reason}")
        if run:
            seen.must(not harvest.counts["added"], f"run {run + 1}: {harvest.counts['added']} were added again")
            changed = harvest.counts["changed"]
            seen.must(not changed, f"run {run + 1}: {changed} changed though the feed is the same")
    found = pair.bad.found()
    shown = {title for title in found.values() if title.startswith("Odd")}
    refused = [item for item in harvest.items if item["iri"] and item["outcome"] in ("rejected", "held")]
    seen.must(len(found) == len({*found.values()}), "a record is there twice")
    named = {item["iri"] for item in refused}
    # An address that is too long for any index is told by its beginning.
    named |= {iri for iri in titles if len(iri) > 2000 and iri[:80] in harvest.said}
    lost = [iri[:90] for iri, title in titles.items() if title not in shown and _meant(iri) not in named]
    seen.must(not lost, f"{len(lost)} addresses are neither published nor refused with a reason, as {lost[:2]}")
    seen.must(all(item["reason"] for item in refused), "an address is refused without a reason")
    seen.must(found.get(f"{prefix}water") == "Water", "the healthy record beside them isn't published")
    pair.twin_is_published("odd addresses")
    _export_is_valid(lab, seen, [pair.bad])
    seen.notes(f"{len(titles)} addresses in 3 runs: {len(shown)} published once, {len(refused)} refused with a reason")


def _meant(iri: str) -> str:
    """An address of Turtle as a report shows it, where NUL can't be kept."""
    return re.sub(r"\\u([0-9A-F]{4})", lambda found: chr(int(found[1], 16)), iri).replace("\0", "\ufffd")


DATES = (
    "9999999999999999999999", "0000-00-00", "0000-01-01", "-0001-01-01", "12026-01-01", "2026-13-01", "2026-02-30",
    "2026-1-1", "01/02/2026", "2026-01-01T25:61:00", "2026-01-01T24:00:00", "2026-03-29T02:30:00",
    "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00+14:00", "2026-01-01T00:00:00-14:00", "2026-01-01T00:00:60Z",
    "1969-12-31T23:59:59.999999999Z", "2026", "2026-06", "yesterday", "", "٢٠٢٦-٠١-٠١", "1e999", "NaN", "2026-01-01Z",
)  # fmt: skip
TYPES = ("xsd:dateTime", "xsd:date", "xsd:gYear", "xsd:string")


@case("S24")
def dates(lab: Lab, seen: Evidence) -> None:
    """25 dates that are none, or of strange years and zones, in every place that takes a date."""
    pair = lab.pair("S24", seen)
    parts = []
    for number, date in enumerate(DATES):
        iri = f"{pair.bad.prefix}dataset/{number}"
        value = f'"{date}"^^{TYPES[number % len(TYPES)]}'
        more = f"<{iri}> dct:issued {value} ; dct:modified {value} ; dct:temporal [ a dct:PeriodOfTime ; "
        more += f"dcat:startDate {value} ; dcat:endDate {value} ] ; dcat:distribution [ a dcat:Distribution ; "
        more += f"dcat:accessURL <{iri}/file> ; dct:issued {value} ; dct:modified {value} ] . "
        more += f"<{iri}#record> a dcat:CatalogRecord ; foaf:primaryTopic <{iri}> ; dct:modified {value} ."
        parts.append(dataset(iri, f"Dated {number}", more))
    pair.bad.serves(catalogue(dataset(f"{pair.bad.prefix}dataset/water", "Water"), *parts))
    for run in range(2):
        harvest = pair.bad.harvest()
        seen.must(harvest.state == "finished", f"run {run + 1}: {harvest.reason}")
    found = pair.bad.found()
    refused = [item for item in harvest.items if item["outcome"] in ("rejected", "held") and item["reason"]]
    told = len(found) - 1 + len(refused)
    seen.must(told == len(DATES), f"{told} of {len(DATES)} records are published or refused with a reason")
    seen.must(found.get(f"{pair.bad.prefix}dataset/water") == "Water", "the healthy record beside them isn't published")
    _pages_answer(lab, seen, pair)
    pair.twin_is_published("odd dates")
    _export_is_valid(lab, seen, [pair.bad])
    seen.notes(f"{len(found) - 1} of {len(DATES)} published, {len(refused)} refused")


def _pages_answer(lab: Lab, seen: Evidence, pair: Pair) -> None:
    """Each record's page and its RDF, and the search sorted by date."""
    asked = [f"/dataset/{row['name']}{end}" for row in pair.bad.rows() for end in ("", ".ttl")]
    asked += ["/dataset/?sort=metadata_modified+desc", "/catalog.rdf", "/catalog.jsonld"]
    wrong = {path: status for path in asked if (status := lab.ask("page", path=path)[0]) != 200}
    seen.must(not wrong, f"{len(wrong)} pages don't answer 200: {[*wrong.items()][:3]}")
    seen.notes(f"{len(asked) - len(wrong)} of {len(asked)} pages answer 200")


def _export_is_valid(lab: Lab, seen: Evidence, members: list[Member]) -> None:
    """Two parsers read the registry's whole feed, and find every published record."""
    text = lab.export()
    strict = {quad.subject.value for quad in parse(io.StringIO(text), format=RdfFormat.N_TRIPLES) if _named(quad)}
    second = rdflib.Graph().parse(data=text, format="nt")
    subjects = {str(each) for each in second.subjects()}
    for member in members:
        missing = [iri for iri in member.found() if iri not in strict or iri not in subjects]
        seen.must(not missing, f"{len(missing)} published records aren't in the export, as {missing[:1]}")
    seen.notes(f"two parsers read the export of {len(second)} statements")


def _named(quad: object) -> bool:
    return hasattr(quad.subject, "value")  # pyright: ignore[reportAttributeAccessIssue]
