"""Keep how members stand, whose their records are, through which sites those came, and which look alike

Revision ID: 7d1b9e24c5fa
Revises: e2704bd85f1c
Create Date: 2026-11-27 11:05:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "7d1b9e24c5fa"
down_revision = "e2704bd85f1c"
branch_labels = None
depends_on = None

BESIDE_OWNERS = "citizendata_ledger_iri_idx"


def upgrade() -> None:
    for column in (
        sa.Column("state", sa.UnicodeText, nullable=False, server_default="active"),
        sa.Column("reason", sa.UnicodeText),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("applicant", sa.UnicodeText),
        sa.Column("contact", sa.UnicodeText),
        sa.Column("trust", sa.UnicodeText, nullable=False, server_default="ordinary"),
    ):
        op.add_column("citizendata_member", column)
    beside = sa.text("state IN ('also_listed', 'vacant')")
    op.create_index(BESIDE_OWNERS, "citizendata_ledger", ["iri"], postgresql_where=beside)
    op.create_table(
        "citizendata_publisher",
        sa.Column("member_id", sa.UnicodeText, primary_key=True),
        sa.Column("publisher", sa.UnicodeText, primary_key=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
    )
    op.create_table(
        "citizendata_custody",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("hops", JSONB, nullable=False),
    )
    _create_likeness()


def _create_likeness() -> None:
    op.create_table(
        "citizendata_likeness",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("member_id", sa.UnicodeText, nullable=False),
        sa.Column("identifier", sa.UnicodeText),
        sa.Column("wording", sa.UnicodeText),
    )
    for name in ("identifier", "wording"):
        op.create_index(f"citizendata_likeness_{name}_idx", "citizendata_likeness", [name, "member_id"])
    op.create_table(
        "citizendata_match",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("left_id", sa.UnicodeText, nullable=False),
        sa.Column("right_id", sa.UnicodeText, nullable=False),
        sa.Column("found", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("decision", sa.UnicodeText),
        sa.Column("decided", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("left_id", "right_id", name="citizendata_match_pair_key"),
    )


def downgrade() -> None:
    for name in ("match", "likeness", "custody", "publisher"):
        op.drop_table(f"citizendata_{name}")
    op.drop_index(BESIDE_OWNERS, "citizendata_ledger")
    for name in ("trust", "contact", "applicant", "since", "reason", "state"):
        op.drop_column("citizendata_member", name)
