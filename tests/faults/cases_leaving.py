"""What leaves the registry: addresses that would do harm, records that would spoil a page, and all others unharmed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.mapping import Subject, fragment_from_package
from tests.faults.evidence import Evidence
from tests.faults.faces import FACES, canonical, exported, statements
from tests.faults.harness import case
from tests.faults.hostile import NT, says
from tests.faults.lab import Lab, Member
from tests.faults.signed import SignedMember
from tests.generation.formats import same
from tests.generation.packages import maker
from tests.generation.records import full_record
from tests.generation.signed_feed import quads, record

# What no reader may be led to, and what is no danger though no browser opens it.
WITHHELD = ("javascript", "vbscript", "data", "file")
OTHERS = ("blob", "filesystem", "view-source", "intent", "ftp", "urn", "tel", "mailto")
# So many statements of a record are about its listing.
LISTING = 4
LINKS = ("http", "https", "mailto", "tel")
MARK = "s26//example.org/"
ACTIVE = ("href", "src", "action", "formaction", "data", "poster", "background", "srcset", "cite", "ping")
# Whom it is about and who may read it, so that every made-up record is for everyone.
HARMLESS = {"audience": "everyone", "sensitivity": "low_or_none", "personal_data": "none", "indigenous_data": "no"}


class Links(HTMLParser):
    """The addresses to which a page leads or from which it loads something."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.found += [value for name, value in attrs if name in ACTIVE and value]


@case("S26")
def schemes(lab: Lab, seen: Evidence) -> None:
    """Addresses of 12 schemes in every field that takes one: scripts, files, packed data, and harmless ones."""
    pair = lab.pair("S26", seen)
    member = lab.member("s26-odd")
    texts = {scheme: _with_scheme(member, number, scheme) for number, scheme in enumerate((*WITHHELD, *OTHERS))}
    fields = min(text.count(MARK) for text in texts.values())
    seen.must(fields >= 15, f"only {fields} fields of a full record take an address")
    member.serves(says("".join(texts.values()).encode(), NT))
    harvest = member.harvest()
    seen.must(harvest.counts["added"] == len(texts), f"not all are published: {harvest.counts} {harvest.said[:300]}")
    rows = {row["iri"].rpartition("/")[2]: row for row in member.rows()}
    for scheme, text in texts.items():
        _no_active_link(lab, seen, rows[scheme], scheme)
        _rdf_as_ruled(lab, seen, rows[scheme], scheme, text)
    export = exported(lab)
    for place, text in export.pages.items():
        dangerous = re.findall(rf"\b(?:{'|'.join(WITHHELD)}):{MARK}", text)
        seen.must(not dangerous, f"{place} has {dangerous[:1]}")
    pair.twin_is_published("odd schemes")
    seen.notes(f"{len(texts)} schemes in {fields} statements each; {len(export.pages)} pages of RDF read")


def _with_scheme(member: Member, number: int, scheme: str) -> str:
    """A record with every field filled, whose addresses all have this scheme but for that of the record itself."""
    record = {**full_record(load(), number), **HARMLESS, "title_translated": {"en": f"Odd {scheme}"}}
    text = fragment_from_package(load().public, record, Subject(f"{member.prefix}dataset/{scheme}"))
    return text.replace("<https://example.org/", f"<{scheme}:{MARK}")


def _no_active_link(lab: Lab, seen: Evidence, row: Mapping[str, Any], scheme: str) -> None:
    status, page = lab.ask("page", path=f"/dataset/{row['name']}")
    seen.must(status == 200, f"the page of {scheme} answers {status}")
    files = re.findall(rf"/dataset/{re.escape(row['name'])}/resource/[0-9a-f-]+", page)
    pages = [page, *(lab.ask("page", path=path)[1] for path in sorted({*files}))]
    links = [link for text in pages for link in Links(text).found]
    # Browsers pass over control characters and spaces before a scheme.
    plain = [re.sub(r"[\x00-\x20]", "", link).casefold() for link in links]
    wrong = [link for link in plain if MARK in link and link.partition(":")[0] not in LINKS]
    wrong += [link for link in plain if link.startswith(tuple(f"{each}:" for each in WITHHELD))]
    seen.must(not wrong, f"{len(wrong)} active links of {scheme}, as {wrong[:1]}")


def _rdf_as_ruled(lab: Lab, seen: Evidence, row: Mapping[str, Any], scheme: str, source: str) -> None:
    """A dangerous scheme is in no face; a harmless one is in all, in every statement that came with it."""
    came = {line for line in source.splitlines() if f"<{scheme}:{MARK}" in line}
    for face in FACES:
        status, text = lab.ask("page", path=f"/dataset/{row['name']}.{face}")
        left = {line for line in canonical(text, face).splitlines() if f"<{scheme}:{MARK}" in line}
        expected = 0 if scheme in WITHHELD else len(came)
        seen.must(status == 200 and len(left) == expected, f"{scheme} in {face}: {len(left)} of {expected} statements")


POISON = {
    "a space": "<{iri}> <http://purl.org/dc/terms/relation> <https://x.example.org/a b> .\n",
    "a line break": "<{iri}> <http://purl.org/dc/terms/relation> <https://x.example.org/a\\u000Ab> .\n",
    "a bad language": '<{iri}> <http://purl.org/dc/terms/title> "Bad"@abcdefghijklm .\n',
    "a huge text": '<{iri}> <http://purl.org/dc/terms/description> "' + "huge " * 200_000 + '"@en .\n',
    "outside XML": '<{iri}> <http://purl.org/dc/terms/title> "bell \\u0007 \\uFFFE"@en .\n',
    "no N-Triples": "this says nothing .\n",
}
POISONED = "UPDATE citizendata_record SET fragment = fragment || %s WHERE iri = %s"
# As an edit leaves it, so that all that is made of the record is made anew.
CHANGED = """
    INSERT INTO citizendata_change (iri, package_id, operation, fingerprint, audience, mapping_version)
    SELECT iri, package_id, 'update', fingerprint, audience, mapping_version FROM citizendata_record WHERE iri = %s
"""


@case("S27")
def poison(lab: Lab, seen: Evidence) -> None:
    """Among 1,000 records one each with a space or a line break in an address, a bad language, a huge text, others."""
    pair = lab.pair("S27", seen)
    member = lab.member("s27-many")
    titles = {iri: f"Record {number}" for number, iri in enumerate(member.iris(lab.size(1000, 130)))}
    member.lists(titles)
    harvest = member.harvest()
    seen.must(harvest.counts["added"] == len(titles), f"not all are published: {harvest.counts}")
    bad = dict(zip(random.Random(lab.seed).sample([*titles], len(POISON)), POISON.items(), strict=True))
    for iri, (_, statement) in bad.items():
        lab.site.sql(POISONED, (statement.format(iri=iri), iri))
        lab.site.sql(CHANGED, (iri,))
    export = exported(lab)
    healthy = titles.keys() - bad.keys()
    for face, listed in export.listed.items():
        lost = healthy - listed
        seen.must(not lost, f"{face}: {len(lost)} of {len(healthy)} healthy records are lost, as {sorted(lost)[:1]}")
    seen.must(not export.unread, f"{len(export.unread)} pages aren't read by both parsers: {export.unread[:2]}")
    _told(lab, seen, member, {iri: name for iri, (name, _) in bad.items()})
    pair.twin_is_published("poison")
    seen.notes(
        f"{len(bad)} of {len(titles)} records poisoned (seed {lab.seed}); {len(export.pages)} pages, two parsers agree"
    )


def _told(lab: Lab, seen: Evidence, member: Member, bad: Mapping[str, str]) -> None:
    """Of each poisoned record somebody can learn what isn't served of it."""
    rows = {row["iri"]: row["name"] for row in member.rows()}
    for iri, name in bad.items():
        status, _, headers = lab.ask("asked", path=f"/dataset/{rows[iri]}.rdf")
        withheld = int(headers.get("Citizendata-Withheld", 0))
        told = status == 500 or withheld > 0 or name == "a huge text"
        seen.must(told, f"{name}: nothing tells what isn't served: {status}, withheld {withheld}")


@case("S28")
def round_trips(lab: Lab, seen: Evidence) -> None:
    """Made-up records are harvested from a signed feed, and read again from the registry in every serialisation."""
    pair = lab.pair("S28", seen)
    signed = SignedMember(lab, "s28-many")
    member = signed.member
    fragments = dict(_made_up(member, lab.size(200, 15), lab.seed))
    # In graphs of their own: what two records say of one country stays apart.
    signed.feed.lists([_in_graph(iri, text) for iri, text in fragments.items()])
    signed.serve()
    harvest = member.harvest()
    seen.must(harvest.counts["added"] == len(fragments), f"not all are published: {harvest.counts}")
    names = {row["iri"]: row["name"] for row in member.rows()}
    wrong = [f"{iri} in {face}" for iri, text in fragments.items() for face in _differing(lab, names[iri], text)]
    seen.must(not wrong, f"{len(wrong)} aren't what came in, as {wrong[:2]}")
    pair.twin_is_published("made-up records")
    seen.notes(f"{len(fragments)} records (seed {lab.seed}) in {len(FACES)} faces, isomorphic with what came in")


def _in_graph(iri: str, fragment: str) -> str:
    """The listing of a record and its statements, in a graph of their own."""
    listing = "".join(record(iri, "").splitlines(keepends=True)[:LISTING])
    return listing + quads(iri, *(line.removesuffix(" .") for line in fragment.split("\n") if line))


def _made_up(member: Member, number: int, seed: int) -> Iterator[tuple[str, str]]:
    model = load()
    for each in range(number):
        iri = f"{member.prefix}dataset/{each:04}"
        record = {**maker(model).package(seed + each), **HARMLESS}
        text = fragment_from_package(model.public, record, Subject(iri))
        # Labels of blank nodes are those of one file.
        yield iri, re.sub(r"_:(\w+)", rf"_:r{each}x\1", text)


def _differing(lab: Lab, name: str, source: str) -> Iterator[str]:
    """The faces that don't say what came in; RDF/XML may leave out what XML has no character for."""
    for face in FACES:
        _, text, headers = lab.ask("asked", path=f"/dataset/{name}.{face}")
        own = statements(canonical(text, face), but=f"{lab.address}/record/")
        withheld = int(headers.get("Citizendata-Withheld", 0))
        if not (same(own, source) or (face == "rdf" and withheld == source.count("\n") - own.count("\n"))):
            yield face
