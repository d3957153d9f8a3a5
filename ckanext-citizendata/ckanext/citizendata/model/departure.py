"""Takes the rows of many packages out of readers' sight in one statement a table, as `package_delete` does for one."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY

from ckanext.citizendata.model import put
from ckanext.citizendata.model.change import Change
from ckanext.citizendata.model.dirty import Dirty
from ckanext.citizendata.model.ledger import Ledger
from ckanext.citizendata.model.record import Record

__all__ = ["delete_packages", "held", "note_in_ledger", "records_of", "write_states"]

_change: sa.Table = Change.__table__  # type: ignore
_dirty: sa.Table = Dirty.__table__  # type: ignore
_ledger: sa.Table = Ledger.__table__  # type: ignore
_record: sa.Table = Record.__table__  # type: ignore
_coworker: sa.Table = model.PackageMember.__table__  # type: ignore
# What a record says of itself apart from its statements, which are large.
STATE_COLUMNS = (
    "package_id", "iri", "authority", "audience", "state", "fingerprint", "mapping_version", "modified",
    "public_since", "tombstone", "tombstoned",
)  # fmt: skip
WRITTEN = ("audience", "state", "modified", "tombstone", "tombstoned")


def held(member_id: str, states: Collection[str], after: str, limit: int) -> tuple[Sequence[sa.Row[Any]], str]:
    """The ledger's next rows of a member in these states behind an address, and the last address looked at, "" at the
    end.

    Held until the transaction ends are the records, in the order of their packages, then the ledger, as whoever
    withdraws a record or harvests it holds them; what has left these states meanwhile is left out.
    """
    mine = _ledger.c.member_id == member_id, _ledger.c.state.in_(states)
    ahead = sa.select(_ledger.c.iri, _ledger.c.package_id).where(*mine, _ledger.c.iri > after)
    found = model.Session.execute(ahead.order_by(_ledger.c.iri).limit(limit)).all()
    if not found:
        return (), ""
    ids = [row.package_id for row in found if row.package_id]
    records = sa.select(_record.c.package_id).where(_among(_record.c.package_id, ids))
    model.Session.execute(records.order_by(_record.c.package_id).with_for_update())
    still = sa.select(_ledger).where(*mine, _among(_ledger.c.iri, [row.iri for row in found]))
    return model.Session.execute(still.order_by(_ledger.c.iri).with_for_update()).all(), found[-1].iri


def records_of(package_ids: Collection[str]) -> Sequence[sa.Row[Any]]:
    """The records of these packages without their statements, in the order of packages."""
    query = sa.select(*(_record.c[name] for name in STATE_COLUMNS)).where(_among(_record.c.package_id, package_ids))
    return model.Session.execute(query.order_by(_record.c.package_id)).all()


def write_states(records: Sequence[Mapping[str, Any]], changes: Sequence[Mapping[str, Any]]) -> None:
    """Writes these columns of records, each by its `package_id`, and adds rows to the table of changes."""
    if records:
        assigned = ", ".join(f"{name} = new.{name}" for name in WRITTEN)
        model.Session.execute(
            sa.text(
                f"UPDATE citizendata_record SET {assigned}"
                " FROM json_populate_recordset(CAST(NULL AS citizendata_record), CAST(:rows AS json)) AS new"
                " WHERE citizendata_record.package_id = new.package_id"
            ),
            {"rows": json.dumps([*map(dict, records)], ensure_ascii=False, default=datetime.isoformat)},
        )
    put.put(model.Session.connection(), _change, changes)


def delete_packages(package_ids: Collection[str], now: datetime) -> Sequence[str]:
    """Those of the packages that there are, marked as deleted and for their own people alone, with their memberships.

    :param now: in UTC, without a zone, as CKAN keeps times
    """
    package, membership, coworker = model.package_table, model.member_table, _coworker
    deleted = model.State.DELETED
    gone = sa.update(package).where(_among(package.c.id, package_ids)).returning(package.c.id)
    found = model.Session.execute(gone.values(state=deleted, private=True, metadata_modified=now)).scalars().all()
    left = sa.update(membership).where(_among(membership.c.table_id, found), membership.c.state == model.State.ACTIVE)
    model.Session.execute(left.values(state=deleted))
    model.Session.execute(sa.delete(coworker).where(_among(coworker.c.package_id, found)))
    model.Session.execute(sa.delete(_dirty).where(_among(_dirty.c.package_id, found)))
    return found


def note_in_ledger(member_id: str, iris: Collection[str], values: Mapping[str, Any]) -> None:
    """Writes the same columns of all these entries."""
    stamped = {**values, "updated": sa.func.clock_timestamp()}
    mine = _ledger.c.member_id == member_id, _among(_ledger.c.iri, iris)
    model.Session.execute(sa.update(_ledger).where(*mine).values(**stamped))


def _among(column: sa.ColumnElement[Any], values: Collection[str]) -> sa.ColumnElement[bool]:
    # One value for all, where `in_` makes thousands of them.
    return column == sa.any_(sa.literal([*values], ARRAY(sa.UnicodeText)))
