"""Keep who harvests a member, and till when

Revision ID: e2704bd85f1c
Revises: 3c9f5a7e1b60
Create Date: 2026-11-27 02:42:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e2704bd85f1c"
down_revision = "3c9f5a7e1b60"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizendata_lease",
        sa.Column("member_id", sa.UnicodeText, primary_key=True),
        sa.Column("token", sa.UnicodeText, nullable=False),
        sa.Column("worker", sa.UnicodeText, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("abort", sa.Boolean, nullable=False, server_default="false"),
    )


def downgrade() -> None:
    op.drop_table("citizendata_lease")
