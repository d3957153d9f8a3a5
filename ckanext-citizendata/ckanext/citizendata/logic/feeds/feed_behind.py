"""A database that is older than what was published: nothing is published from it before somebody has looked."""

from __future__ import annotations

from ckanext.citizendata.feeds.store import Store

__all__ = ["Behind", "require_not_behind"]


class Behind(Exception):  # noqa: N818 - what is true of a database, not an error of the program
    """The database was put back from a backup; the message says what to do."""


def require_not_behind(store: Store, feed: str, sequence: int) -> None:
    """Raises `Behind` where a later snapshot is served than the database knows: records may be back on it that were
    taken back since.
    """
    served = store.current()
    if served is not None and served > sequence:
        known = f"the database knows {sequence or 'none'}"
        message = (
            f"Snapshot {served} of the feed {feed} is served, and {known}: it was put back from a backup, and may show"
            " what was taken back since. Before the site serves, say: ckan citizendata restore. If this is a new site,"
            f" remove the folder {store.folder}"
        )
        raise Behind(message)
