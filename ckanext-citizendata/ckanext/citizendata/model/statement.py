"""What statistical offices say to what records say in their name; append-only, the last word about a value counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model


class Statement(tk.BaseModel):
    """One decision of one person for an office about one value of one field, with the digest of what carried it."""

    __tablename__ = "citizendata_statement"
    __table_args__ = (sa.Index("citizendata_statement_package_id_idx", "package_id", "id"),)

    id = sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    package_id = sa.Column(sa.UnicodeText, nullable=False)
    field = sa.Column(sa.UnicodeText, nullable=False)
    value = sa.Column(sa.UnicodeText, nullable=False)
    digest = sa.Column(sa.UnicodeText, nullable=False)
    decision = sa.Column(sa.UnicodeText, nullable=False)
    reason = sa.Column(sa.UnicodeText)
    user_id = sa.Column(sa.UnicodeText, nullable=False)
    organization_id = sa.Column(sa.UnicodeText, nullable=False)
    made = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


_statement: sa.Table = Statement.__table__  # type: ignore


def append(values: dict[str, Any]) -> None:
    """Add one decision."""
    model.Session.execute(sa.insert(_statement).values(**values))


def of_package(package_id: str) -> Sequence[sa.Row[Any]]:
    """All decisions about one record, oldest first."""
    query = sa.select(_statement).where(_statement.c.package_id == package_id).order_by(_statement.c.id)
    return model.Session.execute(query).all()
