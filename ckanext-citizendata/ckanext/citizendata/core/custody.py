"""Through which sites a record came before it was harvested, so that no site takes back what it gave away itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.core.identity import covers, normalised

__all__ = ["Hop", "chain_of", "passed", "written"]

HOP = re.compile(r"(\d{1,3}) (https?://\S{1,2000}) (\S{1,40}) ([0-9a-zA-Z:_-]{1,200})", re.IGNORECASE)
# Longer chains are cut: no record of the world comes through so many sites.
LONGEST = 50
UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Hop:
    """One site that had the record: its address, when it had it so, and the fingerprint that it had there."""

    site: str
    at: str
    fingerprint: str = UNKNOWN


def chain_of(texts: Iterable[str]) -> tuple[Hop, ...]:
    """The hops in their order, the origin first; what is written otherwise than by `written` is left out.

    ["2 https://b.example/ 2026-01-02T00:00:00Z 5f0c", "1 https://a.example/ 2026-01-01T00:00:00Z -"] -> a, b
    """
    found: dict[int, Hop] = {}
    for text in texts:
        parts = HOP.fullmatch(text.strip())
        if parts and is_address(parts[2]):
            found.setdefault(int(parts[1]), Hop(*parts.groups()[1:]))
    return tuple(found[place] for place in sorted(found)[:LONGEST])


def written(chain: Iterable[Hop]) -> list[str]:
    """One line a hop, each with its place, since statements have no order."""
    return [f"{place} {hop.site} {hop.at} {hop.fingerprint}" for place, hop in enumerate(chain, 1)]


def passed(chain: Iterable[Hop], base_iri: str) -> bool:
    """Whether the record came through the site of this address."""
    base = normalised(base_iri)
    return any(covers(base, normalised(hop.site)) for hop in chain)
