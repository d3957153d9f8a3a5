"""Keep who asked for an account

Revision ID: 7e5a0d3b9c14
Revises: 4d8b1f6c2a73
Create Date: 2026-11-29 10:00:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "7e5a0d3b9c14"
down_revision = "4d8b1f6c2a73"
branch_labels = None
depends_on = None

TABLE = "citizendata_account"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("email", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("fullname", sa.UnicodeText, nullable=False),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("password_hash", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("organization_name", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("reason", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("answers", JSONB),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
