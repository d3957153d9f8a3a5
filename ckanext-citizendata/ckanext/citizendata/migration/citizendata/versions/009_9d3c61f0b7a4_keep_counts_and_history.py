"""Keep counts beside members, and note of which runs all outcomes are kept

Revision ID: 9d3c61f0b7a4
Revises: 7d1f5b3ae246
Create Date: 2026-11-27 11:10:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "9d3c61f0b7a4"
down_revision = "7d1f5b3ae246"
branch_labels = None
depends_on = None

COUNTED = """
UPDATE citizendata_member SET counts = known.counts
FROM (
    SELECT member_id, jsonb_object_agg(state, number) AS counts
    FROM (SELECT member_id, state, count(*) AS number FROM citizendata_ledger GROUP BY member_id, state) AS states
    GROUP BY member_id
) AS known
WHERE known.member_id = citizendata_member.id
"""


def upgrade() -> None:
    op.add_column("citizendata_member", sa.Column("counts", JSONB, nullable=False, server_default="{}"))
    op.execute(COUNTED)
    op.add_column("citizendata_run", sa.Column("in_full", sa.Boolean, nullable=False, server_default="true"))
    op.create_index(
        "citizendata_run_in_full_idx", "citizendata_run", ["member_id", "id"], postgresql_where=sa.text("in_full")
    )
    op.create_index(
        "citizendata_ledger_removal_idx",
        "citizendata_ledger",
        ["member_id", "removal"],
        postgresql_where=sa.text("removal IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("citizendata_ledger_removal_idx", "citizendata_ledger")
    op.drop_index("citizendata_run_in_full_idx", "citizendata_run")
    op.drop_column("citizendata_run", "in_full")
    op.drop_column("citizendata_member", "counts")
