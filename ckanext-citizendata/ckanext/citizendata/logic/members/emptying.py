"""Takes all records of a member away, thousands in one transaction: what one removal after the other would leave.

`tests/federation/test_clear.py` compares the two. Where another plugin wants to know of each, each is removed alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import SearchError

from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.record import DELETED, operation_between, state_after, tombstone
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.ports import STANDING, Member, Progress
from ckanext.citizendata.logic.feeds import feed_jobs, feed_retiring
from ckanext.citizendata.logic.finding.index_contents import take_out
from ckanext.citizendata.logic.finding.reindexing import LOST
from ckanext.citizendata.logic.publishing.fits import removal_misfit
from ckanext.citizendata.logic.publishing.ledger import entry_of_row
from ckanext.citizendata.logic.publishing.publisher import ActionPublisher
from ckanext.citizendata.logic.records import state_of_row
from ckanext.citizendata.model import departure, ledger, unindexed
from ckanext.citizendata.model import member as members

__all__ = ["Take", "at_once", "emptied", "one_by_one"]

# Enough that a hundred thousand records take fifty transactions, and few enough that nobody waits long for a lock.
BATCH = 2000
DOING = "taking away"

# Takes the next records behind an address away; how many, and the last address, "" where there is none any more.
Take = Callable[[Member, Mapping[str, Any], str], tuple[int, str]]


def emptied(member: Member, after: Mapping[str, Any], go_on: Callable[[], None], progress: Progress) -> int:
    """How many records were taken away, each leaving a tombstone; what a person withdrew stays as it is.

    Whoever calls has the member's lease, and `go_on` raises where that has ended. What is done by then stays done, and
    the next call goes on. Raises `RegistryUnavailable`, and `RecordRefused` for one that can't be taken away.

    :param after: what of the ledger's entries is different from then on, by the names of `Entry`
    """
    total = ledger.count(member.id, STANDING)
    take = one_by_one if removal_misfit() else at_once
    done, last = 0, ""
    while True:
        go_on()
        progress(DOING, done, max(done, total))
        number, last = take(member, after, last)
        done += number
        if not last:
            progress(DOING, done, done)
            return done


def one_by_one(member: Member, after: Mapping[str, Any], last: str) -> tuple[int, str]:
    """The same by CKAN's action, one transaction a record."""
    row = next(iter(ledger.following(member.id, STANDING, last, 1)), None)
    if row is not None:
        ActionPublisher().remove(member, DELETED, replace(entry_of_row(row), **after))
        return 1, row.iri
    ledger.recount(member.id)
    model.Session.commit()
    return 0, ""


def at_once(member: Member, after: Mapping[str, Any], last: str) -> tuple[int, str]:
    """Many in one transaction; search finds none of them any more when it commits."""
    rows, last = departure.held(member.id, STANDING, last, BATCH)
    package_ids = {row.package_id for row in rows if row.package_id}
    with _all_or_nothing(), _hidden(package_ids):
        _delete(member, package_ids)
        departure.note_in_ledger(member.id, [row.iri for row in rows], {**_columns(after), "decided": None})
        ledger.recount(member.id)
    return len(rows), last


@contextmanager
def _hidden(package_ids: Collection[str]) -> Iterator[None]:
    """Takes these packages out of the index beside what is done inside, and commits when both are done."""
    with ThreadPoolExecutor(1) as beside:
        if package_ids:
            # Till the commit: whatever happens before it, what search doesn't find by then is shown again.
            unindexed.note_apart(package_ids)
        hiding = beside.submit(take_out, package_ids) if package_ids else None
        yield
        if hiding:
            hiding.result()
            unindexed.forget(package_ids)
        model.Session.commit()


def _columns(after: Mapping[str, Any]) -> dict[str, Any]:
    return {"missing_since" if name == "gone_since" else name: value for name, value in after.items()}


def _delete(member: Member, package_ids: Collection[str]) -> None:
    now = datetime.now(timezone.utc)
    row = members.by_id(member.id)
    states: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    for record in departure.records_of(departure.delete_packages(package_ids, now.replace(tzinfo=None))):
        state, operation = _deleted(record, row.audience if row else None, now)
        states.append(state)
        if operation:
            changes.append(operation)
    departure.write_states(states, changes)
    feed_retiring.note(each["package_id"] for each in changes)
    feed_jobs.note_change()


def _deleted(record: sa.Row[Any], limit: str | None, now: datetime) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The columns of a record whose package is deleted, and its row in the table of changes, if readers see one."""
    before = state_of_row(record)
    after = replace(
        before,
        state=state_after(model.State.DELETED, before.state),
        audience=audiences.lowest(before.audience, limit),
        modified=now,
    )
    kind = tombstone(after)
    columns = {
        "package_id": record.package_id,
        "audience": after.audience,
        "state": after.state,
        "modified": now,
        "tombstone": kind,
        "tombstoned": record.tombstoned if kind == record.tombstone else (now if kind else None),
    }
    return columns, _change(record, after.audience, operation_between(before, after))


def _change(record: sa.Row[Any], audience: str | None, operation: str | None) -> dict[str, Any] | None:
    same = {name: getattr(record, name) for name in ("iri", "package_id", "fingerprint", "mapping_version")}
    return {**same, "audience": audience, "operation": operation} if operation else None


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        model.Session.rollback()
        if isinstance(error, SearchError):
            raise RegistryUnavailable(LOST) from error
        raise
    finally:
        # The session keeps objects over a commit, and these rows went past them.
        model.Session.expire_all()
