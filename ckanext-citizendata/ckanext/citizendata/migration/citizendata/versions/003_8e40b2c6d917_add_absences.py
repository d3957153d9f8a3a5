"""Add what is counted before an absent record is removed

Revision ID: 8e40b2c6d917
Revises: 5b1e7c90a4d2
Create Date: 2026-11-26 23:34:10

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8e40b2c6d917"
down_revision = "5b1e7c90a4d2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("citizendata_ledger", sa.Column("absences", sa.Integer, nullable=False, server_default="0"))
    op.add_column("citizendata_ledger", sa.Column("removal", sa.UnicodeText))
    # What an earlier release calls missing counts for nothing: it asked for no proof that a crawl was complete.
    op.add_column("citizendata_member", sa.Column("brake_records", sa.Integer, nullable=False, server_default="3"))
    op.add_column("citizendata_member", sa.Column("brake_percent", sa.Integer, nullable=False, server_default="10"))


def downgrade() -> None:
    """An earlier release doesn't know hidden records: they are removed there till their source lists them anew.

    Lost are the absences counted so far, what people decided about removals, and the members' own brakes.
    """
    op.execute("UPDATE citizendata_ledger SET state = 'removed' WHERE state = 'hidden'")
    for table, column in (
        ("member", "brake_percent"),
        ("member", "brake_records"),
        ("ledger", "removal"),
        ("ledger", "absences"),
    ):
        op.drop_column(f"citizendata_{table}", column)
