"""Create the table of what waits to be indexed

Revision ID: 3c9f5a7e1b60
Revises: c41d7ae05b38
Create Date: 2026-11-27 02:40:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3c9f5a7e1b60"
down_revision = "c41d7ae05b38"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizendata_unindexed",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
    )
    op.create_index("citizendata_unindexed_at_idx", "citizendata_unindexed", ["at"])


def downgrade() -> None:
    """What waits by then is found by `ckan search-index rebuild`."""
    op.drop_table("citizendata_unindexed")
