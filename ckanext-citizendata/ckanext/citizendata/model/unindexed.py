"""Packages whose rows are newer than their documents in the search index, or may be.

A note is written in the transaction that changes the rows, after the record is locked, and goes when the search engine
has the document: who dies in between leaves a note that another process works off.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert

__all__ = ["Unindexed", "forget", "note", "note_apart", "number", "oldest"]


class Unindexed(tk.BaseModel):
    """One package that waits to be indexed; `at` is when that was noted or last tried."""

    __tablename__ = "citizendata_unindexed"
    __table_args__ = (sa.Index("citizendata_unindexed_at_idx", "at"),)

    package_id = sa.Column(sa.UnicodeText, primary_key=True)
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp())


_unindexed: sa.Table = Unindexed.__table__  # type: ignore


def note(package_ids: Collection[str]) -> None:
    """Note that these must be indexed; one that waits already goes behind the others."""
    if package_ids:
        model.Session.execute(_noted(package_ids))


def note_apart(package_ids: Collection[str]) -> None:
    """The same in a transaction of its own, so that the note outlives this one and this process."""
    with model.ensure_engine().begin() as connection:
        connection.execute(_noted(package_ids))


def _noted(package_ids: Collection[str]) -> Insert:
    # In the order of ids, so that two who note the same ones wait for each other and never in a circle.
    ids = sa.func.unnest(sa.cast(sorted(set(package_ids)), ARRAY(sa.UnicodeText)))
    statement = insert(_unindexed).from_select(["package_id"], sa.select(ids))
    return statement.on_conflict_do_update(index_elements=["package_id"], set_={"at": sa.func.clock_timestamp()})


def forget(package_ids: Collection[str]) -> None:
    """Note that the index has these as the database has them; call it while their records are held."""
    if package_ids:
        model.Session.execute(sa.delete(_unindexed).where(_unindexed.c.package_id.in_(package_ids)))


def oldest(limit: int, age: timedelta = timedelta(0)) -> Sequence[str]:
    """The packages that wait longest, at least so long."""
    until = sa.func.clock_timestamp() - age
    query = sa.select(_unindexed.c.package_id).where(_unindexed.c.at <= until).order_by(_unindexed.c.at).limit(limit)
    return model.Session.execute(query).scalars().all()


def number() -> int:
    """How many wait."""
    return model.Session.execute(sa.select(sa.func.count()).select_from(_unindexed)).scalar_one()
