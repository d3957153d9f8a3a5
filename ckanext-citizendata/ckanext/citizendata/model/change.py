"""The append-only list of all changes; everything that leaves this site is cut from it.

A sequence number is not commit order. Readers take rows of transactions that are older than every running one, in the
order of (transaction, sequence), and so never step over a row that is committed later. For one record the greater
sequence is the later change, since writers hold its row in `citizendata_record`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.record import RecordState


class Xid8(sa.types.UserDefinedType[str]):
    """PostgreSQL's transaction id of 64 bits, which doesn't wrap around."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "xid8"


class Change(tk.BaseModel):
    """One step in the life of a record, written in the transaction that made it."""

    __tablename__ = "citizendata_change"
    __table_args__ = (
        sa.Index("citizendata_change_txid_sequence_idx", "txid", "sequence"),
        sa.Index("citizendata_change_package_id_idx", "package_id"),
    )

    sequence = sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    txid = sa.Column(Xid8, nullable=False, server_default=sa.text("pg_current_xact_id()"))
    at = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
    iri = sa.Column(sa.UnicodeText, nullable=False)
    package_id = sa.Column(sa.UnicodeText, nullable=False)
    operation = sa.Column(sa.UnicodeText, nullable=False)
    fingerprint = sa.Column(sa.UnicodeText, nullable=False)
    audience = sa.Column(sa.UnicodeText)
    mapping_version = sa.Column(sa.UnicodeText, nullable=False)


_change: sa.Table = Change.__table__  # type: ignore


def append(package_id: str, operation: str, record: RecordState) -> None:
    """Add one row to the list."""
    row = {
        "iri": record.iri,
        "package_id": package_id,
        "operation": operation,
        "fingerprint": record.fingerprint,
        "audience": record.audience,
        "mapping_version": record.mapping_version,
    }
    model.Session.execute(sa.insert(_change).values(row))


def changes_since(sequence: int, limit: int) -> Sequence[sa.Row[Any]]:
    """The next settled changes after the one of this number (0: from the start), oldest transaction first.

    Go on from the number of the last row, which need not be the greatest.
    """
    before = sa.select(_change.c.txid).where(_change.c.sequence == sequence).scalar_subquery()
    start = sa.func.coalesce(before, sa.literal_column("'0'::xid8"))
    query = sa.select(_change).where(
        sa.tuple_(_change.c.txid, _change.c.sequence) > sa.tuple_(start, sa.literal(sequence)),
        _change.c.txid < sa.func.pg_snapshot_xmin(sa.func.pg_current_snapshot()),
    )
    return model.Session.execute(query.order_by(_change.c.txid, _change.c.sequence).limit(limit)).all()


def of_package(package_id: str) -> Sequence[sa.Row[Any]]:
    """The life of one record, oldest first."""
    query = sa.select(_change).where(_change.c.package_id == package_id).order_by(_change.c.sequence)
    return model.Session.execute(query).all()


def settle(connection: sa.engine.Connection) -> None:
    """Put the rows that another database numbered behind all others, where its transactions are ahead of this one's.

    Else nobody would read them till as many transactions have been made here. No transaction of this database has such
    a number yet.
    """
    ahead = _change.c.txid > sa.func.pg_snapshot_xmax(sa.func.pg_current_snapshot())
    connection.execute(sa.update(_change).where(ahead).values(txid=sa.func.pg_current_xact_id()))
