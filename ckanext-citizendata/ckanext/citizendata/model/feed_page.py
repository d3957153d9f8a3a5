"""The rows of feeds and of their pages, on the connection of whoever cuts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.citizendata.core.manifest import ManifestPage
from ckanext.citizendata.model import put
from ckanext.citizendata.model.feed import Feed, FeedPage, FeedWaiting

__all__ = [
    "add",
    "close",
    "current",
    "expire",
    "feed",
    "feeds",
    "is_of_another_database",
    "kept",
    "made",
    "mark_gone",
    "waiting",
    "write",
]

_feed: sa.Table = Feed.__table__  # type: ignore
_page: sa.Table = FeedPage.__table__  # type: ignore
_waiting: sa.Table = FeedWaiting.__table__  # type: ignore
Connection = sa.engine.Connection


def feeds() -> Sequence[sa.Row[Any]]:
    """All feeds of this site, by name."""
    return model.Session.execute(sa.select(_feed).order_by(_feed.c.name)).all()


def feed(connection: Connection, name: str) -> sa.Row[Any] | None:
    """The row of a feed; `cut_txid` as text."""
    return connection.execute(_row(name)).first()


def made(connection: Connection, name: str) -> sa.Row[Any]:
    """The row of a feed, which is added where there is none."""
    if feed(connection, name) is None:
        connection.execute(insert(_feed).values(name=name).on_conflict_do_nothing())
    return connection.execute(_row(name)).one()


def _row(name: str) -> sa.Select[Any]:
    columns = [column for column in _feed.c if column.name != "cut_txid"]
    cut_txid = sa.cast(_feed.c.cut_txid, sa.Text).label("cut_txid")
    return sa.select(*columns, cut_txid).where(_feed.c.name == name)


def is_of_another_database(connection: Connection, txid: str) -> bool:
    """Whether no transaction of this database can have had this number yet: it was restored into another one."""
    return connection.execute(
        sa.text("SELECT CAST(:txid AS xid8) > pg_snapshot_xmax(pg_current_snapshot())"), {"txid": txid}
    ).scalar_one()


def write(connection: Connection, name: str, values: dict[str, Any]) -> None:
    """Replace the named columns of a feed's row."""
    connection.execute(sa.update(_feed).where(_feed.c.name == name).values(**values))


def current(connection: Connection, name: str) -> Sequence[sa.Row[Any]]:
    """The pages of a feed's last snapshot, by where they start."""
    query = sa.select(_page).where(_page.c.feed == name, _page.c.until.is_(None))
    return connection.execute(query.order_by(_page.c.start)).all()


def kept(connection: Connection, first: str, last: str) -> Sequence[sa.Row[Any]]:
    """The pages of all feeds that may be read yet and have ids from the first to the last one."""
    reaches = sa.or_(_page.c.stop.is_(None), _page.c.stop > first)
    query = sa.select(_page.c.feed, _page.c.start, _page.c.stop, _page.c.sha256)
    return connection.execute(query.where(~_page.c.gone, _page.c.start <= last, reaches)).all()


def close(connection: Connection, ids: Collection[int], until: int) -> None:
    """Note that these rows stand in no snapshot after `until`."""
    if ids:
        ended = {"until": until, "replaced": sa.func.clock_timestamp()}
        connection.execute(sa.update(_page).where(_page.c.id.in_(ids)).values(**ended))


def add(connection: Connection, name: str, pages: Collection[tuple[ManifestPage, str | None]], since: int) -> None:
    """Add pages to a feed, each with where it stops, that stand in its snapshots from `since` on."""
    rows = [
        {
            "feed": name,
            "start": page.start,
            "stop": stop,
            "sha256": page.sha256,
            "size": page.size,
            "datasets": page.datasets,
            "tombstones": page.tombstones,
            "since": since,
        }
        for page, stop in pages
    ]
    put.put(connection, _page, rows)


def mark_gone(connection: Connection, name: str, hashes: Collection[str]) -> None:
    """Note that nobody reads these pages of a feed any more, but for those that stand in its last snapshot."""
    if hashes:
        gone = sa.update(_page).where(_page.c.feed == name, _page.c.sha256.in_(hashes), _page.c.until.is_not(None))
        connection.execute(gone.values(gone=True))


def expire(connection: Connection, name: str, kept_for: timedelta) -> tuple[frozenset[str], datetime]:
    """The hashes of the pages of a feed that are kept: those of its last snapshot, and what was replaced since a time,
    which is told too. Others are noted as gone.
    """
    since = connection.execute(sa.select(sa.func.clock_timestamp() - kept_for)).scalar_one()
    old = sa.update(_page).where(_page.c.feed == name, _page.c.replaced < since, ~_page.c.gone)
    connection.execute(old.values(gone=True))
    query = sa.select(_page.c.sha256).where(_page.c.feed == name, ~_page.c.gone)
    return frozenset(connection.execute(query).scalars()), since


def waiting(connection: Connection, name: str) -> int:
    """How many records of a feed say what they said before, since a run isn't over or a change isn't known yet."""
    query = sa.select(sa.func.count()).select_from(_waiting).where(_waiting.c.feed == name)
    return connection.execute(query).scalar_one()
