"""The change feed as a reader gets it: one page of what happened, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

__all__ = ["ChangeEntry", "ChangePage", "change_page_rendered"]


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """What happened to one address; all but number and address are None for what isn't for everyone any more.

    :param record: IRI of this site's `dcat:CatalogRecord`.
    :param dataset: where its RDF is, None where everyone can't read it now.
    """

    sequence: int
    at: str | None
    operation: str | None
    iri: str
    record: str | None
    dataset: str | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The entries behind place `since`, up to place `until`; `next` is the address of what comes after, if any."""

    catalogue: str
    epoch: int
    since: int
    until: int
    next: str | None
    changes: tuple[ChangeEntry, ...]


def change_page_rendered(page: ChangePage) -> bytes:
    """The page as JSON; the same page gives the same bytes."""
    return json.dumps(asdict(page), ensure_ascii=False).encode()
