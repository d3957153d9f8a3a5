"""The pages of one range of records, rendered from the tables, with what waits as an old page has it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from ckanext.citizendata.core.manifest import ManifestPage
from ckanext.citizendata.feeds import ranges
from ckanext.citizendata.feeds.entry import Dataset, Hidden
from ckanext.citizendata.feeds.kept_faces import listed
from ckanext.citizendata.feeds.pace import Pace
from ckanext.citizendata.feeds.ranges import Range
from ckanext.citizendata.feeds.snapshot_page import RecordText, Unsayable, record_text, texts_on
from ckanext.citizendata.feeds.store import Store
from ckanext.citizendata.logic.feeds.entries import entry_for, record_iri
from ckanext.citizendata.model import cutting
from ckanext.citizendata.model.cutting import Scope

__all__ = ["PageMaker"]

log = logging.getLogger(__name__)

# A page is rendered, then a third of that time nothing; a handful of edits is rendered at once.
REST, AT_ONCE = 1 / 3, 10


class PageMaker:
    """Renders the pages of one feed in the transaction of one cut."""

    def __init__(self, connection: sa.Connection, store: Store, scope: Scope) -> None:
        self._connection, self._store, self._scope = connection, store, scope
        self._pace = Pace(REST, AT_ONCE)
        self._old_texts = cache(self._read)

    def pages(self, here: Range, old: str | None) -> Iterator[ManifestPage]:
        """The pages of a range, of which the page of hash `old` told till now."""
        number = cutting.count(self._connection, self._scope, here.start, here.stop)
        rows = cutting.rows(self._connection, self._scope, here.start, here.stop)
        places = ((row.package_id, self._text(row, old)) for row in rows)
        for page in ranges.cut(here.start, places, number, self._put):
            yield page
            self._pace.rest()
        self._old_texts.cache_clear()

    def _put(self, content: bytes) -> str:
        name = self._store.put_page(content)
        # Else the first reader of a snapshot waits till all of its pages are counted.
        listed(self._store, name)
        return name

    def _text(self, row: sa.Row[Any], old: str | None) -> RecordText | None:
        entry = entry_for(row, self._scope.audiences)
        if isinstance(entry, Hidden):
            return None
        if row.is_kept and isinstance(entry, Dataset):
            return self._old_texts(old).get(record_iri(row)) if old else None
        try:
            return record_text(entry)
        except Unsayable as error:
            # One such record costs its page nothing.
            log.warning("Left out of the feed %s: %s", self._scope.feed, error)
            return None

    def _read(self, name: str) -> Mapping[str, RecordText]:
        path = self._store.page(name) or self._store.taken(name)
        return texts_on(path.read_bytes()) if path else {}
