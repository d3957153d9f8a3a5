"""The tables of members, runs and ledger as the ports of a harvest."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.identity import covers, normalised
from ckanext.citizendata.core.mapping.answered import statements_of
from ckanext.citizendata.core.record import MEMBER, member_of
from ckanext.citizendata.core.rules import CAREFUL
from ckanext.citizendata.federation.errors import HarvestRefused
from ckanext.citizendata.federation.ports import WITHDRAWN, Brake, Entry, Member
from ckanext.citizendata.federation.report import FAILED, FINISHED, RUNNING, Report
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.model import ledger, run
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import record as records

__all__ = ["SqlClaims", "SqlLedger", "SqlRuns", "entry_of_row", "member_of_row", "row_of_entry"]

LOCK = "citizendata_harvest:"
# Control characters but tab and line ends, and halves of surrogate pairs.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def member_of_row(row: sa.Row[Any]) -> Member:
    """The member that a row of its table tells."""
    brake = Brake(row.brake_records, row.brake_percent)
    return Member(row.id, row.title, row.url, row.audience, tuple(row.prefixes), row.organization_id, brake)


def entry_of_row(row: sa.Row[Any]) -> Entry:
    """The ledger entry that a row of its table tells; `missing_since` holds the source's date of a tombstone too."""
    return Entry(
        iri=row.iri,
        state=row.state,
        reason=row.reason,
        package_id=row.package_id,
        fingerprint=row.fingerprint,
        gone_since=row.missing_since,
        absences=row.absences,
        removal=row.removal,
    )


def row_of_entry(member_id: str, entry: Entry) -> dict[str, Any]:
    """The columns of an entry; a state that a harvest writes is no longer a person's decision."""
    return {
        "member_id": member_id,
        "iri": entry.iri,
        "state": entry.state,
        "reason": _storable(entry.reason),
        "package_id": entry.package_id,
        "fingerprint": entry.fingerprint,
        "missing_since": entry.gone_since,
        "absences": entry.absences,
        "removal": entry.removal,
        "decided": None,
    }


def _storable(value: Any) -> Any:
    """The same with U+FFFD for what PostgreSQL refuses in text or that a terminal would act on."""
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, (list, tuple)) else value


class SqlLedger:
    """The ledger as `federation.ports.Ledger`."""

    def entries(self, member_id: str) -> dict[str, Entry]:
        return {row.iri: entry_of_row(row) for row in ledger.of_member(member_id)}

    def guarded(self, missing: Iterable[Entry]) -> Collection[str]:
        package_ids = [each.package_id for each in missing if each.package_id]
        statements = statements_of(site_model.model(), CAREFUL)
        return frozenset(records.guarded(package_ids, EVERYONE, CAREFUL, statements))

    def note(self, member_id: str, entry: Entry) -> None:
        entry = replace(entry, iri=_storable(entry.iri))
        now = ledger.locked(member_id, entry.iri)
        withdrawn = now if now and now.state == WITHDRAWN else None
        if withdrawn is None or entry.state == WITHDRAWN:
            ledger.write({**row_of_entry(member_id, entry), "decided": withdrawn and withdrawn.decided})
        model.Session.commit()


class SqlClaims:
    """Who owns an IRI, as `federation.ports.Claims`; for one run, since members may change between two."""

    def __init__(self, base_iri: str) -> None:
        self._base = normalised(base_iri)
        self._members = tuple(member_of_row(row) for row in members.every())
        self._prefixes = tuple((normalised(prefix), each) for each in self._members for prefix in each.prefixes)
        self.holder = lru_cache(maxsize=100_000)(self._holder)

    def _holder(self, member: Member, iri: str) -> str | None:
        iri = _storable(iri)
        address = normalised(iri)
        if covers(self._base, address):
            return "this registry"
        spoken_for = self._speaker(address)
        if spoken_for:
            return None if spoken_for.id == member.id else spoken_for.title
        return self._owner(member, iri)

    def _speaker(self, address: str) -> Member | None:
        """The member with the longest prefix that covers the address."""
        fitting = [(len(prefix), each) for prefix, each in self._prefixes if covers(prefix, address)]
        return max(fitting, key=lambda pair: pair[0], default=(0, None))[1]

    def _owner(self, member: Member, iri: str) -> str | None:
        """The first to publish a record under an IRI owns it, also while the record is hidden."""
        query = sa.select(records.Record.authority).where(records.Record.iri == iri)
        owners = set(model.Session.execute(query).scalars()) - {MEMBER + member.id}
        return self._words(min(owners)) if owners else None

    def _words(self, authority: str) -> str:
        member_id = member_of(authority)
        if member_id is None:
            return "this registry"
        title = next((each.title for each in self._members if each.id == member_id), None)
        return title or f"a former member, {member_id}"


class SqlRuns:
    """The list of harvests, as `federation.ports.Runs`."""

    @contextmanager
    def alone(self, member_id: str) -> Iterator[None]:
        """Holds a lock of PostgreSQL on a connection of its own: it outlives commits, and ends with the process."""
        key = sa.func.hashtextextended(LOCK + member_id, 0)
        with model.meta.engine.connect() as connection:  # type: ignore
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(key))).scalar():
                reason = f"{member_id} is being harvested already; wait until that run has ended"
                raise HarvestRefused(reason)
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))

    def ended_well(self, member_id: str) -> bool:
        last = run.last(member_id)
        return last is None or last.state == FINISHED

    def start(self, member_id: str) -> int:
        """The number of a new run. Whoever holds the lock knows that no earlier one is alive."""
        for number in run.in_state(member_id, RUNNING):
            run.finish(number, {"state": FAILED, "reason": "The run was interrupted; the next one took over"})
        number = run.start(member_id)
        model.Session.commit()
        return number

    def finish(self, report: Report) -> None:
        """Writes the report; whatever a broken run left in the session is undone first."""
        model.Session.rollback()
        values = {"state": report.state, "reason": report.reason, "counts": report.counts, "items": report.told}
        run.finish(report.run_id, _storable(values))
        model.Session.commit()
