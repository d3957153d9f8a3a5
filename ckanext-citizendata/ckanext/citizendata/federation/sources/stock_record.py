"""A package of any CKAN as a record: its address, and all that it says in N-Triples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.core.identity import normalised
from ckanext.citizendata.core.mapping import Model, Subject, fragment_from_package
from ckanext.citizendata.core.terms import DCAT, DCT, RDF, SPDX, XSD
from ckanext.citizendata.core.tokens import (
    Line,
    Token,
    iri_token,
    is_blank,
    lines_of,
    token,
    token_of_subject,
    typed_token,
)
from ckanext.citizendata.federation.sources.stock_package import licence_of, package_from_stock
from ckanext.citizendata.federation.sources.stock_values import answers_of, code_of, rows_of, text_of, words_of

__all__ = ["OTHER_TYPES", "StockReader", "address_of", "is_listed"]

# What is no description of data, though CKAN keeps it in the same table.
OTHER_TYPES = ("harvest", "showcase")
NAME = re.compile(r"[\w-]{1,200}", re.ASCII)
DIGEST = re.compile(r"(?:[0-9a-fA-F]{2}){16,64}")
LICENCE, THEME, LANGUAGE = token(DCT.license), token(DCAT.theme), token(DCT.language)
CHECKSUM, CHECKSUM_VALUE, HEX = token(SPDX.checksum), token(SPDX.checksumValue), token(XSD.hexBinary)
TYPE, CHECKSUM_CLASS = token(RDF.type), token(SPDX.Checksum)
# Our fields with a list, what says them, and the list: entries of other lists are kept beside them.
OTHER_LISTS = (("theme", THEME, "data-theme"), ("language", LANGUAGE, "language"))


def is_listed(stock: Mapping[str, Any]) -> bool:
    """Whether a site shows the package to everyone as a dataset; what it doesn't say it has no doubt about."""
    is_open = stock.get("private") in (None, False) and stock.get("state") in (None, "active")
    return is_open and stock.get("type") not in OTHER_TYPES


def address_of(stock: Mapping[str, Any], site: str) -> str | None:
    """The IRI of a package: the one that it gives itself on its own site, else that of its page; None without any."""
    said = answers_of(stock)
    given = (text_of(said.get(key)) for key in ("uri", "guid"))
    own = next((iri for iri in given if iri and is_address(iri) and _server(iri) == _server(site)), None)
    ids = (text_of(stock.get(key)) for key in ("id", "name"))
    id_ = next((each for each in ids if each and NAME.fullmatch(each)), None)
    return own or (f"{site}/dataset/{id_}" if id_ else None)


def _server(iri: str) -> str:
    """The server of an address, by http or https; "" for one without."""
    return urlsplit(normalised(iri)).netloc


@dataclass(frozen=True, slots=True)
class StockReader:
    """Reads packages of the CKAN at `site`, whose texts are in `language` where they don't say."""

    model: Model
    site: str
    language: str

    def statements(self, stock: Mapping[str, Any], iri: str, place: int) -> Iterator[str]:
        """The lines of a record; its blank nodes have names of their own among all those of one page by its `place`."""
        package = package_from_stock(self.model, stock, self.language, self.site)
        named = {**package, "resources": [self._named(file, iri) for file in package.get("resources") or ()]}
        named["alternate_identifier"] = self._identifiers(stock, package, iri)
        lines = [*lines_of(fragment_from_package(self.model, named, Subject(iri))), *self._more(stock, named, iri)]
        for subject, predicate, target in lines:
            yield f"{_apart(subject, place)} {predicate} {_apart(target, place)} .\n"

    def _named(self, file: Mapping[str, Any], iri: str) -> Mapping[str, Any]:
        """The file with an IRI of its own site, below its dataset where it gives none."""
        id_ = file.get("id")
        below = f"{iri}/resource/{id_}" if isinstance(id_, str) and NAME.fullmatch(id_) else None
        return {**{key: value for key, value in file.items() if key != "id"}, "uri": below}

    def _identifiers(self, stock: Mapping[str, Any], package: Mapping[str, Any], iri: str) -> list[Mapping[str, Any]]:
        """By what else it is known, an address on another site among it."""
        said = answers_of(stock)
        rows = [row for row in package.get("alternate_identifier") or () if isinstance(row, Mapping)]
        known = {iri, *(row.get("identifier") for row in rows)}
        addresses = dict.fromkeys(text for key in ("uri", "guid") for text in words_of(said.get(key)))
        more = [{"identifier": each} for each in addresses if each not in known]
        return [row for row in [*rows, *more] if row.get("identifier") != iri]

    def _more(self, stock: Mapping[str, Any], package: Mapping[str, Any], iri: str) -> Iterator[Line]:
        """What our fields have no place for: licences, themes and languages of other lists, and checksums."""
        said, dataset = answers_of(stock), token_of_subject(iri)
        for key, predicate, name in OTHER_LISTS:
            for text in words_of(said.get(key)):
                if code_of(self.model.vocabularies[name], text) is None and (term := _address(text)):
                    yield dataset, predicate, term
        files = [token_of_subject(file["uri"]) for file in package["resources"] if file.get("uri") and file.get("url")]
        licence = None if licence_of(self.model, said) else _address(text_of(said.get("license_url")))
        if licence:
            yield from ((node, LICENCE, licence) for node in files or [dataset])
        yield from self._checksums(said, files, iri)

    def _checksums(self, said: Mapping[str, Any], files: list[Token], iri: str) -> Iterator[Line]:
        for number, file in enumerate(rows_of(said.get("resources"))):
            node = token_of_subject(f"{iri}/resource/{text_of(file.get('id'))}")
            digest = text_of(file.get("hash"))
            # Some sites keep other things there.
            if node in files and digest and DIGEST.fullmatch(digest) and (value := typed_token(digest, HEX)):
                yield node, CHECKSUM, f"_:h{number}"
                yield f"_:h{number}", TYPE, CHECKSUM_CLASS
                yield f"_:h{number}", CHECKSUM_VALUE, value


def _address(text: str | None) -> Token | None:
    """The token of a web address; None for any other text."""
    return iri_token(text) if text and text.startswith(("http://", "https://")) and is_address(text) else None


def _apart(term: Token, place: int) -> Token:
    return f"_:p{place}{term[2:]}" if is_blank(term) else term
