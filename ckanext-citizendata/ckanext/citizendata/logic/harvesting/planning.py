"""What a harvest of a member would do, for the people who decide whether it is done; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from functools import partial
from itertools import islice
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.core.listing import Listing
from ckanext.citizendata.core.record import MEMBER
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.compare import Decision
from ckanext.citizendata.federation.differences import differences
from ckanext.citizendata.federation.errors import HarvestRefused
from ckanext.citizendata.federation.plan import Plan, planned, told
from ckanext.citizendata.federation.ports import Member, Progress, RecordRefused
from ckanext.citizendata.federation.preparing import Prepared
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.harvesting.harvest import preparer
from ckanext.citizendata.logic.publishing.harvested import Projected, projected
from ckanext.citizendata.logic.publishing.transaction import or_refused
from ckanext.citizendata.logic.reading import readable_text
from ckanext.citizendata.logic.values.storable import storable
from ckanext.citizendata.logic.wording import reader_wording
from ckanext.citizendata.model import lease
from ckanext.citizendata.model import record as records

__all__ = ["Look", "looked_at"]


@contextmanager
def looked_at(
    member: Member, progress: Progress, now: datetime | None = None, wording: Wording | None = None
) -> Iterator[Look]:
    """The plan of a harvest of the member as its feed and the ledger are now; it can be read while the block lasts.

    It takes no lease: it writes nothing, and a person may look for so long that harvests which are due would be kept
    out. But beside a run it would compare with records that change under it, so that it raises `HarvestRefused` then.
    Raises `SourceUnreachable` and `SourceMalformed` for a feed that can't be read.
    """
    watched = _beside_no_run(member, progress)
    with preparer(partial) as reading, reading.prepared(member, now or datetime.now(timezone.utc), watched) as prepared:
        plan = planned(prepared)
        _refuse_beside_run(member)
        yield Look(prepared, plan, wording or reader_wording())


@dataclass(frozen=True)
class Look:
    """A plan that is read record by record, each read from the spool when it is asked for."""

    prepared: Prepared
    plan: Plan
    wording: Wording

    def head(self) -> dict[str, Any]:
        """All of the plan but its records."""
        notes = [storable(asdict(each)) for each in self.plan.notes]
        member_id = self.prepared.member.id
        return {"member": member_id, "hash": self.plan.hash, "counts": dict(self.plan.counts), "notes": notes}

    def items(self, after: int, limit: int | None) -> Iterator[dict[str, Any]]:
        """The records with numbers above `after`, so many at most: tombstones first, then as the run goes."""
        end = None if limit is None else after + limit
        return self._shown(islice(enumerate(told(self.prepared), 1), after, end))

    def items_of(self, outcome: str, limit: int | None) -> Iterator[dict[str, Any]]:
        """The records with one outcome, so many at most."""
        numbered = enumerate(told(self.prepared), 1)
        return self._shown(islice((pair for pair in numbered if pair[1].item.outcome == outcome), limit))

    def _shown(self, numbered: Iterable[tuple[int, Decision]]) -> Iterator[dict[str, Any]]:
        return (storable({"number": number, **self._item(decision)}) for number, decision in numbered)

    def _item(self, decision: Decision) -> dict[str, Any]:
        item = decision.item
        shown = {name: getattr(item, name) for name in ("iri", "outcome", "code", "reason", "problems")}
        read = self._read(decision.received) if decision.action == "publish" and decision.received else None
        if isinstance(read, Projected):
            shown |= {
                "problems": [*item.problems, *read.problems],
                "title": _title(read, self.wording.language),
                "changes": self._changes(item.iri, read) if item.outcome == "changed" else [],
            }
        else:
            shown |= {"title": self._title_here(item.iri), "changes": []}
            shown |= {"reason": f"{read}"} if read else {}
        return {**shown, "problems": [asdict(each) for each in shown["problems"]]}

    def _read(self, received: Received) -> Projected | RecordRefused:
        return or_refused(received.iri, lambda: projected(self.prepared.member, received))

    def _changes(self, iri: str, read: Projected) -> Sequence[dict[str, Any]]:
        """What is different from what is stored, field by field; none where only the rest of its statements is."""
        row = records.of_authority_and_iri(self._authority, storable(iri))
        stored = self._read(Received(row.iri, row.fragment, row.fingerprint, Listing())) if row else None
        before = stored.values if isinstance(stored, Projected) else None
        found = differences(site_model.model().public, before, read.values, self.wording)
        return [asdict(each) for each in found]

    def _title_here(self, iri: str) -> str | None:
        """The title on the page that a record has here, whoever may see that."""
        row = records.of_authority_and_iri(self._authority, storable(iri))
        package = model.package_table.c
        query = sa.select(package.title).where(package.id == (row and row.package_id))
        return model.Session.execute(query).scalar()

    @property
    def _authority(self) -> str:
        return MEMBER + self.prepared.member.id


def _title(read: Projected, language: str) -> str | None:
    title = readable_text(read.values.package.get("title_translated"), language)
    return title and title.text


def _beside_no_run(member: Member, progress: Progress) -> Progress:
    """The same progress, looking each time whether a harvest has begun."""
    _refuse_beside_run(member)

    def tell(doing: str, done: int, total: int | None) -> None:
        _refuse_beside_run(member)
        progress(doing, done, total)

    return tell


def _refuse_beside_run(member: Member) -> None:
    with model.ensure_engine().begin() as connection:
        other = lease.in_force(connection, member.id)
    if other and not other.is_over:
        reason = (
            f"{member.id} is being harvested, and a plan would be out of date at once; wait until that run has ended"
        )
        raise HarvestRefused(reason)
