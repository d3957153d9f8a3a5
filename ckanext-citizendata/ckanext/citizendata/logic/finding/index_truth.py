"""What the search index should hold of each dataset: read from rows of the database, not from objects of a session."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.plugins import DefaultPermissionLabels

from ckanext.citizendata.logic.finding.index_contents import Copy, copies, with_just_these_labels
from ckanext.citizendata.logic.labels import PUBLIC, _labels
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.model.dirty import Dirty
from ckanext.citizendata.model.record import Record

__all__ = ["MISSING", "STALE", "Stored", "differences", "stored", "stored_after"]

MISSING = "missing"
STALE = "stale"


@dataclass(frozen=True, slots=True)
class Stored:
    """One dataset as its document should tell it, and who should find it."""

    copy: Copy
    labels: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        """Whether everybody may find it."""
        return PUBLIC in self.labels


def stored(package_ids: Collection[str]) -> dict[str, Stored]:
    """Those of the datasets that should be in the index, as they should be there."""
    return _stored(_query().where(model.package_table.c.id.in_(package_ids)))


def stored_after(package_id: str, limit: int) -> dict[str, Stored]:
    """The next so many of all datasets that should be in the index, in the order of ids."""
    package = model.package_table.c
    return _stored(_query().where(package.id > package_id).order_by(package.id).limit(limit))


def differences(wanted: Mapping[str, Stored]) -> dict[str, str]:
    """Those of the datasets whose documents aren't as they should be, `missing` ones before `stale` ones."""
    found = copies(wanted)
    by_labels: dict[tuple[str, ...], list[str]] = {}
    for package_id, each in wanted.items():
        by_labels.setdefault(each.labels, []).append(package_id)
    right = {each for labels, ids in by_labels.items() for each in with_just_these_labels(ids, labels)}
    stale = {
        package_id
        for package_id, each in wanted.items()
        if package_id not in right or found.get(package_id) != [each.copy]
    }
    missing = {package_id: MISSING for package_id in wanted if package_id not in found}
    return missing | {package_id: STALE for package_id in stale if package_id not in missing}


def _query() -> sa.Select[Any]:
    package, record, dirty = model.package_table.c, Record.__table__.c, Dirty.__table__.c
    query = (
        sa.select(
            package.id, package.type, package.state, package.private, package.owner_org, package.creator_user_id,
            package.metadata_modified, record.audience, record.state.label("record_state"), dirty.reason,
        )
        .outerjoin(Record.__table__, record.package_id == package.id)
        .outerjoin(Dirty.__table__, dirty.package_id == package.id)
    )  # fmt: skip
    if tk.config.get("ckan.search.remove_deleted_packages"):
        query = query.where(package.state != model.State.DELETED)
    return query


def _stored(query: sa.Select[Any]) -> dict[str, Stored]:
    own_type, others = dataset_type(), DefaultPermissionLabels()
    found: dict[str, Stored] = {}
    for row in model.Session.execute(query):
        copy = Copy(_as_solr_tells(row.metadata_modified), "private" if row.private else "public")
        labels = _labels(row) if row.type == own_type else others.get_dataset_labels(cast("Any", row))
        found[row.id] = Stored(copy, tuple(sorted(labels)))
    return found


def _as_solr_tells(time: Any) -> str:
    """A time as in an answer of Solr, which keeps milliseconds and leaves them out where there are none."""
    return time.isoformat(timespec="milliseconds").removesuffix(".000") + "Z"
