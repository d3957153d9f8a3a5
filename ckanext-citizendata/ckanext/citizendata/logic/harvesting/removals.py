"""Removals that wait for a person, because too many records were missing from a member's feed at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.federation.absence import Patience, refused, removal
from ckanext.citizendata.federation.errors import HarvestRefused, RegistryUnavailable
from ckanext.citizendata.federation.ports import HIDDEN, WAITS, WITHDRAWN, Entry, Member, RecordRefused
from ckanext.citizendata.logic.harvesting.harvest import apart
from ckanext.citizendata.logic.publishing.ledger import SqlLedger, SqlRuns, entry_of_row
from ckanext.citizendata.logic.publishing.publisher import ActionPublisher
from ckanext.citizendata.model import ledger

__all__ = ["approved", "kept", "waiting"]


def waiting(member_id: str) -> list[dict[str, Any]]:
    """What a person is asked about, one dictionary a record, those that are missing longest first."""
    return [_shown(row) for row in ledger.waiting(member_id, WAITS, WITHDRAWN)]


def approved(member: Member, iris: Collection[str] | None) -> dict[str, Any]:
    """The addresses of the records that were removed, and why others couldn't be.

    Raises `ValidationError` for an address that doesn't wait, while the member is being harvested, and where the search
    engine doesn't answer; what is removed by then stays removed, the rest waits.
    """
    publisher = ActionPublisher()
    removed: list[str] = []
    failed: list[dict[str, str]] = []
    with _decided(member, iris) as entries:
        for entry in entries:
            decision = removal(entry, Patience(member, apart()))
            try:
                publisher.remove(member, decision.kind, decision.after or entry)
                removed.append(entry.iri)
            except RecordRefused as error:
                failed.append({"iri": entry.iri, "reason": str(error)})
    return {"removed": removed, "failed": failed}


def kept(member: Member, iris: Collection[str] | None) -> dict[str, Any]:
    """The addresses of the records whose removal was refused, and of those among them that stay hidden.

    Raises `ValidationError` for an address that doesn't wait, while the member is being harvested, and where a decision
    can't be written down; those before it stand.
    """
    with _decided(member, iris) as entries:
        for entry in entries:
            SqlLedger().note(member.id, refused(entry, Patience(member, apart())))
    return {"kept": [each.iri for each in entries], "hidden": [each.iri for each in entries if each.state == HIDDEN]}


@contextmanager
def _decided(member: Member, iris: Collection[str] | None) -> Iterator[list[Entry]]:
    """The entries that a person decides about now: those of these addresses, all that wait where None are named."""
    try:
        with SqlRuns().alone(member.id):
            found = [entry_of_row(row) for row in ledger.waiting(member.id, WAITS, WITHDRAWN)]
            chosen = {entry.iri for entry in found} if iris is None else set(iris)
            strangers = chosen - {entry.iri for entry in found}
            if strangers:
                message = f"No decision waits about {', '.join(sorted(strangers)[:3])}; look again at what waits"
                raise tk.ValidationError({"iris": [message]})
            yield [entry for entry in found if entry.iri in chosen]
            ledger.recount(member.id)
            model.Session.commit()
    except (HarvestRefused, RecordRefused, RegistryUnavailable) as error:
        message = f"{error}. What isn't decided yet still waits; say it again later"
        raise tk.ValidationError({"id": [message]}) from error


def _shown(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "iri": row.iri,
        "title": row.title,
        "missing_since": row.missing_since and row.missing_since.isoformat(),
        "hidden": row.state == HIDDEN,
        "reason": row.reason,
    }
