"""Through which sites harvested records came before their members had them; most came through none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.citizendata.model import put

__all__ = ["Custody", "note"]


class Custody(tk.BaseModel):
    """The chain of one record, the origin first, as `core.custody.written` gives it."""

    __tablename__ = "citizendata_custody"

    package_id = sa.Column(sa.UnicodeText, primary_key=True)
    hops = sa.Column(JSONB, nullable=False)


_custody: sa.Table = Custody.__table__  # type: ignore


def note(connection: sa.Connection, chains: Mapping[str, Sequence[str]], known: Collection[str]) -> None:
    """Replace the chains of these packages; those that are `known` and came through no site have none any more."""
    rows = [{"package_id": id_, "hops": [*hops]} for id_, hops in chains.items() if hops]
    ended = [id_ for id_ in known if id_ in chains and not chains[id_]]
    if ended:
        connection.execute(sa.delete(_custody).where(_custody.c.package_id.in_(ended)))
    put.replace(connection, _custody, rows, ["package_id"])
