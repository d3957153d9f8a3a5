"""Publishes harvested records a batch at a time: one transaction by plain rows, then the search index.

Leaves what `package_create` and `package_update` leave, which `tests/ckan/test_batch_parity.py` compares; what of them
isn't run stands in `docs/reference/batches.md`. Where `fits.misfit` finds a reason, actions are used instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import sqlalchemy as sa
from ckan import model
from ckan.logic import index_update_package

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.beside import Begin
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.ports import Answer, Entry, Member, Publication, RecordRefused
from ckanext.citizendata.logic.contexts import the_site
from ckanext.citizendata.logic.publishing.documents import Document
from ckanext.citizendata.logic.publishing.harvested import Projected
from ckanext.citizendata.logic.publishing.projections import begin_reading
from ckanext.citizendata.logic.publishing.publisher import SEARCH_FAILS, ActionPublisher
from ckanext.citizendata.logic.publishing.transaction import Ready, written_batch
from ckanext.citizendata.model import unindexed
from ckanext.citizendata.model.record import Record

__all__ = ["BatchPublisher", "Index"]


class Index(Protocol):
    """Where documents go; `publishing.index.IndexWriter` is the real one. All raise `RegistryUnavailable`."""

    def show(self, documents: Sequence[Document]) -> None:
        """Called after the commit; returns at once."""
        ...

    def hide(self, documents: Sequence[Document]) -> None:
        """Called before the commit; returns when Solr has committed."""
        ...

    def settle(self) -> Sequence[str]:
        """The ids of the datasets whose documents were refused, once all is in the index."""
        ...


class BatchPublisher:
    """`federation.ports.Publisher` by plain rows; what is taken away goes through actions, one by one."""

    def __init__(self, index: Index, begin: Begin) -> None:
        self._index, self._begin = index, begin
        self._actions = ActionPublisher()
        self._unsearchable: list[str] = []
        self._is_settled = True

    def begin(self, member: Member, batch: Sequence[Publication]) -> Callable[[], Sequence[Answer]]:
        reading = begin_reading(self._begin, member, batch)

        def publish() -> Sequence[Answer]:
            read = reading()
            ready = [(each, found) for each, found in zip(batch, read, strict=True) if isinstance(found, Projected)]
            refused = self._published(member, ready) if ready else {}
            return [
                found if isinstance(found, RecordRefused) else refused.get(each.received.iri, found.problems)
                for each, found in zip(batch, read, strict=True)
            ]

        return publish

    def remove(self, member: Member, kind: str, after: Entry) -> None:
        # A document that still waits to be sent would bring back what is taken away now.
        self._settle()
        self._actions.remove(member, kind, after)

    def settle(self) -> Sequence[Problem]:
        self._settle()
        refused, self._unsearchable = self._unsearchable, []
        query = sa.select(Record.iri).where(Record.package_id.in_(refused)).order_by(Record.iri)
        return [_unsearchable_problem(iri) for iri in model.Session.execute(query).scalars()] if refused else []

    def sweep(self, member: Member) -> None:
        self._settle()
        self._actions.sweep(member)

    def _settle(self) -> None:
        if not self._is_settled:
            self._unsearchable += self._index.settle()
            self._is_settled = True

    def _published(self, member: Member, ready: Sequence[Ready]) -> Mapping[str, RecordRefused]:
        """Brings these records before readers; those that were refused, by IRI."""
        lowered: list[str] = []
        with _transaction(lowered) as connection:
            written = written_batch(connection, member, ready)
            lowered += [each["id"] for each in written.lowered]
            if written.lowered:
                self._index.hide(written.lowered)
            # Before the commit too: an anonymous reader never finds what the database calls hidden.
            _index_by_ckan(written.unlike_lowered)
        if written.others:
            self._is_settled = False
            self._index.show(written.others)
        _index_by_ckan(written.unlike)
        return written.refused


def _index_by_ckan(package_ids: Iterable[str]) -> None:
    """Has CKAN itself index packages that have what no feed gives, such as groups."""
    try:
        for package_id in package_ids:
            index_update_package(the_site(), package_id)
    except SEARCH_FAILS as error:
        raise RegistryUnavailable("the search engine of this registry doesn't answer") from error


@contextmanager
def _transaction(lowered: Sequence[str]) -> Iterator[sa.Connection]:
    """The connection of the session, committed at the end; nothing is written where anything is raised.

    The packages of `lowered` are hidden in the index by then, and are noted as newer than their documents.
    """
    try:
        yield model.Session.connection()
        model.Session.commit()
    except BaseException:
        model.Session.rollback()
        unindexed.note(lowered)
        model.Session.commit()
        raise
    finally:
        # The session keeps objects over a commit, and these rows went past them.
        model.Session.expire_all()


def _unsearchable_problem(iri: str) -> Problem:
    message = "Search can't take all its words; it is found by its title alone"
    return Problem(iri, "not_searchable", message, "warning")
