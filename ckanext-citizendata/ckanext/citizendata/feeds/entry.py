"""What the feeds show: entries of the catalogue, and the catalogue itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Agent", "CatalogueHead", "Dataset", "Entry", "Grave", "Hidden"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset for the readers of its audience: its fragment as N-Triples, and when this site listed and changed it.

    :param record: IRI of this site's `dcat:CatalogRecord`.
    :param custody: the sites that it came through, as `core.custody` writes them.
    """

    iri: str
    record: str
    fragment: str
    issued: datetime
    modified: datetime
    custody: tuple[str, ...] = ()
    audience: str = "everyone"


@dataclass(frozen=True, slots=True)
class Grave:
    """A dataset that was for everyone and is gone, with the class of its tombstone."""

    iri: str
    record: str
    kind: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class Hidden:
    """A place with nothing to show for the moment; it is kept so that the pages behind it don't move."""

    iri: str


Entry = Dataset | Grave | Hidden


@dataclass(frozen=True, slots=True)
class Agent:
    """Who answers for the catalogue."""

    iri: str
    name: str
    homepage: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogueHead:
    """What the catalogue says about itself; titles and descriptions by language tag, languages and licence as IRIs."""

    iri: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    publisher: Agent
    homepage: str
    languages: tuple[str, ...] = ()
    licence: str | None = None
    modified: datetime | None = None
