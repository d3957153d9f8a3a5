"""The tables of members, runs and ledger as the ports of a harvest."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.citizendata.core.audience import EVERYONE, is_open
from ckanext.citizendata.core.batches import batches
from ckanext.citizendata.core.identity import covers, normalised
from ckanext.citizendata.core.mapping.answered import statements_of
from ckanext.citizendata.core.membership import BRAKES
from ckanext.citizendata.core.record import LIVE, MEMBER, TAKEN_AWAY, member_of
from ckanext.citizendata.core.rules import CAREFUL
from ckanext.citizendata.federation.admittance import require_active
from ckanext.citizendata.federation.errors import RunStopped
from ckanext.citizendata.federation.grouping import counted
from ckanext.citizendata.federation.ports import BESIDE_OWNERS, STANDING, WITHDRAWN, Brake, Entry, Holder, Member
from ckanext.citizendata.federation.report import FAILED, FINISHED, RUNNING, Item, Report
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.one_refused import one_refused
from ckanext.citizendata.logic.publishing.leases import leased
from ckanext.citizendata.logic.values.storable import storable
from ckanext.citizendata.model import ledger, outcome, run
from ckanext.citizendata.model import member as members
from ckanext.citizendata.model import record as records

__all__ = ["SqlClaims", "SqlLedger", "SqlRuns", "entry_of_row", "member_of_row", "row_of_entry"]

AT_ONCE = 1000
# So often at most a run writes down how far it is.
SECONDS_BETWEEN = 1.0
UNTOLD = Holder("", "untold")
# Of several at one address the first of these counts: only where all are gone may another one take their place.
RANK = {"declared": 0, "first": 1, "untold": 2, "gone": 3}


def member_of_row(row: sa.Row[Any]) -> Member:
    """The member that a row of its table tells."""
    brake = Brake(row.brake_records, row.brake_percent).times(BRAKES[row.trust])
    return Member(
        id=row.id,
        title=row.title,
        url=row.url,
        audience=row.audience,
        prefixes=tuple(row.prefixes),
        organization_id=row.organization_id,
        brake=brake,
        state=row.state,
        trust=row.trust,
        kind=row.kind,
    )


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
        "reason": storable(entry.reason),
        "package_id": entry.package_id,
        "fingerprint": entry.fingerprint,
        "missing_since": entry.gone_since,
        "absences": entry.absences,
        "removal": entry.removal,
        "decided": None,
    }


class SqlLedger:
    """The ledger as `federation.ports.Ledger`."""

    def of(self, member_id: str, iris: Collection[str]) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for some in batches(map(storable, iris), AT_ONCE):
            found |= {row[0]: Entry(*row) for row in ledger.of_iris(member_id, some)}
        return found

    def count(self, member_id: str) -> int:
        return ledger.count(member_id, STANDING)

    def standing(self, member_id: str) -> Iterator[Entry]:
        return self._in_states(member_id, STANDING)

    def beside_owners(self, member_id: str) -> Iterator[Entry]:
        return self._in_states(member_id, BESIDE_OWNERS)

    def _in_states(self, member_id: str, states: Collection[str]) -> Iterator[Entry]:
        after = ""
        while rows := ledger.following(member_id, states, after, AT_ONCE):
            yield from (Entry(*row) for row in rows)
            after = rows[-1].iri

    def guarded(self, missing: Iterable[Entry]) -> Collection[str]:
        package_ids = [each.package_id for each in missing if each.package_id]
        statements = statements_of(site_model.model(), CAREFUL)
        return frozenset(records.guarded(package_ids, EVERYONE, CAREFUL, statements))

    def note(self, member_id: str, entry: Entry) -> None:
        entry = replace(entry, iri=storable(entry.iri))
        with one_refused(entry.iri):
            now = ledger.locked(member_id, entry.iri)
            withdrawn = now if now and now.state == WITHDRAWN else None
            if withdrawn is None or entry.state == WITHDRAWN:
                ledger.write({**row_of_entry(member_id, entry), "decided": withdrawn and withdrawn.decided})
            model.Session.commit()


class SqlClaims:
    """Who owns an IRI, as `federation.ports.Claims`; for one run, since members may change between two."""

    def __init__(self, base_iri: str) -> None:
        self._base = normalised(base_iri)
        self.by_id = {row.id: member_of_row(row) for row in members.every()}
        # By server: a registry may have a thousand members, and a page ten thousand addresses.
        self._prefixes: defaultdict[str, list[tuple[str, Member]]] = defaultdict(list)
        for each in self.by_id.values():
            for prefix in map(normalised, each.prefixes):
                self._prefixes[_server(prefix)].append((prefix, each))
        # Of several that cover an address the longest counts.
        for prefixes in self._prefixes.values():
            prefixes.sort(key=lambda pair: -len(pair[0]))

    def holders(self, member: Member, iris: Collection[str]) -> dict[str, Holder]:
        found: dict[str, Holder] = {}
        free: list[str] = []
        for iri in iris:
            address = normalised(storable(iri))
            speaker = self._speaker(address)
            if covers(self._base, address):
                found[iri] = Holder("this registry")
            elif speaker is None:
                free.append(iri)
            elif speaker.id != member.id:
                found[iri] = Holder(speaker.title) if is_open(speaker.audience) else UNTOLD
        return found | self._owners(member, free)

    def speaks_for(self, member_id: str, iri: str) -> bool:
        """Whether the address was given to this member."""
        speaker = self._speaker(normalised(iri))
        return speaker is not None and speaker.id == member_id

    def _speaker(self, address: str) -> Member | None:
        """The member with the longest prefix that covers the address."""
        for prefix, each in self._prefixes.get(_server(address), ()):
            if covers(prefix, address):
                return each
        return None

    def _owners(self, member: Member, iris: Collection[str]) -> dict[str, Holder]:
        """The first to publish a record under an IRI owns it, also while the record is hidden."""
        owners: dict[str, Holder] = {}
        for some in batches(iris, AT_ONCE):
            stored = {storable(iri): iri for iri in some}
            for row in records.owners(stored, MEMBER + member.id):
                iri, holder = stored[row.iri], self._owner(row)
                if iri not in owners or RANK[holder.by] < RANK[owners[iri].by]:
                    owners[iri] = holder
        return owners

    def _owner(self, row: sa.Row[Any]) -> Holder:
        """Who has this record, as far as everyone may know it."""
        member_id = member_of(row.authority)
        owner = self.by_id.get(member_id or "")
        if owner and not is_open(owner.audience):
            return UNTOLD
        title = owner.title if owner else f"a former member, {member_id}"
        if row.state == LIVE and is_open(row.audience):
            return Holder(title, "first") if member_id else Holder("this registry")
        is_gone = row.state in TAKEN_AWAY and row.public_since and row.noted != WITHDRAWN
        return Holder(title, "gone") if member_id and is_gone else UNTOLD


def _server(address: str) -> str:
    """Scheme and server of a normalised address; of one without a server its scheme alone."""
    scheme, colon, rest = address.partition("://")
    return scheme + colon + rest.partition("/")[0] if colon else address.partition(":")[0]


class SqlRuns:
    """The list of harvests, as `federation.ports.Runs`."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    @contextmanager
    def alone(self, member_id: str) -> Iterator[Callable[[], None]]:
        with leased(member_id) as lease:
            yield lease.check

    def ended_well(self, member_id: str) -> bool:
        last = run.last(member_id)
        return last is None or last.state == FINISHED

    def start(self, member_id: str) -> int:
        """The number of a new run. Whoever holds the lock knows that no earlier one is alive."""
        # Read again under the lock: a suspension that came since stops no run, and this one must not begin.
        row = members.by_id(member_id)
        if row:
            require_active(member_of_row(row))
        for number in run.in_state(member_id, RUNNING):
            reason = "The run was interrupted; the next one took over"
            run.finish(number, {"state": FAILED, "reason": reason, "code": "interrupted"})
        number = run.start(member_id)
        model.Session.commit()
        return number

    def tell(self, run_id: int, items: Sequence[Item]) -> None:
        told = [item for item in items if item.outcome != "unchanged" or item.reason or item.problems]
        if told:
            outcome.add(run_id, [storable(asdict(item)) for item in told])
            model.Session.commit()

    def progress(self, run_id: int, doing: str, done: int, total: int | None) -> None:
        """At most once a second, on a connection of its own: batches neither wait for it nor undo it."""
        now = time.monotonic()
        if now >= self._silent_until:
            self._silent_until = now + SECONDS_BETWEEN
            # Where the database is gone, the run itself will say so.
            with suppress(DBAPIError), model.ensure_engine().begin() as connection:
                run.progress(connection, run_id, doing, done, total)

    def finish(self, report: Report) -> None:
        """Writes the report; whatever a broken run left in the session is undone first."""
        model.Session.rollback()
        run.finish(report.run_id, _closing(report))
        ledger.recount(report.member_id)
        try:
            model.Session.commit()
        except RunStopped:
            # Another worker took over, and has closed this run already.
            model.Session.rollback()


def _closing(report: Report) -> dict[str, Any]:
    """The columns of a run that has ended."""
    return {
        "state": report.state,
        "reason": storable(report.reason),
        "code": report.code,
        "counts": report.counts,
        "reasons": counted(report.groups),
        "groups": storable([asdict(each) for each in report.groups]),
        "records": ledger.count(report.member_id, STANDING),
    }
