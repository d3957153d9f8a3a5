"""A member as actions show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.citizendata.core.record import MEMBER
from ckanext.citizendata.federation.ports import ALSO_LISTED
from ckanext.citizendata.logic.harvesting.run_shown import run_shown
from ckanext.citizendata.model import ledger, run
from ckanext.citizendata.model import member as members

__all__ = ["member_shown", "shown_whole"]

AS_THEY_ARE = (
    "id",
    "title",
    "url",
    "kind",
    "contact",
    "state",
    "reason",
    "trust",
    "audience",
    "interval_minutes",
    "brake_records",
    "brake_percent",
    "organization_id",
)


def member_shown(row: sa.Row[Any], records: Mapping[str, int], last: sa.Row[Any] | None) -> dict[str, Any]:
    """What the registry knows of a member, with the counts of its records and its last harvest."""
    return {
        **{name: getattr(row, name) for name in AS_THEY_ARE},
        "since": row.since and row.since.isoformat(),
        "prefixes": list(row.prefixes),
        "records": dict(records),
        "last_run": last and run_shown(last),
    }


def shown_whole(member_id: str) -> dict[str, Any]:
    """The same of the member of this name, with what has to be counted: who else lists records of it, and how many."""
    row = members.by_id(member_id)
    if row is None:
        raise tk.ObjectNotFound(f"There is no member {member_id}")
    return {
        **member_shown(row, ledger.states(row.id), run.last(row.id)),
        "also_listed_by": ledger.claims(MEMBER + row.id, [ALSO_LISTED]),
    }
