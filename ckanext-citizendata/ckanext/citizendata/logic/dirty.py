"""Renders the records of packages that changed past the hooks; a raw write waits seconds, not for the next edit."""

from __future__ import annotations

import logging
from datetime import datetime, timezone

import sqlalchemy as sa
from ckan import model
from ckan.logic import index_update_package

from ckanext.citizendata.logic import records
from ckanext.citizendata.logic.contexts import the_site
from ckanext.citizendata.logic.feeds import feed_jobs, feed_retiring
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.publishing.index_in_step import record_in_step
from ckanext.citizendata.model import dirty

__all__ = ["mark_edited", "mark_organization", "render_dirty", "render_package"]

log = logging.getLogger(__name__)


def mark_edited(package_id: str) -> None:
    """Note that a package changed past the hooks: fewer may read it now, so feeds leave it out till it's known."""
    dirty.mark([package_id], dirty.EDITED)
    feed_retiring.note([package_id])
    feed_jobs.note_change()


def mark_organization(organization_id: str) -> None:
    """Note that all records of an organisation tell its old name."""
    packages = sa.select(model.Package.id).where(
        model.Package.owner_org == organization_id,
        model.Package.type == dataset_type(),
        model.Package.state == model.State.ACTIVE,
    )
    dirty.mark(model.Session.execute(packages).scalars().all(), dirty.ORGANIZATION)


def render_dirty(limit: int = 100) -> int:
    """Render waiting records, oldest first, each in a transaction of its own; the number rendered.

    One that fails stays dirty, out of feeds, and goes behind the others.
    """
    seen: set[str] = set()
    rendered = 0
    while len(seen) < limit:
        package_id = next(iter(dirty.oldest(1)), None)
        if package_id is None or package_id in seen:
            break
        seen.add(package_id)
        rendered += _rendered(package_id)
    model.Session.rollback()
    return rendered


def _rendered(package_id: str) -> bool:
    try:
        render_package(package_id)
    except Exception:
        # The one catch a record: whatever is wrong with it, the others behind it must not wait.
        log.exception("The record of package %s can't be rendered; it stays out of feeds", package_id)
        model.Session.rollback()
        dirty.postpone(package_id)
        model.Session.commit()
        return False
    return True


def render_package(package_id: str) -> str | None:
    """The operation, if any, after record and index are brought in step with the package as the database has it."""
    package = model.Session.get(model.Package, package_id, populate_existing=True)
    if package is None or package.type != dataset_type():
        records.purge(package_id)
        model.Session.commit()
        return None
    if dirty.reason_of(package_id) == dirty.EDITED:
        # Somebody edited it past the hooks. The new time also ends the validity of the copy in the index.
        package.metadata_modified = datetime.now(timezone.utc).replace(tzinfo=None)
    with record_in_step(package_id):
        operation = records.render(package)
        context = the_site()
        index_update_package(context, package_id)
        model.Session.commit()
    return operation
