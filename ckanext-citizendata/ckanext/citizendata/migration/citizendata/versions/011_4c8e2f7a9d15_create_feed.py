"""Create the tables of snapshots, their pages and keys

Revision ID: 4c8e2f7a9d15
Revises: 7a1d9c3e5f42
Create Date: 2026-11-27 14:40:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import UserDefinedType

revision = "4c8e2f7a9d15"
down_revision = "7a1d9c3e5f42"
branch_labels = None
depends_on = None

PLACES = "citizendata_record_range_idx"
TABLES = ("feed_token", "feed_key", "feed_waiting", "feed_page", "feed")


class Xid8(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        return "xid8"


def _moment(name: str, **more: object) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), **more)  # type: ignore[arg-type]


def _now(name: str) -> sa.Column:
    return _moment(name, nullable=False, server_default=sa.func.clock_timestamp())


def upgrade() -> None:
    _create_feed()
    _create_pages()
    op.create_table(
        "citizendata_feed_waiting",
        sa.Column("feed", sa.UnicodeText, primary_key=True),
        sa.Column("package_id", sa.UnicodeText(collation="C"), primary_key=True),
    )
    op.create_table(
        "citizendata_feed_key",
        sa.Column("x", sa.UnicodeText, primary_key=True),
        sa.Column("proof", sa.UnicodeText),
        _now("since"),
    )
    op.create_table(
        "citizendata_feed_token",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("feed", sa.UnicodeText, nullable=False),
        sa.Column("hash", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("holder", sa.UnicodeText, nullable=False, server_default=""),
        _now("created"),
        _moment("expires", nullable=False),
        _moment("revoked"),
    )
    op.create_index(
        PLACES,
        "citizendata_record",
        [sa.text('package_id COLLATE "C"')],
        postgresql_where=sa.text("public_since IS NOT NULL"),
    )


def _create_feed() -> None:
    op.create_table(
        "citizendata_feed",
        sa.Column("name", sa.UnicodeText, primary_key=True),
        sa.Column("epoch", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column("sequence", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("cut_txid", Xid8()),
        sa.Column("cut_snapshot", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("cut_sequence", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("signed", sa.UnicodeText, nullable=False, server_default=""),
        _moment("created"),
        _moment("expires"),
    )


def _create_pages() -> None:
    table = "citizendata_feed_page"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("feed", sa.UnicodeText, nullable=False),
        sa.Column("start", sa.UnicodeText(collation="C"), nullable=False),
        sa.Column("stop", sa.UnicodeText(collation="C")),
        sa.Column("sha256", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("datasets", sa.Integer, nullable=False),
        sa.Column("tombstones", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger),
        _moment("replaced"),
        sa.Column("gone", sa.Boolean, nullable=False, server_default="false"),
    )
    now, kept = sa.text("until IS NULL"), sa.text("NOT gone")
    op.create_index("citizendata_feed_page_now_idx", table, ["feed", "start"], postgresql_where=now)
    op.create_index("citizendata_feed_page_kept_idx", table, ["feed"], postgresql_where=kept)
    op.create_index("citizendata_feed_page_sha256_idx", table, ["sha256"])


def downgrade() -> None:
    op.drop_index(PLACES, "citizendata_record")
    for name in TABLES:
        op.drop_table(f"citizendata_{name}")
