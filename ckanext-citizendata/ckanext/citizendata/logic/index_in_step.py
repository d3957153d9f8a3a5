"""CKAN writes the index before it commits; where the commit fails, the index must not stay the more public one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import index_update_package
from sqlalchemy.exc import SQLAlchemyError

__all__ = ["index_in_step"]


@contextmanager
def index_in_step(package_ids: Iterable[str]) -> Iterator[None]:
    """Indexes these packages anew, as the database has them, when the database refuses what is written inside."""
    try:
        yield
    except SQLAlchemyError:
        model.Session.rollback()
        model.Session.expire_all()
        for package_id in package_ids:
            index_update_package(tk.fresh_context({"user": "", "ignore_auth": True}), package_id)
        raise
