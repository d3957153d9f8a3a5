"""Where this site keeps the files of its feeds."""

from __future__ import annotations

from ckanext.citizendata import config
from ckanext.citizendata.feeds.store import Store

__all__ = ["store_of"]


def store_of(feed: str) -> Store | None:
    """The files of a feed; None where the site has no folder for them. Raises `ValueError` for no name of a feed."""
    folder = config.feed_folder()
    return Store.of(folder, feed) if folder else None
