"""A batch of records read by the schema, the part of publishing that needs no table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from ckanext.citizendata.federation.beside import Begin
from ckanext.citizendata.federation.ports import Member, Publication, RecordRefused
from ckanext.citizendata.logic.publishing.harvested import Projected, projected
from ckanext.citizendata.logic.publishing.publisher import refuse_nul
from ckanext.citizendata.logic.publishing.transaction import or_refused

__all__ = ["begin_reading"]

# Where a text may hold a NUL; the pattern that knows takes its time.
NUL = "\\u0000"

Read = Projected | RecordRefused


def begin_reading(begin: Begin, member: Member, batch: Sequence[Publication]) -> Callable[[], Sequence[Read]]:
    """What each record says by the schema, in their order, or why nothing of it can be kept."""
    reading = begin(_tried, member, batch)
    return lambda: [
        or_refused(each.received.iri, lambda each=each: _read(member, each)) if found is None else found
        for each, found in zip(batch, reading(), strict=True)
    ]


def _tried(member: Member, batch: Sequence[Publication]) -> list[Read | None]:
    """None for what has a fault, which is read again where that is told."""
    return [_or_none(member, each) for each in batch]


def _or_none(member: Member, publication: Publication) -> Read | None:
    with suppress(Exception):
        return _read(member, publication)
    return None


def _read(member: Member, publication: Publication) -> Projected:
    if NUL in publication.received.fragment:
        refuse_nul(publication.received)
    return projected(member, publication.received)
