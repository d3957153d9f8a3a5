"""Keep why runs failed and what was wrong in words for people, how far a run is, and which mails were sent

Revision ID: 7a1d9c3e5f42
Revises: 9d3c61f0b7a4
Create Date: 2026-11-27 11:00:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "7a1d9c3e5f42"
down_revision = "9d3c61f0b7a4"
branch_labels = None
depends_on = None

COLUMNS = (
    ("code", sa.UnicodeText, ""),
    ("reasons", JSONB, "{}"),
)
LATER = (
    ("groups", JSONB),
    ("records", sa.BigInteger),
    ("phase", sa.UnicodeText),
    ("done", sa.BigInteger),
    ("total", sa.BigInteger),
)
FINISHED = "citizendata_run_finished_idx"
HELD = "citizendata_outcome_held_idx"


def upgrade() -> None:
    for name, kind, default in COLUMNS:
        op.add_column("citizendata_run", sa.Column(name, kind, nullable=False, server_default=default))
    for name, kind in LATER:
        op.add_column("citizendata_run", sa.Column(name, kind))
    op.create_index(FINISHED, "citizendata_run", ["member_id", "id"], postgresql_where=sa.text("state = 'finished'"))
    op.create_index(HELD, "citizendata_outcome", ["run_id", "number"], postgresql_where=sa.text("outcome = 'held'"))
    op.create_table(
        "citizendata_mail",
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("about", sa.UnicodeText, primary_key=True),
        sa.Column("said", JSONB, nullable=False, server_default="{}"),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    op.drop_table("citizendata_mail")
    op.drop_index(HELD, "citizendata_outcome")
    op.drop_index(FINISHED, "citizendata_run")
    for name, _ in reversed(LATER):
        op.drop_column("citizendata_run", name)
    for name, _, _ in reversed(COLUMNS):
        op.drop_column("citizendata_run", name)
