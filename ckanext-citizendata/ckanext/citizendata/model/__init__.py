"""The tables of this extension, one module each with its queries; importing this makes them known to migrations."""

from __future__ import annotations

from ckanext.citizendata.model import change, dirty, lease, ledger, member, outcome, record, run, statement, unindexed

__all__ = ["change", "dirty", "lease", "ledger", "member", "outcome", "record", "run", "statement", "unindexed"]
