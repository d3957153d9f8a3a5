"""Give each outcome of a harvest a row of its own

Revision ID: c41d7ae05b38
Revises: 8e40b2c6d917
Create Date: 2026-11-27 02:30:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "c41d7ae05b38"
down_revision = "8e40b2c6d917"
branch_labels = None
depends_on = None

INTO_ROWS = """
INSERT INTO citizendata_outcome (run_id, number, iri, outcome, reason, problems)
SELECT run.id, item.number, item.value ->> 'iri', item.value ->> 'outcome', item.value ->> 'reason',
    coalesce(item.value -> 'problems', '[]')
FROM citizendata_run AS run, jsonb_array_elements(run.items) WITH ORDINALITY AS item (value, number)
"""
INTO_ITEMS = """
UPDATE citizendata_run AS run SET items = found.items FROM (
    SELECT run_id, jsonb_agg(jsonb_build_object('iri', iri, 'outcome', outcome, 'reason', reason, 'problems', problems)
        ORDER BY number) AS items
    FROM citizendata_outcome GROUP BY run_id
) AS found WHERE found.run_id = run.id
"""


def upgrade() -> None:
    op.create_table(
        "citizendata_outcome",
        sa.Column("run_id", sa.BigInteger, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("iri", sa.UnicodeText, nullable=False),
        sa.Column("outcome", sa.UnicodeText, nullable=False),
        sa.Column("code", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("reason", sa.UnicodeText, nullable=False),
        sa.Column("problems", JSONB, nullable=False),
    )
    op.execute(INTO_ROWS)
    op.drop_column("citizendata_run", "items")


def downgrade() -> None:
    op.add_column("citizendata_run", sa.Column("items", JSONB, nullable=False, server_default="[]"))
    op.execute(INTO_ITEMS)
    op.drop_table("citizendata_outcome")
