"""How the reader of a page names its dataset in a work of her own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.citing import Citation, Words, sentence
from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.logic.feeds.signposts import page_address
from ckanext.citizendata.logic.reading import readable_text, reader_language, site_fallbacks
from ckanext.citizendata.logic.wording import _

__all__ = ["citation", "in_words", "names_of", "publishers_of"]

WEB = ("http://", "https://")


def citation(package: Mapping[str, Any]) -> Citation:
    """The dataset with its community beside those who made it: what stands elsewhere is lost in most works."""
    title = _text(package.get("title_translated"))
    return Citation(
        key=str(package["name"]),
        title=title.text if title else str(package["name"]),
        authors=tuple(dict.fromkeys((*_makers(package), *names_of(package, "community")))),
        publisher=next(iter(publishers_of(package)), ""),
        # Not the day of the description: a registry's own dates would pass for those of the data.
        date=str(package.get("issued") or package.get("modified") or ""),
        version=str(package.get("version") or ""),
        credit=credit.text if (credit := _text(package.get("attribution_statement"))) else "",
        address=_address(package),
        language=title.language if title else "",
        catalogue=str(tk.config.get("ckan.site_title") or ""),
    )


def in_words(package: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of the citation as a sentence in the reader's language."""
    words = Words(dataset=_("Dataset"), no_date=_("no date"), version=_("version {version}"))
    return sentence(citation(package), words)


def names_of(package: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """The names in the rows of a field."""
    return tuple(_names(package.get(field)))


def _names(rows: Any) -> Iterator[str]:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and isinstance(row.get("name"), str) and row["name"].strip():
            yield row["name"].strip()


def _makers(package: Mapping[str, Any]) -> tuple[str, ...]:
    """Who made the data; where nobody is named, who published them."""
    return names_of(package, "creator") or publishers_of(package)


def publishers_of(package: Mapping[str, Any]) -> tuple[str, ...]:
    """Who published the data: by the record, else the organisation that answers for it."""
    organization = package.get("organization") or {}
    own = organization.get("title") or organization.get("name")
    return names_of(package, "publisher") or ((str(own),) if own else ())


def _text(value: Any) -> Any:
    return readable_text(value, reader_language(), site_fallbacks())


def _address(package: Mapping[str, Any]) -> str:
    """The permanent address where a browser opens it, else that of this page."""
    iri = str(package.get("uri") or "")
    return iri if iri.lower().startswith(WEB) and is_address(iri) else page_address(package["id"])
