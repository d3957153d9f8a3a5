"""Writes anew, at an even pace, the records that another mapping or other code lists wrote; nobody edited these."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.citizendata.core.record import member_of
from ckanext.citizendata.logic.description import mapping_version
from ckanext.citizendata.logic.dirty import render_package
from ckanext.citizendata.logic.harvesting.projection import project_package
from ckanext.citizendata.logic.one_refused import is_lost
from ckanext.citizendata.model import record as records

__all__ = ["Rerendered", "rerendered", "waiting"]

log = logging.getLogger(__name__)

AT_ONCE = 100
MINUTE = 60.0

Progress = Callable[[str, int, int | None], None]


@dataclass
class Rerendered:
    """How many records were written anew, how many of them say something else now, and how many couldn't be."""

    done: int = 0
    changed: int = 0
    failed: int = 0


def waiting() -> int:
    """How many records are to be written anew."""
    return records.stale_count(mapping_version())


def rerendered(per_minute: int, progress: Progress) -> Rerendered:
    """Write all of them, so many a minute at most, each in a transaction of its own; who begins again goes on."""
    total = waiting()
    result = Rerendered()
    pace = _Pace(per_minute)
    for package_id in _stale():
        progress("writing records anew", result.done + result.failed, total)
        pace.wait()
        _rerender(package_id, result)
    progress("writing records anew", result.done + result.failed, total)
    return result


def _stale() -> Iterator[str]:
    """One after the other, by id: one that can't be written isn't tried twice."""
    version, after = mapping_version(), ""
    while package_ids := records.stale(version, after, AT_ONCE):
        yield from package_ids
        after = package_ids[-1]


def _rerender(package_id: str, result: Rerendered) -> None:
    try:
        operation = _written(package_id)
    except Exception as error:
        # The one catch a record: whatever is wrong with it, the others must not wait.
        model.Session.rollback()
        if isinstance(error, DBAPIError) and is_lost(error):
            raise
        log.exception("The record of package %s can't be written anew", package_id)
        result.failed += 1
    else:
        result.done += 1
        result.changed += operation is not None


def _written(package_id: str) -> str | None:
    # Held, so that a harvest doesn't publish something newer between reading it and writing its package.
    row = records.locked(package_id)
    member_id = member_of(row.authority) if row else None
    if row is not None and member_id is not None:
        project_package(row, member_id)
        _keep_its_time(row)
    return render_package(package_id)


def _keep_its_time(row: sa.Row[Any]) -> None:
    """Nobody changed the record: those who harvest from here needn't fetch it again; without a commit."""
    now = records.locked(row.package_id)
    if now is None or now.fingerprint != row.fingerprint:
        # A harvest came between, and wrote it as this version does.
        return
    before = row.modified.astimezone(timezone.utc).replace(tzinfo=None)
    package = sa.update(model.package_table).where(model.package_table.c.id == row.package_id)
    model.Session.execute(package.values(metadata_modified=before))
    records.write({"package_id": row.package_id, "mapping_version": mapping_version()})


class _Pace:
    """Waits so long before each that no more come in a minute; it never catches up on what took longer."""

    def __init__(self, per_minute: int) -> None:
        self._pause = MINUTE / per_minute
        self._next = time.monotonic()

    def wait(self) -> None:
        """Until it is time for the next."""
        now = time.monotonic()
        if self._next > now:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._pause
