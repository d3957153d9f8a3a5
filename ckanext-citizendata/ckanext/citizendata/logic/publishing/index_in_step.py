"""CKAN writes the index before it commits; where the commit fails, the index must not stay the more public one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress

from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.citizendata.core.record import member_of
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.logic import rendered
from ckanext.citizendata.logic.finding.reindexing import reindexed
from ckanext.citizendata.logic.marks import publishing
from ckanext.citizendata.model import record as records
from ckanext.citizendata.model import unindexed

__all__ = ["index_in_step", "record_in_step"]


@contextmanager
def index_in_step(package_ids: Iterable[str] = ()) -> Iterator[None]:
    """Indexes as the database has them what is written inside, and these packages, when the database refuses it."""
    try:
        yield
    except SQLAlchemyError:
        written = {*package_ids, *rendered.noted()}
        model.Session.rollback()
        model.Session.expire_all()
        _index(written)
        raise


@contextmanager
def record_in_step(package_id: str) -> Iterator[str | None]:
    """Opens one record to this site's own decisions, with the index in step; the member that it comes from, if any."""
    authority = records.authority_of(package_id)
    member_id = member_of(authority) if authority else None
    with index_in_step([package_id]), publishing(member_id) if member_id else nullcontext():
        yield member_id


def _index(package_ids: Collection[str]) -> None:
    """Index these as the database has them; where the search engine is lost, they wait."""
    unindexed.note(package_ids)
    model.Session.commit()
    with suppress(RegistryUnavailable):
        for package_id in package_ids:
            reindexed(package_id)
