"""What one batch writes in one transaction; a record that can't be written costs the others nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TypeVar
from uuid import uuid4

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from rq.timeouts import JobTimeoutException
from sqlalchemy.exc import DBAPIError

from ckanext.citizendata.core.custody import written
from ckanext.citizendata.core.identity import derived_id
from ckanext.citizendata.federation.ports import WITHDRAWN, Member, Publication, RecordRefused
from ckanext.citizendata.logic.one_refused import is_lost
from ckanext.citizendata.logic.publishing.documents import Document, Documents, Labels, labels_of
from ckanext.citizendata.logic.publishing.drafts import Drafter, this_site
from ckanext.citizendata.logic.publishing.given import GIVEN_MEANWHILE, given_away
from ckanext.citizendata.logic.publishing.harvested import Projected
from ckanext.citizendata.logic.publishing.matching import likeness_row
from ckanext.citizendata.logic.publishing.owners import owners
from ckanext.citizendata.logic.publishing.rows import Before, Draft, beside, held, taken, write
from ckanext.citizendata.model import custody, unindexed
from ckanext.citizendata.model import likeness as likenesses
from ckanext.citizendata.model import member as members

__all__ = ["Ready", "Written", "or_refused", "written_batch"]

log = logging.getLogger(__name__)

Ready = tuple[Publication, Projected]
Made = TypeVar("Made")

WITHDRAWN_MEANWHILE = "It was withdrawn while this harvest was under way, and stays so until a person agrees"


@dataclass
class Written:
    """What a batch wrote: documents to be hidden before the commit, others to be shown after it, and refusals by IRI.

    `unlike` and `unlike_lowered` are packages that CKAN itself must index, after the commit and before it.
    """

    lowered: list[Document] = field(default_factory=list)
    others: list[Document] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    unlike_lowered: list[str] = field(default_factory=list)
    refused: dict[str, RecordRefused] = field(default_factory=dict)


def or_refused(iri: str, make: Callable[[], Made]) -> Made | RecordRefused:
    """What is made of one record, or why it can't be: none may cost the others.

    A lost database is no fault of the record, nor is the end of the time for this run.
    """
    try:
        return make()
    except RecordRefused as refusal:
        return refusal
    except JobTimeoutException:
        raise
    except DBAPIError as error:
        if is_lost(error):
            raise
        log.exception("The database refuses the record %s", iri)
        return RecordRefused(f"The database of this registry can't keep it: {str(error.orig).splitlines()[0]}")
    except Exception as error:  # noqa: BLE001 - the one catch a record
        log.exception("The record %s can't be published", iri)
        reason = f"It can't be published because of a fault in this program ({type(error).__name__}): {error}"
        return RecordRefused(reason)


def written_batch(connection: sa.Connection, member: Member, ready: Sequence[Ready]) -> Written:
    """Writes the records, each with a ledger entry; doesn't commit. Raises `DBAPIError` where the database is lost."""
    iris = [publication.received.iri for publication, _ in ready]
    before = held(connection, member, iris, WITHDRAWN)
    batch = _Batch(connection, member, before, datetime.now(timezone.utc))
    drafts = batch.drafts(ready)
    # Of those that are here: whoever can't read one any more must not find it either.
    readers = labels_of(connection, [*before.packages]) if before.packages else {}
    batch.write(drafts)
    batch.sort(readers, beside(connection, [*before.packages]))
    unindexed.note([each["id"] for each in batch.written.others])
    return batch.written


class _Batch:
    """One batch while it is written."""

    def __init__(self, connection: sa.Connection, member: Member, before: Before, now: datetime) -> None:
        self._connection, self._member, self._before, self._now = connection, member, before, now
        self._documents = Documents()
        self._made: list[Document] = []
        self._given: frozenset[str] = frozenset()
        self.written = Written()

    def drafts(self, ready: Sequence[Ready]) -> list[Draft]:
        """The records as they will stand here, in the order of their packages."""
        ids = self._ids([publication.received.iri for publication, _ in ready])
        fresh = (publication.after for publication, _ in ready if publication.after.iri not in self._before.records)
        # Only now: who gives addresses away holds the records that this transaction holds.
        self._given = given_away(self._member, fresh)
        row = members.by_id(self._member.id)
        limit = row.audience if row else None
        whose = owners(self._member)
        drafter = Drafter(this_site(_site_user()), self._member, limit, whose, self._before, self._now)
        found: list[Draft] = []
        for publication, read in ready:
            iri = publication.received.iri
            draft = or_refused(iri, lambda p=publication, r=read: self._draft(drafter, p, r, ids[p.received.iri]))
            if isinstance(draft, RecordRefused):
                self.written.refused[iri] = draft
            else:
                found.append(draft)
        return sorted(found, key=lambda draft: draft.id)

    def _draft(self, drafter: Drafter, publication: Publication, read: Projected, package_id: str) -> Draft:
        if publication.received.iri in self._before.withdrawn:
            raise RecordRefused(WITHDRAWN_MEANWHILE)
        if publication.received.iri in self._given:
            raise RecordRefused(GIVEN_MEANWHILE)
        return drafter.draft(publication, read, package_id)

    def _ids(self, iris: Sequence[str]) -> Mapping[str, str]:
        """The package of each IRI: that of its record, else the derived one, else one that nobody has taken."""
        known = {iri: row.package_id for iri, row in self._before.records.items()}
        derived = {iri: derived_id(self._member.id, iri) for iri in iris if iri not in known}
        others = taken(self._connection, [*derived.values()])
        return known | {iri: str(uuid4()) if id_ in others else id_ for iri, id_ in derived.items()}

    def write(self, drafts: Sequence[Draft]) -> None:
        """Writes these records; where that fails, each half on its own, down to the one that can't be written."""
        if not drafts:
            return
        made = or_refused(drafts[0].iri, lambda: self._attempt(drafts)) if len(drafts) == 1 else self._try(drafts)
        if isinstance(made, RecordRefused):
            self.written.refused[drafts[0].iri] = made
        elif made is None:
            half = len(drafts) // 2
            self.write(drafts[:half])
            self.write(drafts[half:])
        else:
            self._made += made

    def _try(self, drafts: Sequence[Draft]) -> list[Document] | None:
        """The documents of these records, None where one of them can't be written."""
        try:
            return self._attempt(drafts)
        except JobTimeoutException:
            raise
        except Exception as error:  # noqa: BLE001 - one of them is at fault, and found by halves
            if isinstance(error, DBAPIError) and is_lost(error):
                raise
            log.info("A batch of %s is written by halves: %s", len(drafts), type(error).__name__)
            return None

    def _attempt(self, drafts: Sequence[Draft]) -> list[Document]:
        with self._connection.begin_nested():
            write(self._connection, self._member, drafts, self._before, self._now)
            alike = [
                likeness_row(self._member, each.id, each.iri, each.fragment, each.package.values) for each in drafts
            ]
            likenesses.note(self._connection, alike)
            chains = {each.id: written(each.custody) for each in drafts}
            custody.note(self._connection, chains, self._before.packages)
            labels = labels_of(self._connection, [each.id for each in drafts])
            return [self._documents.of(each, labels[each.id]) for each in drafts]

    def sort(self, readers: Labels, unlike: frozenset[str]) -> None:
        """Puts each document where it belongs; `readers` are the labels before."""
        for document in self._made:
            package_id = document["id"]
            is_lowered = bool(set(readers.get(package_id, ())) - set(document["permission_labels"]))
            if package_id in unlike:
                (self.written.unlike_lowered if is_lowered else self.written.unlike).append(package_id)
            else:
                (self.written.lowered if is_lowered else self.written.others).append(document)


def _site_user() -> str:
    """The id of the user in whose name the site acts."""
    name = tk.get_action("get_site_user")(tk.fresh_context({"ignore_auth": True}), {})["name"]
    return model.User.get(name).id  # type: ignore[union-attr]
