"""The tables of this extension, one module each with its queries; importing this makes them known to migrations."""

from __future__ import annotations

from ckanext.citizendata.model import (
    account,
    change,
    custody,
    dirty,
    feed,
    finding,
    lease,
    ledger,
    likeness,
    mail,
    member,
    member_feed,
    outcome,
    publisher,
    record,
    run,
    statement,
    unindexed,
)

__all__ = [
    "account",
    "change",
    "custody",
    "dirty",
    "feed",
    "finding",
    "lease",
    "ledger",
    "likeness",
    "mail",
    "member",
    "member_feed",
    "outcome",
    "publisher",
    "record",
    "run",
    "statement",
    "unindexed",
]
