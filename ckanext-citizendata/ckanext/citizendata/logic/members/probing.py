"""What is at an address, for the people who decide whether it becomes a member; nothing is written."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.identity import covers, normalised
from ckanext.citizendata.core.signature import PublicKey
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.plan import planned
from ckanext.citizendata.federation.ports import CITIZENDATA, CKAN, DCAT, Member, Progress
from ckanext.citizendata.federation.probing import Probed, Seen, probed
from ckanext.citizendata.federation.sources import KINDS
from ckanext.citizendata.federation.sources.recognising import Recognised, Remembering, recognised
from ckanext.citizendata.logic.harvesting.feed_states import Afresh, SqlFeedStates
from ckanext.citizendata.logic.harvesting.harvest import Way, limits, preparer
from ckanext.citizendata.logic.harvesting.planning import Look
from ckanext.citizendata.logic.publishing.ledger import member_of_row
from ckanext.citizendata.logic.values.storable import storable
from ckanext.citizendata.logic.wording import reader_wording
from ckanext.citizendata.model import member as members

__all__ = ["FIRST_PAGES", "found_at", "kind_at"]

# So many pages are read unless somebody asks for more.
FIRST_PAGES = 3
# So many records of each outcome are told, and so many beginnings of addresses.
TOLD, BEGINNINGS = 20, 5
LONGEST_NAME = 40
LOOK_SECONDS = 30.0
PAGING = {"nextPage": "pages, by hydra:nextPage", "next": "pages, by hydra:next"}


def kind_at(url: str) -> Recognised:
    """What is at an address, by little more than one look; raises `SourceUnreachable` and `SourceMalformed`."""
    # A person waits: who doesn't answer at once isn't asked again.
    within = replace(limits(), tries=1, total=LOOK_SECONDS)
    with preparer(partial, Way(within)) as reading, Parser(within) as parser:
        return recognised(reading.fetcher, parser, url)


def found_at(url: str, pages: int, progress: Progress) -> dict[str, Any]:
    """What a person wants to know of a catalogue before it is harvested, and the command that makes it a member.

    Raises `SourceUnreachable` and `SourceMalformed`, which name the address and the reason.
    """
    with _probed(url, pages, progress) as (found, asked, probe):
        look = Look(probe.prepared, planned(probe.prepared), reader_wording())
        outcomes = ("rejected", "held", "added", "changed")
        items = chain.from_iterable(look.items_of(outcome, TOLD) for outcome in outcomes)
        shown = storable({**_shown(found, probe.seen), **asked.shown(found, probe.seen)})
        head = look.head()
        return {**shown, "counts": head["counts"], "notes": head["notes"], "items": [*items]}


@contextmanager
def _probed(url: str, pages: int, progress: Progress) -> Iterator[tuple[Recognised, _Asked, Probed]]:
    with preparer(partial, Way(states=Afresh(SqlFeedStates()))) as reading:
        getter = Remembering(reading.fetcher)
        with Parser(getter.limits) as parser:
            found = recognised(getter, parser, url)
        asked = _Asked(url, tuple(members.every()))
        member = asked.member_for(found)
        now = datetime.now(timezone.utc)
        with probed(replace(reading, fetcher=getter), member, pages, now, progress) as probe:
            yield found, asked, probe


def _shown(found: Recognised, seen: Seen) -> dict[str, Any]:
    beginnings = seen.addresses.most_common(BEGINNINGS)
    return {
        "url": found.url,
        "kind": found.kind,
        "kind_words": KINDS[found.kind],
        "format": found.format,
        "paging": _paging(found, seen),
        "pages": seen.pages,
        "whole": seen.is_whole,
        "datasets": len(seen.datasets) + seen.nameless,
        "claimed": seen.claimed or None,
        "with_address": len(seen.datasets),
        "addresses": [{"begins_with": start, "datasets": number} for start, number in beginnings],
        "languages": dict(seen.languages.most_common()),
        "key": PublicKey(seen.key).kid if seen.key else None,
    }


def _paging(found: Recognised, seen: Seen) -> str:
    if found.kind == CITIZENDATA:
        return "signed pages"
    if found.kind == CKAN:
        return "pages, by number"
    names = (name for link in sorted(seen.links) for name in PAGING if link.endswith(f"#{name}"))
    return next((PAGING[name] for name in names), "one file")


@dataclass(frozen=True, slots=True)
class _Asked:
    """The address that somebody asked about, beside the members that there are."""

    url: str
    members: tuple[sa.Row[Any], ...]

    def member_for(self, found: Recognised) -> Member:
        """The member that this catalogue is, else one as it would be."""
        row = next((each for each in self.members if each.url in (self.url, found.url)), None)
        if row:
            return replace(member_of_row(row), kind=found.kind)
        prefixes = (f"{'/'.join(found.url.split('/')[:3])}/",)
        return Member(self._name(found.url), self._host(found.url), found.url, EVERYONE, prefixes, kind=found.kind)

    def shown(self, found: Recognised, seen: Seen) -> Mapping[str, Any]:
        """The member that it is already, else the command that makes it one; and what was found elsewhere."""
        member = self.member_for(found)
        is_member = any(each.id == member.id for each in self.members)
        return {
            "asked": self.url,
            "behind": "This is a web page" if found.kind == DCAT and self.url != found.url else "",
            "member": member.id if is_member else None,
            "command": None if is_member else " ".join(map(shlex.quote, self._words(member, seen))),
        }

    def _words(self, member: Member, seen: Seen) -> list[str]:
        words = ["ckan", "citizendata", "member", "add", member.id, member.url]
        words += [] if member.kind == DCAT else ["--kind", member.kind]
        prefix = self._prefix(member, seen)
        return words + (["--prefix", prefix] if prefix else [])

    def _prefix(self, member: Member, seen: Seen) -> str | None:
        """What the member may speak for, where that isn't its own server: what most of its addresses begin with."""
        own = member.prefixes[0]
        taken = {prefix for each in self.members for prefix in each.prefixes}
        inside = sum(covers(normalised(own), normalised(iri)) for iri in seen.datasets)
        if own not in taken and inside * 2 >= len(seen.datasets):
            return None
        beginnings = (start for start, _ in seen.addresses.most_common() if start not in taken)
        return next(beginnings, None)

    def _name(self, url: str) -> str:
        """A name for it that no member has: data.example.org -> data-example-org."""
        plain = re.sub(r"[^a-z0-9]+", "-", self._host(url).removeprefix("www.")).strip("-")[: LONGEST_NAME - 4]
        name = plain if len(plain) > 1 else f"member-{plain}".rstrip("-")
        known = {each.id for each in self.members}
        numbered = (f"{name}-{number}" for number in range(2, len(known) + 3))
        return next(each for each in chain([name], numbered) if each not in known)

    def _host(self, url: str) -> str:
        return urlsplit(url).hostname or url
