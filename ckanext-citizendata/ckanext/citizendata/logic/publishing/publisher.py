"""Publishes records through CKAN's actions, one commit a record: slow, and right on every CKAN."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.lib.search.common import SolrConnectionError
from ckan.logic import index_update_package
from rq.timeouts import JobTimeoutException
from sqlalchemy.exc import DBAPIError

from ckanext.citizendata.core.custody import written
from ckanext.citizendata.core.identity import derived_id
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.record import ABSENT, CLOSED, MEMBER, NO_LONGER_PUBLIC, WITHDRAWN
from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.ports import Answer, Entry, Member, Publication, RecordRefused
from ckanext.citizendata.logic import records as recording
from ckanext.citizendata.logic.finding.ghosts import sweep_index
from ckanext.citizendata.logic.finding.reconcile import drain
from ckanext.citizendata.logic.marks import Incoming, publishing
from ckanext.citizendata.logic.one_refused import one_refused
from ckanext.citizendata.logic.publishing.given import GIVEN_MEANWHILE, given_away
from ckanext.citizendata.logic.publishing.harvested import Harvested, harvested_package
from ckanext.citizendata.logic.publishing.ledger import row_of_entry
from ckanext.citizendata.logic.publishing.matching import likeness_row
from ckanext.citizendata.logic.publishing.owners import organizations_of
from ckanext.citizendata.model import custody, ledger
from ckanext.citizendata.model import likeness as likenesses
from ckanext.citizendata.model import record as records

__all__ = ["ActionPublisher", "refuse_nul"]

log = logging.getLogger(__name__)

# The NUL of a literal in canonical N-Triples: an escape behind an even number of backslashes.
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

# What an interrupted run left to be indexed; the background rounds take the rest.
MOST_DRAINED = 10_000

SEARCH_FAILS = (search.SearchError, search.SearchIndexError, SolrConnectionError)


class ActionPublisher:
    """`federation.ports.Publisher` on `package_create`, `package_update` and `package_delete`.

    `instead` says why records aren't published in batches, where they could be.
    """

    def __init__(self, instead: str = "") -> None:
        self._instead = instead

    def begin(self, member: Member, batch: Sequence[Publication]) -> Callable[[], Sequence[Answer]]:
        return lambda: [self._answer(member, each) for each in batch]

    def _answer(self, member: Member, publication: Publication) -> Answer:
        try:
            return self._published(member, publication.received, publication.after)
        except RecordRefused as refusal:
            return refusal

    def _published(self, member: Member, received: Received, after: Entry) -> tuple[Problem, ...]:
        with _one_record(received.iri):
            refuse_nul(received)
            row = records.of_authority_and_iri(MEMBER + member.id, received.iri)
            package = model.Package.get(row.package_id) if row else None
            package_id = row.package_id if row else _new_id(member, after)
            harvested = harvested_package(member, received, package)
            entry = replace(after, package_id=package_id)
            _refuse_decided(member, entry)
            with publishing(member.id, _incoming(received, harvested)):
                like = likeness_row(member, package_id, received.iri, received.fragment, harvested.values)
                likenesses.note(model.Session.connection(), [like])
                chain = {package_id: written(received.listing.custody)}
                custody.note(model.Session.connection(), chain, [package_id])
                if package is None:
                    ledger.write(row_of_entry(member.id, entry))
                    _create(harvested, package_id)
                else:
                    _update(harvested, package, row_of_entry(member.id, entry))
        return harvested.problems

    def remove(self, member: Member, kind: str, after: Entry) -> None:
        with _one_record(after.iri), publishing(member.id):
            _refuse_decided(member, after)
            ledger.write(row_of_entry(member.id, after))
            package = model.Package.get(after.package_id)
            if package is not None and kind in (WITHDRAWN, NO_LONGER_PUBLIC):
                recording.hide(package, WITHDRAWN if kind == WITHDRAWN else CLOSED)
                # The index hides it before the commit: an anonymous reader never finds what the database calls hidden.
                index_update_package(_context(), package.id)
            elif package is not None:
                if kind == ABSENT:
                    recording.hide(package, ABSENT)
                tk.get_action("package_delete")(_context(), {"id": package.id})
            model.Session.commit()

    def settle(self) -> Sequence[Problem]:
        """Nothing to wait for: the index has each record before its commit."""
        message = f"Records were published one by one, which is slow: {self._instead}"
        return [Problem("", "one_by_one", message, "warning")] if self._instead else []

    def sweep(self, member: Member) -> None:
        drain(MOST_DRAINED)
        try:
            for organization_id in organizations_of(member):
                sweep_index(organization_id)
        except SEARCH_FAILS as error:
            raise RegistryUnavailable("the search engine of this registry doesn't answer") from error


def refuse_nul(received: Received) -> None:
    """Raises `RecordRefused` where a text can't be kept by PostgreSQL."""
    if NUL.search(received.fragment):
        raise RecordRefused("One of its texts holds a NUL character, which can't be kept; its source must take it out")


def _new_id(member: Member, after: Entry) -> str:
    """The derived id; a random one where somebody here took that for a dataset of theirs.

    Raises `RecordRefused` where the address came to another member since the run began.
    """
    if given_away(member, [after]):
        raise RecordRefused(GIVEN_MEANWHILE)
    package_id = derived_id(member.id, after.iri)
    is_taken = model.Package.get(package_id) is not None or records.by_package(package_id) is not None
    return str(uuid.uuid4()) if is_taken else package_id


def _incoming(received: Received, harvested: Harvested) -> Incoming:
    return Incoming(
        iri=received.iri,
        fragment=received.fragment,
        fingerprint=received.fingerprint,
        mapping_version=harvested.mapping_version,
        audience=next(iter(received.listing.audiences), None),
    )


def _create(harvested: Harvested, package_id: str) -> None:
    tk.get_action("package_create")(_context(), {**harvested.package, "id": package_id})


def _refuse_decided(member: Member, entry: Entry) -> None:
    """Raises `RecordRefused` for what a person withdrew, or gave to another member, since the run read the ledger.

    Holds the record before the ledger, as a withdrawal does: the two wait for each other, and never in a circle.
    """
    row = records.locked(entry.package_id or "")
    if row is not None and row.authority != MEMBER + member.id:
        raise RecordRefused(GIVEN_MEANWHILE)
    now = ledger.locked(member.id, entry.iri)
    if now is not None and now.state == WITHDRAWN:
        raise RecordRefused("It was withdrawn while this harvest was under way, and stays so until a person agrees")


def _update(harvested: Harvested, package: model.Package, entry: dict[str, Any]) -> None:
    """The record first: CKAN calls no hook for a package that stays the same, though statements around it changed."""
    package.metadata_modified = datetime.now(timezone.utc).replace(tzinfo=None)
    recording.render(package, model.State.ACTIVE)
    ledger.write(entry)
    _forget_former_owner(package.id, harvested.package["owner_org"])
    tk.get_action("package_update")(_context(), {**harvested.package, "id": package.id})
    model.Session.commit()


def _forget_former_owner(package_id: str, organization_id: str | None) -> None:
    """CKAN leaves a package without a member row that comes back to an organisation which it left before."""
    member = model.member_table.c
    former = member.table_id == package_id, member.group_id == organization_id, member.state == model.State.DELETED
    model.Session.execute(sa.delete(model.member_table).where(*former))


def _context() -> Any:
    """Acts as the site itself; `citizendata_projection` tells the validators that a feed can't be asked for more."""
    user = tk.get_action("get_site_user")(tk.fresh_context({"ignore_auth": True}), {})["name"]
    return tk.fresh_context({"user": user, "ignore_auth": True}, citizendata_projection=True, return_id_only=True)


@contextmanager
def _one_record(iri: str) -> Iterator[None]:
    """Turns whatever is wrong with one record into `RecordRefused`, with nothing of it written.

    A lost database or search engine is no fault of the record: these errors end the run.
    """
    try:
        with one_refused(iri):
            yield
    except (JobTimeoutException, DBAPIError, RegistryUnavailable):
        raise
    except RecordRefused:
        model.Session.rollback()
        raise
    except tk.ValidationError as error:
        model.Session.rollback()
        raise RecordRefused(_words(error)) from error
    except Exception as error:  # noqa: BLE001 - the one catch a record: none may cost the others
        model.Session.rollback()
        if isinstance(error, SEARCH_FAILS) and not search.is_available():
            raise RegistryUnavailable("the search engine of this registry doesn't answer") from error
        log.exception("The record %s can't be published", iri)
        reason = f"It can't be published because of a fault in this program ({type(error).__name__}): {error}"
        raise RecordRefused(reason) from error


def _words(error: tk.ValidationError) -> str:
    said = (f"{field}: {found}" for field, found in error.error_summary.items())
    return f"It can't be shown as it is: {'. '.join(said)}"
