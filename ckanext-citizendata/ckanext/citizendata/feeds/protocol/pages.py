"""The checks of all pages of a manifest: each by itself, and what holds across them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from ckanext.citizendata.core.manifest import Manifest, ManifestPage
from ckanext.citizendata.feeds.protocol.finding import Check, Get, Reply, Unanswered, failed, passed
from ckanext.citizendata.feeds.protocol.page_rules import RULES, Seen

__all__ = ["Told", "page_checks"]

# How many pages are checked, and how many there are.
Told = Callable[[int, int], None]
# A page that no site has: the hash is of nothing that was ever written.
NEVER = "0" * 64


@dataclass
class _Found:
    """What is wrong, by rule: the first page alone, and how many there are in all."""

    first: dict[str, str] = field(default_factory=dict)
    number: dict[str, int] = field(default_factory=dict)

    def note(self, rule: str, page: str, wrong: str) -> None:
        self.first.setdefault(rule, f"{page}: {wrong}")
        self.number[rule] = self.number.get(rule, 0) + 1


@dataclass
class _Across:
    """Records and datasets that were met on any page, each with its page; the first that came twice."""

    met: dict[tuple[str, str], str] = field(default_factory=dict)
    twice: str | None = None

    def note(self, kind: str, iri: str, page: str) -> None:
        before = self.met.setdefault((kind, iri), page)
        if before != page and not self.twice:
            self.twice = f"the {kind} {iri} is on {before} and on {page}"

    def note_all(self, seen: Seen, page: str) -> None:
        topics = [topic for entry in seen.entries for topic in entry.topics]
        for entry in seen.entries:
            self.note("record", entry.record, page)
        for topic in topics:
            self.note("dataset", topic, page)
            if topics.count(topic) > 1 and not self.twice:
                self.twice = f"two records on {page} are about {topic}"


def page_checks(get: Get, manifest: Manifest, address: str, told: Told) -> list[Check]:
    """One check a rule for all pages together, what holds across them, and a page that isn't there."""
    found, across = _Found(), _Across()
    total = len(manifest.pages)
    for number, listed in enumerate(manifest.pages, 1):
        seen = Seen(listed, _reply(get, _address(address, listed)))
        page = f"page {number} of {total} ({listed.sha256[:12]}…)"
        for rule, wrong in _wrong(seen):
            found.note(rule, page, wrong)
        across.note_all(seen, page)
        told(number, total)
    return [*_checks(found, total), _once(across), _never(get, address)]


def _address(manifest: str, page: ManifestPage) -> str:
    return urljoin(manifest, f"pages/{page.sha256}.nq")


def _reply(get: Get, address: str) -> Reply:
    try:
        return get(address, {})
    except Unanswered:
        return Reply(0)


def _wrong(seen: Seen) -> Iterator[tuple[str, str]]:
    """The rules that the page breaks; where it isn't there, or isn't this one, the others say nothing more."""
    for rule in RULES:
        wrong = rule.wrong(seen)
        if wrong:
            yield rule.name, wrong
            if rule.name in ("pages.answers", "pages.quads"):
                return


def _checks(found: _Found, total: int) -> Iterator[Check]:
    for rule in RULES:
        if rule.name in found.first:
            more = found.number[rule.name] - 1
            said = found.first[rule.name] + (f", and {more} other pages" if more else "")
            yield failed(rule.name, rule.expected, said, rule.advice)
        else:
            yield passed(rule.name, rule.expected, f"{total} pages")


def _once(across: _Across) -> Check:
    name, expected = "pages.once", "each record, and each dataset, on one page and there once"
    if across.twice is None:
        return passed(name, expected, f"{len(across.met)} IRIs")
    advice = "Put a record on the page whose range holds its key, and take it off the page where it was"
    return failed(name, expected, across.twice, advice)


def _never(get: Get, address: str) -> Check:
    name, expected = "pages.unknown", "404 for a page that never was"
    status = _reply(get, urljoin(address, f"pages/{NEVER}.nq")).status
    if status == 404:
        return passed(name, expected, "404")
    return failed(name, expected, str(status or "no answer"), "Answer 404 there, and 410 for pages that are gone")
