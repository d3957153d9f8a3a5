"""Create the table of what statistical offices say

Revision ID: 5b1e7c90a4d2
Revises: d7212d48036f
Create Date: 2026-11-26 19:35:02

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b1e7c90a4d2"
down_revision = "d7212d48036f"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "citizendata_statement",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        *(
            sa.Column(name, sa.UnicodeText, nullable=False)
            for name in ("package_id", "field", "value", "digest", "decision", "user_id", "organization_id")
        ),
        sa.Column("reason", sa.UnicodeText),
        sa.Column("made", TIME, nullable=False, server_default=sa.func.now()),
    )
    op.create_index("citizendata_statement_package_id_idx", "citizendata_statement", ["package_id", "id"])


def downgrade() -> None:
    op.drop_table("citizendata_statement")
