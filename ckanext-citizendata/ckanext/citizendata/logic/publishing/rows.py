"""The rows that a batch of harvested records writes, and what is read and held before."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.citizendata.core.custody import Hop
from ckanext.citizendata.core.projecting import StoredPackage
from ckanext.citizendata.core.record import LIVE, MEMBER, RecordState, operation_between, public_since, tombstone
from ckanext.citizendata.federation.ports import Entry, Member
from ckanext.citizendata.logic.feeds import feed_retiring
from ckanext.citizendata.logic.publishing.ledger import row_of_entry
from ckanext.citizendata.logic.records import state_of_row
from ckanext.citizendata.model import put
from ckanext.citizendata.model.change import Change
from ckanext.citizendata.model.dirty import Dirty
from ckanext.citizendata.model.ledger import Ledger
from ckanext.citizendata.model.record import Record

__all__ = ["Before", "Draft", "beside", "held", "taken", "write"]

RECORD: sa.Table = Record.__table__  # type: ignore[assignment]
CHANGE: sa.Table = Change.__table__  # type: ignore[assignment]
LEDGER: sa.Table = Ledger.__table__  # type: ignore[assignment]
DIRTY: sa.Table = Dirty.__table__  # type: ignore[assignment]
MEMBERSHIP = model.member_table
# Light tables: CKAN's type for JSON is made so that every statement on it is compiled anew.
PACKAGE = sa.table(
    "package",
    *(
        sa.column(str(each.name), JSONB if each.name in ("extras", "plugin_data") else each.type)
        for each in model.package_table.c
    ),
)
RESOURCE = sa.table(
    "resource",
    *(
        sa.column(str(each.name), sa.UnicodeText if each.name == "extras" else each.type)
        for each in model.resource_table.c
    ),
)
ORGANIZATION = "organization"
DELETED = model.State.DELETED


@dataclass(frozen=True)
class Draft:
    """One record as it will stand here: its package, with ids and times, its statements, its ledger entry."""

    iri: str
    fragment: str
    fingerprint: str
    mapping_version: str
    audience: str | None
    package: StoredPackage
    entry: Entry
    custody: tuple[Hop, ...] = ()

    @property
    def id(self) -> str:
        """The id of the package."""
        return self.package.columns["id"]

    @property
    def file_rows(self) -> list[dict[str, Any]]:
        """The rows of its files, with their extras as text."""
        return [{**each.columns, "extras": _text(each.extras)} for each in self.package.files]


@dataclass(frozen=True)
class Before:
    """What the tables hold of a batch: records by IRI, all else by the id of the package."""

    records: Mapping[str, sa.Row[Any]] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    packages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    memberships: Mapping[str, Sequence[sa.Row[Any]]] = field(default_factory=dict)


def held(connection: sa.Connection, member: Member, iris: Sequence[str], withdrawn: str) -> Before:
    """What is here of these records, held until the transaction ends: the records in the order of their packages, then
    the ledger. A withdrawal holds the same two in the same order, so the two wait for each other, never in a circle.

    :param withdrawn: the state of the ledger that keeps a record out.
    """
    records = connection.execute(
        sa.select(RECORD)
        .where(RECORD.c.authority == MEMBER + member.id, RECORD.c.iri.in_(iris))
        .order_by(RECORD.c.package_id)
        .with_for_update()
    ).all()
    states = connection.execute(
        sa.select(LEDGER.c.iri, LEDGER.c.state)
        .where(LEDGER.c.member_id == member.id, LEDGER.c.iri.in_(iris))
        .order_by(LEDGER.c.iri)
        .with_for_update()
    )
    kept_out = frozenset(iri for iri, state in states if state == withdrawn)
    return _with_packages(connection, Before({row.iri: row for row in records}, kept_out))


def _with_packages(connection: sa.Connection, before: Before) -> Before:
    ids = [row.package_id for row in before.records.values()]
    if not ids:
        return before
    packages = connection.execute(sa.select(PACKAGE).where(PACKAGE.c.id.in_(ids))).mappings()
    files, memberships = defaultdict(list), defaultdict(list)
    of_packages = sa.select(RESOURCE).where(RESOURCE.c.package_id.in_(ids)).order_by(RESOURCE.c.position)
    for row in connection.execute(of_packages).mappings():
        files[row["package_id"]].append({**row, "extras": json.loads(row["extras"]) if row["extras"] else {}})
    of_owners = sa.select(MEMBERSHIP).where(MEMBERSHIP.c.table_id.in_(ids), MEMBERSHIP.c.capacity == ORGANIZATION)
    for row in connection.execute(of_owners):
        memberships[row.table_id].append(row)
    return replace(before, packages={row["id"]: row for row in packages}, files=files, memberships=memberships)


def taken(connection: sa.Connection, ids: Sequence[str]) -> frozenset[str]:
    """Those of the ids that a package or a record has already."""
    packages = sa.select(PACKAGE.c.id).where(PACKAGE.c.id.in_(ids))
    records = sa.select(RECORD.c.package_id).where(RECORD.c.package_id.in_(ids))
    return frozenset(connection.execute(packages.union(records)).scalars()) if ids else frozenset()


def beside(connection: sa.Connection, ids: Sequence[str]) -> frozenset[str]:
    """Those of the packages that have what no feed gives: groups, tags or relationships."""
    if not ids:
        return frozenset()
    tag, relation = model.package_tag_table.c, model.package_relationship_table.c
    groups = sa.select(MEMBERSHIP.c.table_id).where(
        MEMBERSHIP.c.table_id.in_(ids), MEMBERSHIP.c.capacity != ORGANIZATION, MEMBERSHIP.c.state == model.State.ACTIVE
    )
    others = (
        sa.select(column).where(column.in_(ids))
        for column in (tag.package_id, relation.subject_package_id, relation.object_package_id)
    )
    return frozenset(connection.execute(groups.union(*others)).scalars())


def write(connection: sa.Connection, member: Member, drafts: Sequence[Draft], before: Before, now: datetime) -> None:
    """Writes all rows of these records; `now` is in UTC, with its zone."""
    fresh = [each for each in drafts if each.id not in before.packages]
    known = [each for each in drafts if each.id in before.packages]
    put.put(connection, PACKAGE, [_package_row(each) for each in fresh])
    put.replace(connection, PACKAGE, [_package_row(each) for each in known], ["id"])
    _write_files(connection, drafts, before)
    _write_memberships(connection, drafts, before)
    _write_records(connection, member, drafts, before, now)
    entries = [{**row_of_entry(member.id, each.entry), "updated": now} for each in drafts]
    put.replace(connection, LEDGER, entries, ["member_id", "iri"])
    connection.execute(sa.delete(DIRTY).where(DIRTY.c.package_id.in_([each.id for each in known])))


def _package_row(draft: Draft) -> dict[str, Any]:
    return {**draft.package.columns, "extras": dict(draft.package.extras)}


def _write_files(connection: sa.Connection, drafts: Iterable[Draft], before: Before) -> None:
    new, changed, purged = [], [], []
    for draft in drafts:
        known = {each["id"]: each for each in before.files.get(draft.id, ())}
        rows = draft.file_rows
        new += [row for row in rows if row["id"] not in known]
        changed += [row for row in rows if row["id"] in known]
        marked, gone = _dropped(known, [row["id"] for row in rows])
        changed += marked
        purged += gone
    if purged:
        connection.execute(sa.delete(RESOURCE).where(RESOURCE.c.id.in_(purged)))
    put.put(connection, RESOURCE, new)
    put.replace(connection, RESOURCE, changed, ["id"])


def _dropped(known: Mapping[str, Mapping[str, Any]], ids: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Files that their source doesn't list any more: to be marked as deleted, and to be purged as marked before.

    As CKAN does, which purges only where the list of files changes.
    """
    active = [id_ for id_, each in known.items() if each["state"] != DELETED]
    if active == [*ids]:
        return [], []
    gone = [each for id_, each in known.items() if id_ not in ids]
    marked = [
        {**each, "extras": _text(each["extras"]), "state": DELETED, "position": 0}
        for each in gone
        if each["state"] != DELETED
    ]
    return marked, [each["id"] for each in gone if each["state"] == DELETED]


def _text(extras: Mapping[str, Any]) -> str | None:
    return json.dumps(extras, ensure_ascii=False) if extras else None


def _write_memberships(connection: sa.Connection, drafts: Iterable[Draft], before: Before) -> None:
    """One active row for the organisation that owns each package."""
    new, changed = [], []
    for draft in drafts:
        owner = draft.package.columns["owner_org"]
        rows = before.memberships.get(draft.id, ())
        # One that it belonged to before is taken up again, which CKAN forgets.
        wanted = [(row, model.State.ACTIVE if row.group_id == owner else DELETED) for row in rows]
        changed += [{**row._mapping, "state": state} for row, state in wanted if row.state != state]
        if not any(row.group_id == owner for row in rows):
            new.append(
                {
                    "id": str(uuid4()),
                    "table_name": "package",
                    "table_id": draft.id,
                    "capacity": ORGANIZATION,
                    "group_id": owner,
                    "state": model.State.ACTIVE,
                }
            )
    put.put(connection, MEMBERSHIP, new)
    put.replace(connection, MEMBERSHIP, changed, ["id"])


def _write_records(
    connection: sa.Connection, member: Member, drafts: Iterable[Draft], before: Before, now: datetime
) -> None:
    new, changed, changes, lowered = [], [], [], []
    for draft in drafts:
        row = before.records.get(draft.iri)
        known = state_of_row(row) if row else None
        after = state_after(member, draft, known, now)
        kind = tombstone(after)
        values = {
            "package_id": draft.id,
            "fragment": draft.fragment,
            "residue": "",
            **{name: getattr(after, name) for name in STATE_COLUMNS},
            "issued": row.issued if row else now,
            "tombstone": kind,
            "tombstoned": _tombstoned(row, kind, now),
        }
        (changed if row else new).append(values)
        if feed_retiring.is_less_open(known, after):
            lowered.append(draft.id)
        operation = operation_between(known, after)
        if operation:
            changes.append(_change_row(draft, operation, after))
    put.put(connection, RECORD, new)
    put.replace(connection, RECORD, changed, ["package_id"])
    put.put(connection, CHANGE, changes)
    feed_retiring.note(lowered)


STATE_COLUMNS = (
    "iri", "authority", "audience", "state", "fingerprint", "mapping_version", "modified", "public_since",
)  # fmt: skip


def state_after(member: Member, draft: Draft, before: RecordState | None, now: datetime) -> RecordState:
    """The state of the record once it is published: live, whatever it was before."""
    after = RecordState(
        iri=draft.iri,
        authority=MEMBER + member.id,
        audience=draft.audience,
        state=LIVE,
        fingerprint=draft.fingerprint,
        mapping_version=draft.mapping_version,
        modified=draft.package.columns["metadata_modified"].replace(tzinfo=timezone.utc),
        public_since=before.public_since if before else None,
    )
    return replace(after, public_since=public_since(before, after, now))


def _tombstoned(row: sa.Row[Any] | None, kind: str | None, now: datetime) -> datetime | None:
    if kind == (row.tombstone if row else None):
        return row.tombstoned if row else None
    return now if kind else None


def _change_row(draft: Draft, operation: str, after: RecordState) -> dict[str, Any]:
    return {
        "iri": after.iri,
        "package_id": draft.id,
        "operation": operation,
        "fingerprint": after.fingerprint,
        "audience": after.audience,
        "mapping_version": after.mapping_version,
    }
