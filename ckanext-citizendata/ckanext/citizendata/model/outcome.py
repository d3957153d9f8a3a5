"""What each harvest did with each record that it didn't leave as it was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.citizendata.model import put


class Outcome(tk.BaseModel):
    """One record in one run, or a note about the feed as a whole (`iri` is empty); `number` counts within the run.

    `code` is the reason for programs, "" where there is none.
    """

    __tablename__ = "citizendata_outcome"
    __table_args__ = (
        sa.Index("citizendata_outcome_held_idx", "run_id", "number", postgresql_where=sa.text("outcome = 'held'")),
    )

    run_id = sa.Column(sa.BigInteger, primary_key=True)
    number = sa.Column(sa.BigInteger, primary_key=True)
    iri = sa.Column(sa.UnicodeText, nullable=False)
    outcome = sa.Column(sa.UnicodeText, nullable=False)
    code = sa.Column(sa.UnicodeText, nullable=False, server_default="")
    reason = sa.Column(sa.UnicodeText, nullable=False)
    problems = sa.Column(JSONB, nullable=False)


_outcome: sa.Table = Outcome.__table__  # type: ignore


def add(run_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Add outcomes behind those that the run has."""
    if rows:
        last = sa.select(sa.func.coalesce(sa.func.max(_outcome.c.number), 0)).where(_outcome.c.run_id == run_id)
        first = model.Session.execute(last).scalar_one() + 1
        numbered = [{**row, "run_id": run_id, "number": number} for number, row in enumerate(rows, first)]
        put.put(model.Session.connection(), _outcome, numbered)


def of_run(run_id: int, after: int, limit: int) -> Sequence[sa.Row[Any]]:
    """The outcomes of a run with numbers above `after`, so many at most."""
    query = sa.select(_outcome).where(_outcome.c.run_id == run_id, _outcome.c.number > after)
    return model.Session.execute(query.order_by(_outcome.c.number).limit(limit)).all()


def remove_of(run_ids: Collection[int] | sa.Select[Any]) -> None:
    """Forget the outcomes of these runs."""
    model.Session.execute(sa.delete(_outcome).where(_outcome.c.run_id.in_(run_ids)))


def held(run_id: int, codes: Collection[str], after: int, limit: int) -> Sequence[sa.Row[Any]]:
    """The records that a run held for these reasons, with numbers above `after`, so many at most."""
    mine = _outcome.c.run_id == run_id, _outcome.c.outcome == sa.literal_column("'held'"), _outcome.c.number > after
    query = sa.select(_outcome.c.number, _outcome.c.iri, _outcome.c.code).where(*mine, _outcome.c.code.in_(codes))
    return model.Session.execute(query.order_by(_outcome.c.number).limit(limit)).all()
