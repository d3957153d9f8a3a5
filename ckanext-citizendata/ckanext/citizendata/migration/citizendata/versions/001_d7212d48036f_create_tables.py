"""Create tables

Revision ID: d7212d48036f
Revises:
Create Date: 2026-11-23 18:08:41

"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "d7212d48036f"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


class _Xid8(sa.types.UserDefinedType[str]):
    def get_col_spec(self, **_kw: Any) -> str:
        return "xid8"


def _now(name: str) -> sa.Column[Any]:
    return sa.Column(name, TIME, nullable=False, server_default=sa.func.now())


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.UnicodeText, nullable=False)


def _optional(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.UnicodeText)


def upgrade() -> None:
    _create_record()
    _create_change()
    op.create_table(
        "citizendata_dirty", sa.Column("package_id", sa.UnicodeText, primary_key=True), _text("reason"), _now("at")
    )
    _create_member()
    _create_run()
    _create_ledger()


def _create_record() -> None:
    op.create_table(
        "citizendata_record",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        *map(_text, ("iri", "authority", "fragment", "residue", "fingerprint", "mapping_version")),
        _optional("audience"),
        _text("state"),
        sa.Column("issued", TIME, nullable=False),
        sa.Column("modified", TIME, nullable=False),
        sa.Column("public_since", TIME),
        _optional("tombstone"),
        sa.Column("tombstoned", TIME),
        sa.UniqueConstraint("authority", "iri", name="citizendata_record_authority_iri_key"),
    )
    op.create_index("citizendata_record_iri_idx", "citizendata_record", ["iri"])
    op.create_index(
        "citizendata_record_tombstoned_idx",
        "citizendata_record",
        ["tombstoned"],
        postgresql_where=sa.text("tombstone IS NOT NULL"),
    )
    op.create_index(
        "citizendata_record_place_idx",
        "citizendata_record",
        ["public_since", "package_id"],
        postgresql_where=sa.text("public_since IS NOT NULL"),
    )


def _create_change() -> None:
    op.create_table(
        "citizendata_change",
        sa.Column("sequence", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("txid", _Xid8, nullable=False, server_default=sa.text("pg_current_xact_id()")),
        _now("at"),
        *map(_text, ("iri", "package_id", "operation", "fingerprint")),
        _optional("audience"),
        _text("mapping_version"),
    )
    op.create_index("citizendata_change_txid_sequence_idx", "citizendata_change", ["txid", "sequence"])
    op.create_index("citizendata_change_package_id_idx", "citizendata_change", ["package_id"])


def _create_member() -> None:
    op.create_table(
        "citizendata_member",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _text("title"),
        _text("url"),
        _optional("organization_id"),
        _text("audience"),
        sa.Column("prefixes", ARRAY(sa.UnicodeText), nullable=False, server_default="{}"),
        sa.Column("interval_minutes", sa.Integer, nullable=False),
        _now("created"),
    )


def _create_run() -> None:
    op.create_table(
        "citizendata_run",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _text("member_id"),
        _now("started"),
        sa.Column("finished", TIME),
        _text("state"),
        _optional("reason"),
        sa.Column("counts", JSONB, nullable=False, server_default="{}"),
        sa.Column("items", JSONB, nullable=False, server_default="[]"),
    )
    op.create_index("citizendata_run_member_id_idx", "citizendata_run", ["member_id", "id"])


def _create_ledger() -> None:
    op.create_table(
        "citizendata_ledger",
        sa.Column("member_id", sa.UnicodeText, primary_key=True),
        sa.Column("iri", sa.UnicodeText, primary_key=True),
        _optional("package_id"),
        _optional("fingerprint"),
        _text("state"),
        _optional("reason"),
        sa.Column("missing_since", TIME),
        sa.Column("decided", TIME),
        _now("updated"),
    )
    op.create_index("citizendata_ledger_package_id_idx", "citizendata_ledger", ["package_id"])


def downgrade() -> None:
    for table in ("record", "change", "dirty", "member", "run", "ledger"):
        op.drop_table(f"citizendata_{table}")
