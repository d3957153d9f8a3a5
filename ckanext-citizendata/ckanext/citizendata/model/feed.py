"""The snapshots of feeds: what each one has on its pages, what waits, and the keys that sign them.

Rows of pages are the truth about a feed; its files can be made anew from them and from the records.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.citizendata.model.change import Xid8

COLLATION = "C"


def _by_bytes() -> Any:
    """A text that is compared by its bytes, as ranges of ids are."""
    return sa.UnicodeText(collation=COLLATION)


class Feed(tk.BaseModel):
    """One feed and its last snapshot. All changes of transactions before `cut_txid` are on it or wait; what was visible
    in `cut_snapshot`, as PostgreSQL calls it, was looked at. `cut_sequence` is the greatest number of those changes.
    `signed` is the text of the manifest as it is served.
    """

    __tablename__ = "citizendata_feed"

    name = sa.Column(sa.UnicodeText, primary_key=True)
    epoch = sa.Column(sa.BigInteger, nullable=False, server_default="1")
    sequence = sa.Column(sa.BigInteger, nullable=False, server_default="0")
    cut_txid = sa.Column(Xid8)
    cut_snapshot = sa.Column(sa.UnicodeText, nullable=False, server_default="")
    cut_sequence = sa.Column(sa.BigInteger, nullable=False, server_default="0")
    signed = sa.Column(sa.UnicodeText, nullable=False, server_default="")
    created = sa.Column(sa.DateTime(timezone=True))
    expires = sa.Column(sa.DateTime(timezone=True))


class FeedPage(tk.BaseModel):
    """One page: the records with `start` <= id < `stop`. It stands in the snapshots `since` to `until`; None is now.

    It is kept for a while after it was `replaced`. `gone` are those that were taken back or pruned.
    """

    __tablename__ = "citizendata_feed_page"
    __table_args__ = (
        sa.Index("citizendata_feed_page_now_idx", "feed", "start", postgresql_where=sa.text("until IS NULL")),
        sa.Index("citizendata_feed_page_kept_idx", "feed", postgresql_where=sa.text("NOT gone")),
        sa.Index("citizendata_feed_page_sha256_idx", "sha256"),
    )

    id = sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    feed = sa.Column(sa.UnicodeText, nullable=False)
    start = sa.Column(_by_bytes(), nullable=False)
    stop = sa.Column(_by_bytes())
    sha256 = sa.Column(sa.UnicodeText, nullable=False)
    size = sa.Column(sa.BigInteger, nullable=False)
    datasets = sa.Column(sa.Integer, nullable=False)
    tombstones = sa.Column(sa.Integer, nullable=False)
    since = sa.Column(sa.BigInteger, nullable=False)
    until = sa.Column(sa.BigInteger)
    replaced = sa.Column(sa.DateTime(timezone=True))
    gone = sa.Column(sa.Boolean, nullable=False, server_default="false")


class FeedWaiting(tk.BaseModel):
    """A record whose page says what it said before, or nothing: it is part of a run that isn't over, or is dirty."""

    __tablename__ = "citizendata_feed_waiting"

    feed = sa.Column(sa.UnicodeText, primary_key=True)
    package_id = sa.Column(_by_bytes(), primary_key=True)


class FeedKey(tk.BaseModel):
    """A key that signs or signed; `proof` is what the key before it said of it, None where no key vouches for it."""

    __tablename__ = "citizendata_feed_key"

    x = sa.Column(sa.UnicodeText, primary_key=True)
    proof = sa.Column(sa.UnicodeText)
    since = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp())


class FeedToken(tk.BaseModel):
    """The right to read a feed that isn't for everyone; of the token itself there is only the hash."""

    __tablename__ = "citizendata_feed_token"

    id = sa.Column(sa.UnicodeText, primary_key=True)
    feed = sa.Column(sa.UnicodeText, nullable=False)
    hash = sa.Column(sa.UnicodeText, nullable=False, unique=True)
    holder = sa.Column(sa.UnicodeText, nullable=False, server_default="")
    created = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp())
    expires = sa.Column(sa.DateTime(timezone=True), nullable=False)
    revoked = sa.Column(sa.DateTime(timezone=True))
