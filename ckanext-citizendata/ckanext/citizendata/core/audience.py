"""Who may know of a record: a choice between sets of readers, not a ladder."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Reader(Enum):
    """One class of readers; own people are those of the owner, collaborators and the site's administrators."""

    OWN = "own people"
    PARTNER = "named partners"
    NATIONAL = "signed-in users of the national catalogue"
    MEMBER = "signed-in members of the shared registry"
    SHORT = "everyone, in the short public version"
    EVERYONE = "everyone"


EVERYONE = "everyone"
EVERYONE_SHORT = "everyone_short"
NATIONAL = "national"

_SHORT_READERS = frozenset(Reader) - {Reader.EVERYONE}
AUDIENCES: Mapping[str, frozenset[Reader]] = MappingProxyType(
    {
        "producer": frozenset({Reader.OWN}),
        "partners": frozenset({Reader.OWN, Reader.PARTNER}),
        NATIONAL: frozenset({Reader.OWN, Reader.NATIONAL}),
        "collaborative": frozenset({Reader.OWN, Reader.MEMBER}),
        EVERYONE_SHORT: _SHORT_READERS,
        EVERYONE: frozenset(Reader),
    }
)
SAFETY_QUESTIONS = ("sensitivity", "personal_data", "indigenous_data")
_UNKNOWN = "unknown"


def readable(audience: object) -> str | None:
    """The audience if it is one of ours; anything else is None, and None hides."""
    return audience if isinstance(audience, str) and audience in AUDIENCES else None


def readers(audience: str | None) -> frozenset[Reader]:
    """The classes of readers of an audience; own people alone where it is missing or unreadable."""
    return AUDIENCES.get(audience or "", frozenset({Reader.OWN}))


def is_open(audience: str | None) -> bool:
    """Whether the record stands in open feeds and before anonymous readers in full."""
    return audience == EVERYONE


def is_lower(audience: str | None, than: str | None) -> bool:
    """Whether the readers are a proper subset; what is neither lower nor the same is a raise."""
    return readers(audience) < readers(than)


def effective(package: Mapping[str, object]) -> str | None:
    """The chosen audience, capped at the short version where a safety question is open.

    {"audience": "everyone", "sensitivity": "unknown", …} -> "everyone_short"
    """
    chosen = readable(package.get("audience"))
    if chosen == EVERYONE and any((package.get(name) or _UNKNOWN) == _UNKNOWN for name in SAFETY_QUESTIONS):
        return EVERYONE_SHORT
    return chosen


def lowest(audience: str | None, limit: str | None) -> str | None:
    """The audience where it stays within the limit, else the limit: a feed may lower, never raise."""
    return audience if readers(audience) <= readers(limit) else limit
