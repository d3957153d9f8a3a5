"""What is at an address, before anybody makes a member of it: its first pages, read as a harvest reads them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from ckanext.citizendata.core.terms import DCAT, RDF
from ckanext.citizendata.core.tokens import is_iri, token, value_of
from ckanext.citizendata.federation.answer import Getter
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.pages import NEXT, total_items
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import Member, Progress
from ckanext.citizendata.federation.preparing import Prepared, Preparer
from ckanext.citizendata.federation.sources import Source

__all__ = ["Seen", "probed"]

IS_DATASET = f" {token(RDF.type)} {token(DCAT.Dataset)}"
TAG = re.compile(r'"@([a-z]{1,8}(?:-[a-z0-9]{1,8})*) \.\n')
CUT = "Only its first pages were read"
# An address up to the last part, which is what tells one dataset from another.
BEGINNING = re.compile(r".*[/#:=](?=.)")


@dataclass(slots=True)
class Seen:
    """What the pages that were read hold; `addresses` counts the beginnings of the datasets' addresses.

    `claimed` is how many datasets the catalogue says it has, 0 where it doesn't; `is_whole` whether its last page was
    among them; `links` the predicates of hydra by which they name the next one; `languages` counts texts by tag.
    `key` is the `x` of the key that signs, "" for a feed that isn't signed.
    """

    pages: int = 0
    is_whole: bool = False
    claimed: int = 0
    datasets: set[str] = field(default_factory=set)
    nameless: int = 0
    links: set[str] = field(default_factory=set)
    languages: Counter[str] = field(default_factory=Counter)
    key: str = ""

    def add(self, page: Page) -> None:
        """Take up one page."""
        self.key = page.snapshot.state.key if page.snapshot else self.key
        self.pages += page.snapshot is None
        self.is_whole = not any(page.objects(name) for name in NEXT)
        self.claimed = max(self.claimed, total_items(page) or 0)
        self.links |= {value_of(name) for name in NEXT if page.objects(name)}
        self.languages.update(TAG.findall(page.text))
        nodes = {line.partition(" ")[0] for line in page.text.split(" .\n") if line.endswith(IS_DATASET)}
        named = {value_of(node) for node in nodes if is_iri(node)}
        self.datasets |= named
        self.nameless += len(nodes) - len(named)

    @property
    def addresses(self) -> Counter[str]:
        """How many of the datasets' addresses begin with each."""
        found = (BEGINNING.match(iri) for iri in self.datasets)
        return Counter(beginning[0] for beginning in found if beginning)


@contextmanager
def probed(preparer: Preparer, member: Member, most: int, now: datetime, progress: Progress) -> Iterator[Probed]:
    """What a harvest would do about the first pages of a member that may not be one yet, and what they hold.

    Raises `SourceUnreachable` or `SourceMalformed` as a harvest does.
    """
    seen = Seen()
    sources = {member.kind: _first(preparer.sources[member.kind], most, seen)}
    with replace(preparer, sources=sources).prepared(member, now, progress) as prepared:
        # That the rest wasn't read is known.
        notes = [each for each in prepared.notes if seen.is_whole or each.code != "incomplete"]
        yield Probed(replace(prepared, notes=notes), seen)


@dataclass(frozen=True, slots=True)
class Probed:
    """The first pages of a catalogue, decided about and counted."""

    prepared: Prepared
    seen: Seen


def _first(source: Source, most: int, seen: Seen) -> Source:
    """The first pages of what a source reads, counted as they pass."""

    def read(getter: Getter, parser: Parser, member: Member) -> Iterator[Page]:
        return _counted(source(getter, parser, member), most, seen)

    return read


def _counted(pages: Iterator[Page], most: int, seen: Seen) -> Iterator[Page]:
    for page in pages:
        seen.add(page)
        is_cut = not seen.is_whole and seen.pages >= most
        # What is cut here isn't broken off by its server, and nothing is missing for that.
        yield replace(page, framed=page.framed or is_cut, doubt=CUT if is_cut else page.doubt)
        if is_cut:
            return
