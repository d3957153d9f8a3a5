"""How the feeds of this site are, for the people who run it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.manifest import text_of_moment
from ckanext.citizendata.feeds.issuing import manifest_in
from ckanext.citizendata.feeds.verifying import Flaw, flaws
from ckanext.citizendata.logic.feeds import feed_keys
from ckanext.citizendata.logic.feeds.cutting import is_due
from ckanext.citizendata.logic.feeds.feed_scopes import feeds
from ckanext.citizendata.logic.feeds.feed_stores import store_of
from ckanext.citizendata.model import feed_page, feed_token

__all__ = ["feed_flaws", "feed_status"]


def feed_status() -> list[dict[str, Any]]:
    """Each feed with its snapshot, how many records wait, and whether another snapshot is due; not without a folder."""
    with model.ensure_engine().connect() as connection:
        return [_status(connection, feed) for feed in feeds() if store_of(feed)]


def feed_flaws(feed: str) -> Sequence[Flaw]:
    """What is wrong with the files of a feed."""
    store = store_of(feed)
    if store is None:
        return [Flaw(feed, "This site has no folder for feeds: set ckanext.citizendata.feed_folder")]
    with model.ensure_engine().connect() as connection:
        keys = [each.key for each in feed_keys.keys(connection)]
    return [*flaws(store, keys, datetime.now(timezone.utc))]


def _status(connection: sa.Connection, feed: str) -> dict[str, Any]:
    row, store = feed_page.feed(connection, feed), store_of(feed)
    manifest = manifest_in(row.signed) if row and row.signed else None
    return {
        "feed": feed,
        "epoch": manifest.epoch if manifest else None,
        "sequence": manifest.sequence if manifest else 0,
        "served": store.current() if store else None,
        "created": text_of_moment(manifest.created) if manifest else None,
        "expires": text_of_moment(manifest.expires) if manifest else None,
        "pages": len(manifest.pages) if manifest else 0,
        "datasets": manifest.datasets if manifest else 0,
        "tombstones": manifest.tombstones if manifest else 0,
        "waiting": feed_page.waiting(connection, feed),
        "due": is_due(feed),
        "folder": str(store.folder) if store else None,
        "tokens": [_shown(each) for each in feed_token.every() if each.feed == feed],
    }


def _shown(token: sa.Row[Any]) -> dict[str, Any]:
    """A token as people tell it apart; what it is, nobody knows any more."""
    told = {name: getattr(token, name) for name in ("id", "holder", "is_good")}
    return told | {"expires": text_of_moment(token.expires)}
