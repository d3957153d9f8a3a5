"""Tell how a member is read, and keep what shapes say about records

Revision ID: 7d1f5b3ae246
Revises: 7d1b9e24c5fa
Create Date: 2026-11-27 11:00:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "7d1f5b3ae246"
down_revision = "7d1b9e24c5fa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Every member so far was read by its DCAT.
    op.add_column("citizendata_member", sa.Column("kind", sa.UnicodeText, nullable=False, server_default="dcat"))
    op.create_table(
        "citizendata_shacl",
        sa.Column("fingerprint", sa.UnicodeText, primary_key=True),
        sa.Column("shapes", sa.UnicodeText, primary_key=True),
        sa.Column("findings", JSONB, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    op.drop_table("citizendata_shacl")
    op.drop_column("citizendata_member", "kind")
