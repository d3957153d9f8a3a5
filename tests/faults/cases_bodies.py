"""Pages that are made to break, fill or hold up whoever reads them."""

from __future__ import annotations

import gzip

from tests.faults.evidence import Evidence
from tests.faults.feeds import PREFIXES, catalogue, dataset
from tests.faults.harness import case
from tests.faults.hostile import JSON, NT, TURTLE, XML, Answer, bomb, breaks_off, redirects, says
from tests.faults.lab import Lab, Pair

RDF = b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="https://a.example.org/">%b</r:RDF>'
LAUGHS = b'<!DOCTYPE r [<!ENTITY a0 "ha">%b]>' % b"".join(
    b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)
QUADRATIC = b'<!DOCTYPE r [<!ENTITY a "%b">]>' % (b"a" * 100_000) + RDF % (b"<a:x>%b</a:x>" % (b"&a;" * 10_000))
TIGHT = 256


@case("S05")
def doctype(lab: Lab, seen: Evidence) -> None:
    """XML with a DOCTYPE: entities of files and servers, billion laughs, quadratic and parameter entities."""
    pair = lab.pair("S05", seen)
    canary, bait = lab.canary.address.encode(), str(lab.bait.path).encode()
    pages = {
        "file entity": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file://%b">]>' % bait + RDF % b"<a:x>&x;</a:x>",
        "server entity": b'<!DOCTYPE r [<!ENTITY x SYSTEM "%b/x">]>' % canary + RDF % b"<a:x>&x;</a:x>",
        "outer subset": b'<!DOCTYPE r SYSTEM "%b/x.dtd">' % canary + RDF % b"",
        "billion laughs": LAUGHS + RDF % b"<a:x>&a9;</a:x>",
        "laughs in UTF-16": (LAUGHS + RDF % b"<a:x>&a9;</a:x>").decode().encode("utf-16"),
        "laughs behind a comment": b"<?xml version='1.0'?>\n<!-- > -->\n" + LAUGHS + RDF % b"<a:x>&a9;</a:x>",
        "quadratic": QUADRATIC,
        "parameter entity": b'<!DOCTYPE r [<!ENTITY %% x SYSTEM "%b/x"> %%x;]>' % canary + RDF % b"",
    }
    with lab.memory() as memory:
        for cause, body in pages.items():
            pair.tries(cause, says(body, XML), r"rejected\(dtd\)", 2)
    _ends(lab, pair, memory.grown)


@case("S06", smoke=True)
def bombs(lab: Lab, seen: Evidence) -> None:
    """Packed answers that unpack without end, packed twice, packed on a redirect, and lies about their length."""
    pair = lab.pair("S06", seen)
    feed = lab.feed_of(pair.bad)
    large = r"rejected\(too_large\)"
    away = says(feed)
    lab.hostile.serve("/s06-moved.ttl", away)
    packed = gzip.compress(bytes(50 * 1024 * 1024))
    with lab.memory() as memory:
        pair.tries("10 GB in one gzip", bomb(10_000, members=False), large, 5)
        pair.tries("10 GB in many gzips", bomb(10_000, members=True), large, 5)
        pair.tries(
            "packed twice", says(gzip.compress(packed), Content_Encoding="gzip, gzip"), r"rejected\(encoding\)", 5
        )
        pair.tries("packed as br", says(packed, Content_Encoding="br"), r"rejected\(encoding\)", 5)
        pair.tries("no gzip", says(feed, Content_Encoding="gzip"), r"rejected\(encoding\)", 5)
        pair.tries("told longer than it is", breaks_off(feed + b" " * 100, len(feed)), r"failed\(broken_off\)", 40)
        pair.tries("told shorter than it is", says(feed, Content_Length="300"), r"rejected\(malformed\)", 5)
        pair.bad.serves(redirects(302, "/s06-moved.ttl", packed, Content_Encoding="gzip"))
        moved = pair.bad.harvest()
        seen.must(moved.state == "finished" and moved.seconds < 5, f"bomb on a redirect: {moved.state} {moved.reason}")
        pair.twin_is_published("bomb on a redirect")
    _ends(lab, pair, memory.grown)


@case("S08")
def nesting(lab: Lab, seen: Evidence) -> None:
    """Turtle, JSON-LD and XML nested 100,000 deep, and a list of 50,000 parts."""
    pair = lab.pair("S08", seen)
    refusal = r"(rejected|failed)\((malformed|too_costly|too_large|parser_died|parse|record|cap:[a-z_]+)\)"
    with lab.memory() as memory, lab.options(parser_seconds=5):
        for cause, answer in _deep().items():
            pair.tries(cause, answer, refusal, 30)
    seen.must(lab.worker_is_the_same(), "the worker is another one")
    _ends(lab, pair, memory.grown, 1400)


def _deep() -> dict[str, Answer]:
    deep = 100_000
    one = b"<https://s08-bad.example.org/dataset/water> "
    head = PREFIXES.encode()
    return {
        "blank nodes": says(head + one + b"dct:relation [ dct:relation " * deep + b"1" + b" ]" * deep + b" ."),
        "lists": says(head + one + b"dct:relation " + b"( " * deep + b") " * deep + b"."),
        "objects": says(b'{"@id": "x:a", "x:b": ' * deep + b"1" + b"}" * deep, JSON),
        "arrays": says(b'{"@id": "x:a", "x:b": ' + b"[" * deep + b"]" * deep + b"}", JSON),
        "elements": says(RDF % (b"<a:D><a:p>" * (deep // 2) + b"</a:p></a:D>" * (deep // 2)), XML),
        "statements": says(b"<x:a> <x:b> " + b"<<( <x:a> <x:b> " * deep + b"<x:c>" + b" )>>" * deep + b" .", NT),
        "a long list": says(head + one + b"a dcat:Dataset ; dct:relation ( " + b"1 " * 50_000 + b") ."),
    }


@case("S09")
def tangles(lab: Lab, seen: Evidence) -> None:
    """Blank nodes that all know each other, that go in circles, and that many datasets share."""
    pair = lab.pair("S09", seen)
    for number, (cause, more) in enumerate(_tangled().items()):
        iri = f"{pair.bad.prefix}dataset/tangled-{number}"
        good = f"{pair.bad.prefix}dataset/water"
        pair.bad.serves(catalogue(dataset(good, "Water"), dataset(iri, cause, more.replace("THIS", f"<{iri}>"))))
        harvest = pair.bad.harvest()
        outcome = harvest.outcomes.get(iri, "unchanged")
        told = "" if outcome == "added" else next((i["reason"] for i in harvest.items if i["iri"] == iri), "")
        seen.must(harvest.state == "finished", f"{cause}: {harvest.reason}")
        seen.must(outcome == "added" or bool(told), f"{cause}: {outcome} without a reason")
        seen.must(harvest.seconds < 4, f"{cause}: {harvest.seconds:.1f} s for two datasets")
        seen.must(pair.bad.found().get(good) == "Water", f"{cause}: the dataset beside it is gone")
        pair.slowest = max(pair.slowest, harvest.seconds)
        pair.twin_is_published(cause)
        seen.notes(f"{cause}: {outcome}")
    pair.notes()


def _tangled() -> dict[str, str]:
    clique = "".join(f"_:n{a} dct:relation _:n{b} .\n" for a in range(50) for b in range(50) if a != b)
    ring = "".join(f"_:r{each} dct:relation _:r{(each + 1) % 500} .\n" for each in range(500))
    ladder = "".join(f"_:l{n} dct:relation _:l{n + 1} , _:m{n + 1} . _:m{n} dct:relation _:l{n + 1} , _:m{n + 1} .\n"
                     for n in range(60))  # fmt: skip
    return {
        "clique of 50": f"THIS dcat:distribution _:n0 . {clique}",
        "ring of 500": f"THIS dcat:distribution _:r0 . {ring}",
        "ladder of 2^60 ways": f"THIS dcat:distribution _:l0 , _:m0 . {ladder}",
        "a circle through the dataset": "THIS dcat:distribution _:c . _:c dct:isPartOf THIS .",
        "itself": "_:self dct:relation _:self . THIS dcat:contactPoint _:self .",
    }


@case("S23")
def encodings(lab: Lab, seen: Evidence) -> None:
    """Texts in other encodings than they claim, lone surrogates, NUL, byte order marks."""
    pair = lab.pair("S23", seen)
    bad = r"rejected\((encoding|malformed)\)"
    text = catalogue(dataset(f"{pair.bad.prefix}dataset/new", "Café")).decode()
    escaped = catalogue(dataset(f"{pair.bad.prefix}dataset/new", r"a\uD800b"))
    xml = '<?xml version="1.0" encoding="%s"?>' + (RDF % b"<a:D><a:t>Caf\xc3\xa9</a:t></a:D>").decode()
    wrong = {
        "Latin-1 as UTF-8": says(text.encode("latin-1")),
        "overlong": says(text.encode().replace("é".encode(), b"\xc0\xaf")),
        "UTF-8 of a surrogate": says(text.encode().replace("é".encode(), b"\xed\xa0\x80")),
        "cut in a character": says(text.encode().replace("é".encode(), b"\xc3")),
        "UTF-32": says(text.encode("utf-32")),
        "UTF-7 by declaration": says((xml % "utf-7").encode(), XML),
        "unknown by declaration": says((xml % "x-none").encode(), XML),
        "UTF-16 by declaration alone": says((xml % "utf-16").encode(), XML),
        "escape of a surrogate": says(escaped),
        "surrogate in JSON": says(
            b'{"@id": "x:a", "@type": "http://www.w3.org/ns/dcat#Dataset", "x:b": "\\ud800', JSON
        ),
    }
    for cause, answer in wrong.items():
        pair.tries(cause, answer, bad, 10)
    pair.recovers(lab.feed_of(pair.bad))
    _cleaned(pair, seen, text)
    pair.notes()


def _cleaned(pair: Pair, seen: Evidence, text: str) -> None:
    """What can be read although it is odd: published, or one record refused with a reason."""
    water = dataset(f"{pair.bad.prefix}dataset/water", "Water")
    new = f"{pair.bad.prefix}dataset/new"
    odd = {
        "byte order mark": b"\xef\xbb\xbf" + (text + water).encode(),
        "UTF-16 with its mark": (text + water).encode("utf-16"),
        "NUL by escape": catalogue(dataset(new, r"a\u0000b"), water),
    }
    for cause, body in odd.items():
        pair.bad.serves(says(body, TURTLE))
        harvest = pair.bad.harvest()
        found = pair.bad.found()
        named = found.get(new) == "Café" or any(i["iri"] == new and i["reason"] for i in harvest.items)
        seen.must(harvest.state == "finished", f"{cause}: {harvest.reason}")
        seen.must(named and f"{pair.bad.prefix}dataset/water" in found, f"{cause}: {found} {harvest.outcomes}")
        pair.twin_is_published(cause)
    seen.shows(f"{len(odd)} odd texts read or refused record by record")


def _ends(lab: Lab, pair: Pair, grown: int, most: int = TIGHT) -> None:
    """What all of these have in common at the end."""
    pair.recovers(lab.feed_of(pair.bad))
    pair.seen.must(grown < most, f"memory grew by {grown} MB")
    pair.seen.notes(f"memory of worker and parser grew by {grown} MB at most")
    pair.notes()
