"""A database that was put back from a backup, and all that was taken back since: taken back again before anybody reads.

What is planned here a person agrees to; then `restored` does it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata import config
from ckanext.citizendata.core.record import ABSENT, CLOSED, DELETED, LIVE, LOCAL, WITHDRAWN, RecordState, is_public
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.feeds.evidence import Evidence, Gone
from ckanext.citizendata.logic import records
from ckanext.citizendata.logic.description import mapping_version
from ckanext.citizendata.logic.feeds.feed_scopes import scope_of
from ckanext.citizendata.logic.finding.reindexing import reindexed
from ckanext.citizendata.logic.own_type import own_package
from ckanext.citizendata.logic.publishing.index_in_step import record_in_step
from ckanext.citizendata.model import change, ledger, unindexed
from ckanext.citizendata.model import record as record_table

__all__ = ["Again", "Plan", "plan_of", "taken_back_again"]

log = logging.getLogger(__name__)

STATES = {"withdrawn": WITHDRAWN, "deleted": DELETED, "absent": ABSENT}
# What a registry says of records of this site without having it from here.
NOT_OURS = ("absent", "duplicate")


@dataclass(frozen=True, slots=True)
class Again:
    """A record that is public here and was taken back after the backup, by what `source` says."""

    package_id: str
    gone: Gone
    source: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: records to take back `again`, and tombstones of records that the backup doesn't know.

    `lost` are datasets that were published after the backup, which it doesn't have.
    """

    again: Sequence[Again]
    unknown: Sequence[Gone]
    lost: Sequence[str]


def plan_of(own: Sequence[Evidence], peers: Sequence[Evidence]) -> Plan:
    """What this site's own later feeds and its registries say, held against the database."""
    found: dict[str, Again] = {}
    unknown: dict[str, Gone] = {}
    for each in own:
        for gone in each.gone:
            _hold(gone, each, found, unknown)
    for each in peers:
        for gone in (gone for gone in each.gone if gone.kind not in NOT_OURS):
            _hold_theirs(gone, each.source, found)
    listed = {iri for each in own for iri in each.listed}
    lost = sorted(iri for iri in listed if not record_table.by_iri(iri))
    return Plan([*found.values()], [*unknown.values()], lost)


def _hold(gone: Gone, said: Evidence, found: dict[str, Again], unknown: dict[str, Gone]) -> None:
    rows = record_table.by_iri(gone.iri)
    audiences = scope_of(said.manifest.audience).audiences
    for row in rows:
        if row.state == LIVE and row.audience in audiences:
            found.setdefault(row.package_id, Again(row.package_id, gone, said.source))
    if not rows and _is_minted_here(gone):
        unknown.setdefault(gone.iri, gone)


def _hold_theirs(gone: Gone, source: str, found: dict[str, Again]) -> None:
    """A registry's word counts for records of this site alone, and where nothing happened to them since."""
    for row in record_table.by_iri(gone.iri):
        if row.authority == LOCAL and is_public(records.state_of_row(row)) and gone.since >= _last_change(row):
            found.setdefault(row.package_id, Again(row.package_id, gone, source))


def _last_change(row: sa.Row[Any]) -> datetime:
    """To the second, as feeds tell time: in doubt it was taken back."""
    return max(each for each in (row.modified, row.public_since, row.issued) if each).replace(microsecond=0)


def _is_minted_here(gone: Gone) -> bool:
    base = config.base_iri()
    return gone.iri.startswith(f"{base}/dataset/") and gone.record.startswith(f"{base}/record/")


def taken_back_again(plan: Plan) -> tuple[list[Again], list[Again]]:
    """The records that were taken back, and those that couldn't be; tombstones that were unknown are known again."""
    with model.ensure_engine().begin() as connection:
        change.settle(connection)
    failed = [each for each in plan.again if not _withdrawn(each.package_id)]
    for gone in plan.unknown:
        _bury(gone)
    model.Session.commit()
    return [each for each in plan.again if each not in failed], failed


def _withdrawn(package_id: str) -> bool:
    package = own_package(package_id)
    if package is None:
        log.error("The package %s isn't there, so that its record can't be withdrawn", package_id)
        return False
    with record_in_step(package_id) as member_id:
        records.hide(package, WITHDRAWN)
        row = record_table.by_package(package_id)
        if member_id and row:
            ledger.decide(member_id, row.iri, WITHDRAWN)
        # The search engine may be behind by as much as the database was.
        unindexed.note([package_id])
        model.Session.commit()
    with suppress(RegistryUnavailable):
        reindexed(package_id)
    return True


def _bury(gone: Gone) -> None:
    """A tombstone of what the backup doesn't know: it stays in the feed, so that others go on taking it for gone."""
    package_id = gone.record.rpartition("/")[2]
    if record_table.by_package(package_id) is not None:
        return
    state = STATES.get(gone.kind, CLOSED)
    record = RecordState(gone.iri, LOCAL, None, state, "", mapping_version(), gone.since, gone.since)
    values = {"package_id": package_id, "iri": gone.iri, "authority": LOCAL, "state": state, "tombstone": gone.kind}
    values |= {"fragment": "", "residue": "", "fingerprint": "", "mapping_version": record.mapping_version}
    values |= dict.fromkeys(("issued", "modified", "public_since", "tombstoned"), gone.since)
    record_table.write(values)
    change.append(package_id, "withdraw" if state == WITHDRAWN else "delete", record)
