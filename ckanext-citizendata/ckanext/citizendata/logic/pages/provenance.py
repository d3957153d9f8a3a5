"""The way of a record from the community to this page: who began it, made it, published it, listed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.custody import Hop
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.feeds.entries import custody_chain
from ckanext.citizendata.logic.pages.citation import names_of, publishers_of
from ckanext.citizendata.logic.pages.standing import Standing
from ckanext.citizendata.logic.reading import date_text, reader_language
from ckanext.citizendata.logic.wording import _
from ckanext.citizendata.model import place

__all__ = ["Named", "Stop", "way_here"]

ROLES = "agent-role"


@dataclass(frozen=True)
class Named:
    """Somebody on the way, with her part in it or the address of her site."""

    name: str
    part: str = ""
    url: str = ""


@dataclass(frozen=True)
class Stop:
    """One stage of the way, and the day of it where that is known."""

    heading: str
    names: tuple[Named, ...]
    when: str = ""


def way_here(package: Mapping[str, Any], standing: Standing) -> tuple[Stop, ...]:
    """The stages in their order; those that nobody tells of are left out."""
    makers = (
        Stop(_("The community"), tuple(_communities(package.get("community")))),
        Stop(_("Started by"), _named(names_of(package, "initiator"))),
        Stop(_("Made by"), _named(names_of(package, "creator"))),
        Stop(_("Published by"), _named(publishers_of(package))),
    )
    sites = _sites(str(package["id"]), standing) if standing.origin else _listed(standing)
    return tuple(stop for stop in (*makers, *sites) if stop.names)


def _named(names: Sequence[str]) -> tuple[Named, ...]:
    return tuple(Named(name) for name in names)


def _communities(rows: Any) -> Iterator[Named]:
    roles = site_model.vocabulary(ROLES)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and row.get("name"):
            role = str(row.get("role") or "")
            yield Named(str(row["name"]), roles.label(role, reader_language()) if role else "")


def _listed(standing: Standing) -> Iterator[Stop]:
    """This site, for a record of its own that everyone may read."""
    if standing.public_since:
        yield Stop(_("Listed here"), (_here(),), _day(standing.public_since.isoformat()))


def _sites(package_id: str, standing: Standing) -> Iterator[Stop]:
    """The catalogues that had the record, this site last; the one before it goes by the name that it has here."""
    row = place.of_package(package_id)
    chain = custody_chain(row) if row is not None else ()
    for hop in chain[:-2]:
        yield Stop(_("Listed by"), (_site(hop, urlsplit(hop.site).netloc),), _day(hop.at))
    for hop in chain[-2:-1]:
        yield Stop(_("Listed by"), (_site(hop, standing.origin or urlsplit(hop.site).netloc),), _day(hop.at))
    for hop in chain[-1:]:
        yield Stop(_("Collected here"), (_here(),), _day(hop.at))


def _site(hop: Hop, name: str) -> Named:
    return Named(name, url=hop.site)


def _here() -> Named:
    return Named(str(tk.config.get("ckan.site_title") or tk.config["ckan.site_url"]))


def _day(moment: str) -> str:
    return date_text(moment[:10], reader_language())
