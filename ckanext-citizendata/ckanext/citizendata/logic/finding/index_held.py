"""Keeps a dataset as the database has it for as long as somebody brings its document into the search index.

Every route that changes a record holds it before it writes the index and until it commits. Who holds it here, too,
never puts an older document over a newer one, which could show again what was just hidden.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.model.record import Record

__all__ = ["held"]


def held(package_ids: Collection[str]) -> None:
    """Wait until nobody else is writing these datasets, and let nobody write them until the transaction ends.

    What is read afterwards is current. A dataset without a record is held by its own row.
    """
    record = Record.__table__.c
    recorded = _shared(record.package_id, package_ids)
    rest = set(package_ids) - recorded
    if rest:
        _shared(model.package_table.c.id, rest)


def _shared(column: sa.ColumnElement[str], package_ids: Collection[str]) -> set[str]:
    query = sa.select(column).where(column.in_(package_ids)).order_by(column).with_for_update(read=True)
    return set(model.Session.execute(query).scalars())
