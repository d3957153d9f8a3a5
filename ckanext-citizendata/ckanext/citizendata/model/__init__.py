"""The tables of this extension, one module each with its queries; importing this makes them known to migrations."""

from __future__ import annotations

from ckanext.citizendata.model import change, dirty, ledger, member, record, run, statement

__all__ = ["change", "dirty", "ledger", "member", "record", "run", "statement"]
