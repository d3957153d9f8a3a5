"""A run as actions show it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

__all__ = ["run_shown"]


def run_shown(row: sa.Row[Any]) -> dict[str, Any]:
    """When it was, how it ended and what it counted; what became of each record stands apart."""
    return {
        "id": row.id,
        "member": row.member_id,
        "started": row.started.isoformat(),
        "finished": row.finished and row.finished.isoformat(),
        "state": row.state,
        "reason": row.reason,
        "code": row.code,
        "counts": row.counts,
    }
