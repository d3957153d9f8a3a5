"""Rows of the record table as entries of the feeds; what isn't plainly for everyone becomes no entry."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from ckanext.citizendata import config
from ckanext.citizendata.core import audience as audiences
from ckanext.citizendata.core.custody import Hop, chain_of, written
from ckanext.citizendata.core.listing import TOMBSTONE_KINDS
from ckanext.citizendata.core.record import LIVE
from ckanext.citizendata.feeds.entry import Dataset, Entry, Grave, Hidden
from ckanext.citizendata.feeds.listing import moment

__all__ = ["dataset_from_row", "entry_from_row"]


def entry_from_row(row: sa.Row[Any]) -> Entry:
    """A dataset where everyone may read it now, a grave where everyone could, else a hidden place."""
    if row.waits or row.public_since is None:
        return Hidden(row.iri)
    if row.state == LIVE and audiences.is_open(row.audience):
        return dataset_from_row(row)
    if row.tombstone in TOMBSTONE_KINDS:
        return Grave(row.iri, _record_iri(row), row.tombstone, row.tombstoned or row.modified)
    return Hidden(row.iri)


def dataset_from_row(row: sa.Row[Any]) -> Dataset:
    """The record as a dataset, whoever may read it; listed since everyone could."""
    issued = row.public_since or row.issued
    changed = max(issued, row.modified)
    return Dataset(row.iri, _record_iri(row), row.fragment, issued, changed, tuple(written(_chain(row))))


def _chain(row: sa.Row[Any]) -> tuple[Hop, ...]:
    """The sites that a harvested record came through, this one last; none for a record of this site."""
    if row.feed is None:
        return ()
    at = moment(row.modified)
    # Its server alone: the address of a feed may hold what is for the registry to know.
    source = urlsplit(row.feed)
    before = chain_of(row.hops or ()) or (Hop(f"{source.scheme}://{source.netloc}/", at),)
    return (*before, Hop(config.base_iri(), at, row.fingerprint))


def _record_iri(row: sa.Row[Any]) -> str:
    return f"{config.base_iri()}/record/{row.package_id}"
