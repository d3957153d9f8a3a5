"""Records that were taken back and that their feed lists still or again: a person decides whether they return."""

from __future__ import annotations

from typing import Any

from ckanext.citizendata.federation.ports import GONE, VACANT, WAITS, WITHDRAWN
from ckanext.citizendata.model import ledger, outcome, run

__all__ = ["MOST", "RETURNING", "returns_waiting", "waiting_number"]

RETURNING = ("owner_gone", "removed_before", "withdrawn")
# So many are shown at once; those behind them follow when these are decided.
MOST = 100


def returns_waiting(member_id: str) -> list[dict[str, Any]]:
    """What the last harvest that went well held back and nobody agreed to since: `iri`, `code`, `title`, `name`."""
    last = run.newest_finished([member_id]).get(member_id)
    rows = outcome.held(last.id, RETURNING, 0, MOST) if last else ()
    known = ledger.shown(member_id, [row.iri for row in rows])
    return [
        {"iri": row.iri, "code": row.code, "title": known[row.iri].title, "name": known[row.iri].name}
        for row in rows
        if row.iri in known and known[row.iri].state in (*GONE, VACANT)
    ]


def waiting_number(member_id: str) -> int:
    """How many of a member's records wait for a person: removals, and what may return."""
    removals = ledger.waiting_counts(WAITS, WITHDRAWN).get(member_id, (0, None))[0]
    return removals + len(returns_waiting(member_id))
