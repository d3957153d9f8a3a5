"""Keep what is known of the signed feeds of members

Revision ID: 4d8b1f6c2a73
Revises: 4c8e2f7a9d15
Create Date: 2026-11-27 15:00:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "4d8b1f6c2a73"
down_revision = "4c8e2f7a9d15"
branch_labels = None
depends_on = None

TABLE = "citizendata_member_feed"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("member_id", sa.UnicodeText, primary_key=True),
        sa.Column("catalogue", sa.UnicodeText, nullable=False),
        sa.Column("audience", sa.UnicodeText, nullable=False),
        sa.Column("key", sa.UnicodeText, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.UnicodeText, nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etag", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("pages", JSONB, nullable=False, server_default="[]"),
        sa.Column("read_whole", sa.DateTime(timezone=True)),
        sa.Column("wanted", sa.DateTime(timezone=True)),
        sa.Column("approved_epoch", sa.BigInteger),
        sa.Column("distrusted", JSONB, nullable=False, server_default="[]"),
        sa.Column("waiting_key", sa.UnicodeText),
        sa.Column("waiting_epoch", sa.BigInteger),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
