"""Rows of the record table as entries of the feeds; what isn't plainly for everyone becomes no entry."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from ckanext.citizendata import config
from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.custody import Hop, chain_of, written
from ckanext.citizendata.core.listing import TOMBSTONE_KINDS
from ckanext.citizendata.core.record import ABSENT, DELETED, LIVE, NO_LONGER_PUBLIC, WITHDRAWN
from ckanext.citizendata.feeds.entry import Dataset, Entry, Grave, Hidden
from ckanext.citizendata.feeds.listing import moment

__all__ = ["custody_chain", "dataset_from_row", "entry_for", "entry_from_row", "record_iri"]


def entry_from_row(row: sa.Row[Any]) -> Entry:
    """A dataset where everyone may read it now, a grave where everyone could, else a hidden place."""
    if row.waits or row.public_since is None:
        return Hidden(row.iri)
    return entry_for(row, (EVERYONE,))


def entry_for(row: sa.Row[Any], audiences: Collection[str]) -> Entry:
    """The same for the readers of these audiences, of a row that has a place in their feed."""
    if row.waits:
        return Hidden(row.iri)
    if row.state == LIVE and row.audience in audiences:
        return dataset_from_row(row)
    kind = row.tombstone if row.public_since else _kind_of(row)
    if kind in TOMBSTONE_KINDS:
        return Grave(row.iri, record_iri(row), kind, row.tombstoned or row.modified)
    return Hidden(row.iri)


def dataset_from_row(row: sa.Row[Any]) -> Dataset:
    """The record as a dataset, whoever may read it; listed since everyone could."""
    issued = row.public_since or row.issued
    return Dataset(
        iri=row.iri,
        record=record_iri(row),
        fragment=row.fragment,
        issued=issued,
        modified=max(issued, row.modified),
        custody=tuple(written(custody_chain(row))),
        audience=row.audience or EVERYONE,
    )


def _kind_of(row: sa.Row[Any]) -> str:
    """Of which class the tombstone is of what only some could read, and can't any more."""
    return row.state if row.state in (WITHDRAWN, DELETED, ABSENT) else NO_LONGER_PUBLIC


def custody_chain(row: sa.Row[Any]) -> tuple[Hop, ...]:
    """The sites that a harvested record came through, this one last; none for a record of this site."""
    if row.feed is None:
        return ()
    at = moment(row.modified)
    # Its server alone: the address of a feed may hold what is for the registry to know.
    source = urlsplit(row.feed)
    before = chain_of(row.hops or ()) or (Hop(f"{source.scheme}://{source.netloc}/", at),)
    return (*before, Hop(config.base_iri(), at, row.fingerprint))


def record_iri(row: sa.Row[Any]) -> str:
    """This site's catalogue record of a row, as an IRI."""
    return f"{config.base_iri()}/record/{row.package_id}"
