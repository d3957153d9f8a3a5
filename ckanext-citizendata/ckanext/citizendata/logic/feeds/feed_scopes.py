"""Which feeds a site has, and which records each is about."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.model import feed_page
from ckanext.citizendata.model.cutting import Scope

__all__ = ["COLLABORATIVE", "feeds", "scope_of"]

COLLABORATIVE, PARTNERS = "collaborative", "partners"


def feeds() -> Sequence[str]:
    """The names of the feeds of this site: that for everyone, and those that somebody added."""
    return sorted({EVERYONE, *(row.name for row in feed_page.feeds())})


def scope_of(feed: str, at_work: tuple[str, ...] = ()) -> Scope:
    """What a feed is about: what everyone may read, and what is for its own readers."""
    audiences = (EVERYONE,) if feed == EVERYONE else (EVERYONE, COLLABORATIVE if feed == COLLABORATIVE else PARTNERS)
    return Scope(feed, audiences, at_work)
