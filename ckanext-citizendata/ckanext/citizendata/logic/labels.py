"""Who sees a package in pages, search and API: labels cut from rows read fresh, never from objects of the session."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import sqlalchemy as sa
from ckan import authz, model
from ckan.exceptions import CkanConfigurationException
from ckan.lib.plugins import DefaultPermissionLabels

from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.model.dirty import EDITED, Dirty
from ckanext.citizendata.model.record import Record

PUBLIC = "public"
SIGNED_IN = "citizendata-signed-in"


class PermissionLabels(DefaultPermissionLabels):
    """Labels by audience and state for our type, CKAN's own for every other."""

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        if dataset_obj.type != dataset_type():
            return super().get_dataset_labels(dataset_obj)
        row = _fresh(dataset_obj.id)
        return _labels(row) if row else _own_people(dataset_obj)

    def get_user_dataset_labels(self, user_obj: Any) -> list[str]:
        labels = super().get_user_dataset_labels(user_obj)
        return labels if not user_obj or user_obj.is_anonymous else [*labels, SIGNED_IN]


def refuse_other_labels() -> None:
    """Raises where another plugin's labels come first: CKAN asks only the first, and ours would hide nothing."""
    first = next(iter(p.PluginImplementations(p.IPermissionLabels)), None)
    if first is not None and not isinstance(first, PermissionLabels):
        message = (
            f"Plugin '{first.name}' says who sees a dataset before 'citizendata' does, and would show hidden records:"
            f" put citizendata before {first.name} in ckan.plugins."
        )
        raise CkanConfigurationException(message)


def _fresh(package_id: str) -> sa.Row[Any] | None:
    package, record, dirty = model.package_table.c, Record.__table__.c, Dirty.__table__.c
    query = (
        sa.select(
            package.id, package.state, package.private, package.owner_org, package.creator_user_id,
            record.audience, record.state.label("record_state"), dirty.reason,
        )
        .select_from(
            model.package_table.outerjoin(Record.__table__, record.package_id == package.id).outerjoin(
                Dirty.__table__, dirty.package_id == package.id
            )
        )
        .where(package.id == package_id)
    )  # fmt: skip
    return model.Session.execute(query).first()


def _labels(row: sa.Row[Any]) -> list[str]:
    live = row.state == model.State.ACTIVE and row.record_state == LIVE and row.reason != EDITED
    if live and audiences.is_open(row.audience) and not row.private:
        return [PUBLIC]
    national = live and row.audience == audiences.NATIONAL
    return [*_own_people(row), *([SIGNED_IN] if national else [])]


def _own_people(package: Any) -> list[str]:
    collaborators = authz.check_config_permission("allow_dataset_collaborators")
    return [
        *([f"collaborator-{package.id}"] if collaborators else []),
        f"member-{package.owner_org}" if package.owner_org else f"creator-{package.creator_user_id}",
    ]
