"""Writes anew what is derived: the record of our own packages, the package of a harvested record; never otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.citizendata.core.record import member_of
from ckanext.citizendata.logic.dirty import render_package
from ckanext.citizendata.logic.harvesting.projection import project_package
from ckanext.citizendata.logic.own_type import own_package
from ckanext.citizendata.model import record as record_table

__all__ = ["rebuild_record", "rebuildable"]


def rebuildable(name: str | None) -> Sequence[str]:
    """The packages of all records, or of the one dataset of this name or id."""
    if name is None:
        return record_table.package_ids()
    package = own_package(name)
    return (package.id,) if package is not None and record_table.by_package(package.id) else ()


def rebuild_record(package_id: str) -> str | None:
    """Rebuild one record in a transaction of its own; the operation, if anybody elsewhere sees a difference."""
    row = record_table.by_package(package_id)
    member_id = member_of(row.authority) if row else None
    if row is not None and member_id is not None:
        project_package(row, member_id)
    return render_package(package_id)
