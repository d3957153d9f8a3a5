"""Any file that describes datasets -> records, told apart by what it holds and by its name."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from pyoxigraph import RdfFormat

from ckanext.citizendata.core.graph import Graph, ntriples_from_graph
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.splitting import split
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.exchange.spreadsheet import PlacedPackage, packages_from_spreadsheet
from ckanext.citizendata.exchange.text_formats import NAMES, graph_of
from ckanext.citizendata.exchange.workbook import is_workbook
from ckanext.citizendata.federation.decode import BY_MEDIA_TYPE, BY_SUFFIX, WEB_PAGE

__all__ = ["MAX_BYTES", "Document", "Record", "Source", "Statements", "document_from"]

MAX_BYTES = 100 * 1024 * 1024
# First part of the IRI of a dataset that its file gives none.
MINT = "https://example.org/without-address/"
READS = "Turtle, RDF/XML, JSON-LD, N-Triples, N-Quads, TriG, JSON of CKAN, and the spreadsheet (.xlsx)"
# What a file begins with that is nothing we read, and what to do about it.
OTHERS: Mapping[bytes, str] = {
    b"%PDF": "is a PDF document",
    b"\xd0\xcf\x11\xe0": "is a file of an old Office program; save it as an Excel workbook (.xlsx)",
    b"PK\x03\x04": "is a packed file, but no Excel workbook (.xlsx); unpack it, or save it as one",
    b"\x89PNG": "is a picture",
    b"\xff\xd8\xff": "is a picture",
}
OTHER_SUFFIXES: Mapping[str, str] = {
    ".csv": "holds a table; this command checks descriptions of datasets, not the data",
    ".yaml": "is YAML; save it as JSON",
    ".yml": "is YAML; save it as JSON",
}
GZIP = b"\x1f\x8b"
# What tells JSON-LD from a package, at the top or in the items of a list.
KEYWORDS = ("@context", "@graph", "@id", "@type")
# The formats of a text that gives no hint, from the likeliest; Turtle reads N-Triples too.
TRIED = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_QUADS)


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file with its name or address; `base` is what relative IRIs in it start from."""

    name: str
    content: bytes
    base: str = "https://example.org/file"
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Statements:
    """A dataset described in RDF: its IRI, and all that is said of it in canonical N-Triples."""

    iri: str
    ntriples: str
    problems: tuple[Problem, ...] = ()


Record: TypeAlias = Statements | PlacedPackage


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds: `kind` is what people call its format; problems that belong to no record."""

    kind: str
    records: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()


def document_from(model: Model, source: Source) -> Document:
    """The records of a file. Raises `Unusable` for one that can't be read or describes nothing."""
    source = _unpacked(source)
    start = source.content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    _refuse_others(source, start)
    if is_workbook(source.content):
        return _spreadsheet(model, source)
    rdf_format = _format(source, start)
    if rdf_format in (None, RdfFormat.JSON_LD) and start[:1] in (b"{", b"["):
        packages = _packages(model, source)
        if packages is not None:
            return Document("JSON", packages)
        rdf_format = RdfFormat.JSON_LD
    return _described(source, *_read(source, rdf_format))


def _unpacked(source: Source) -> Source:
    if not source.content.startswith(GZIP):
        return source
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(source.content, MAX_BYTES + 1)
    except zlib.error as error:
        raise Unusable(f"{source.name} is a damaged gzip file: {error}") from error
    if len(content) > MAX_BYTES:
        raise Unusable(f"{source.name} unpacks to more than {MAX_BYTES // 1024**2} megabytes; divide it")
    return Source(source.name.removesuffix(".gz"), content, source.base)


def _refuse_others(source: Source, start: bytes) -> None:
    suffix = _suffix(source.name)
    reason = next((reason for magic, reason in OTHERS.items() if start.startswith(magic)), OTHER_SUFFIXES.get(suffix))
    if not start:
        reason = "is empty"
    if WEB_PAGE.match(start):
        reason = "is a web page; give the address or file of the description itself"
    if reason and not is_workbook(source.content):
        raise Unusable(f"{source.name} {reason}. What can be read: {READS}.")


def _suffix(name: str) -> str:
    path = urlsplit(name).path if re.match(r"https?://", name) else name
    return PurePosixPath(path).suffix.lower()


def _format(source: Source, start: bytes) -> RdfFormat | None:
    media_type = source.content_type.partition(";")[0].strip().lower()
    known = BY_MEDIA_TYPE.get(media_type) or BY_SUFFIX.get(_suffix(source.name))
    if known or start[:1] in (b"{", b"["):
        return known
    return RdfFormat.RDF_XML if start.startswith((b"<?xml", b"<rdf:", b"<!--", b"\xff\xfe<", b"\xfe\xff\0<")) else None


def _read(source: Source, rdf_format: RdfFormat | None) -> tuple[str, Graph, tuple[Problem, ...]]:
    if rdf_format:
        return NAMES[rdf_format], *graph_of(source.name, source.content, rdf_format, source.base)
    for tried in TRIED:
        try:
            return NAMES[tried], *graph_of(source.name, source.content, tried, source.base)
        except Unusable:
            continue
    raise Unusable(f"{source.name} is in no format that can be read: {READS}.")


def _described(source: Source, kind: str, graph: Graph, problems: tuple[Problem, ...]) -> Document:
    found = split(ntriples_from_graph(graph), MINT, _is_nobodys)
    if not (found.records or found.refused or found.tombstones):
        raise Unusable(f"{source.name} is {kind}, but describes no dataset (nothing in it is a dcat:Dataset)")
    records = [Statements(each.iri, each.fragment, each.problems) for each in found.records]
    return Document(kind, tuple(records), (*problems, *found.problems, *found.refused))


def _is_nobodys(iri: str) -> bool:  # noqa: ARG001 - all that a file says is the file's
    return False


def _spreadsheet(model: Model, source: Source) -> Document:
    try:
        packages, problems = packages_from_spreadsheet(model, source.content)
    except Unusable as error:
        raise Unusable(f"{source.name}: {error}") from error
    if not packages:
        raise Unusable(f"{source.name} is a spreadsheet in which no dataset is filled in")
    return Document("spreadsheet", packages, problems)


def _packages(model: Model, source: Source) -> tuple[PlacedPackage, ...] | None:
    """The packages of JSON; None for JSON-LD."""
    try:
        document = json.loads(source.content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{source.name} is no JSON that can be read: {error}") from error
    items = _items(document)
    if any(isinstance(item, Mapping) and any(key in item for key in KEYWORDS) for item in items):
        return None
    known = {field.name for field in model.schema.fields} | {"title", "notes"}
    packages = [item for item in items if isinstance(item, Mapping) and known & item.keys()]
    if len(packages) < len(items) or not packages:
        raise Unusable(f"{source.name} is JSON, but not of datasets: it has none of the fields that describe one")
    return tuple(PlacedPackage(dict(package)) for package in packages)


def _items(document: Any) -> list[Any]:
    """The packages in an answer of package_show or package_search, in a list, or alone."""
    if isinstance(document, Mapping) and "result" in document:
        document = document["result"]
    if isinstance(document, Mapping) and isinstance(document.get("results"), list):
        document = document["results"]
    return document if isinstance(document, list) else [document]
