"""CKAN writes the index before it commits; where the commit fails, the index must not stay the more public one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search
from ckan.logic import index_update_package
from sqlalchemy.exc import SQLAlchemyError

from ckanext.citizendata.core.record import member_of
from ckanext.citizendata.logic import rendered
from ckanext.citizendata.logic.publishing import publishing
from ckanext.citizendata.model import record as records

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
        for package_id in written:
            _index(package_id)
        raise


@contextmanager
def record_in_step(package_id: str) -> Iterator[str | None]:
    """Opens one record to this site's own decisions, with the index in step; the member that it comes from, if any."""
    authority = records.authority_of(package_id)
    member_id = member_of(authority) if authority else None
    with index_in_step([package_id]), publishing(member_id) if member_id else nullcontext():
        yield member_id


def _index(package_id: str) -> None:
    if model.Session.get(model.Package, package_id) is None:
        search.clear(package_id)
    else:
        index_update_package(tk.fresh_context({"user": "", "ignore_auth": True}), package_id)
