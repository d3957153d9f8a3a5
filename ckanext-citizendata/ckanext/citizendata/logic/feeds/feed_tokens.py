"""Feeds for some: which there are, and the tokens with which they are read."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from uuid import uuid4

from ckan import model

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.feeds.store import FEED_NAME
from ckanext.citizendata.logic.feeds.feed_scopes import feeds
from ckanext.citizendata.model import feed_page, feed_token

__all__ = ["FeedUnknown", "add_feed", "is_allowed", "new_token", "revoke"]

# A token is told apart from other secrets that people paste somewhere.
PARTNER = "partner:"
PREFIX = "cdfeed_"
LENGTH = 32
ID_LENGTH = 8


class FeedUnknown(Exception):  # noqa: N818 - a finding about what somebody typed
    """There is no such feed or token, or it can't be one; the message says why."""


def add_feed(feed: str) -> None:
    """Have snapshots made of a feed too. Raises `FeedUnknown` for what can't be one."""
    if not FEED_NAME.fullmatch(feed):
        message = f"{feed} is no feed: there are collaborative, and partner:<id> with small letters, digits and hyphens"
        raise FeedUnknown(message)
    partners = [each for each in feeds() if each.startswith(PARTNER) and each != feed]
    if feed.startswith(PARTNER) and partners:
        # A record doesn't say yet which partners are meant.
        message = f"{feed} would have just what {partners[0]} has: all partners of a site read the same records"
        raise FeedUnknown(f"{message}. Make a token of {partners[0]} for each partner instead")
    feed_page.made(model.Session.connection(), feed)
    model.Session.commit()


def new_token(feed: str, days: int, holder: str) -> tuple[str, str]:
    """The id of a new token for a feed, and the token itself, which can't be told again. Raises `FeedUnknown`."""
    if feed == EVERYONE or feed not in feeds():
        others = ", ".join(name for name in feeds() if name != EVERYONE) or "none yet: ckan citizendata feed add"
        message = f"There is no feed {feed} that is read with a token; feeds are: {others}"
        raise FeedUnknown(message)
    token, token_id = PREFIX + secrets.token_urlsafe(LENGTH), uuid4().hex[:ID_LENGTH]
    expires = datetime.now(timezone.utc) + timedelta(days=days)
    feed_token.add({"id": token_id, "feed": feed, "hash": _hash(token), "holder": holder, "expires": expires})
    model.Session.commit()
    return token_id, token


def is_allowed(feed: str, token: str | None) -> bool:
    """Whether whoever brings this token may read a feed now; everyone may read the one for everyone."""
    return feed == EVERYONE or (token is not None and feed_token.is_good(feed, _hash(token)))


def revoke(token_id: str) -> None:
    """End a token at once. Raises `FeedUnknown`."""
    ended = feed_token.revoke(token_id)
    model.Session.commit()
    if ended is None:
        message = f"There is no token {token_id}; feed status names them"
        raise FeedUnknown(message)


def _hash(token: str) -> str:
    # Nobody can guess 32 random bytes, so that a plain hash is enough.
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
