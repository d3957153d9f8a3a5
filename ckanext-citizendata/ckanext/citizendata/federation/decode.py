"""Bytes of a page -> the format they are in, and UTF-8 that parsers agree on."""

from __future__ import annotations

import codecs
import re
from encodings import normalize_encoding
from encodings.aliases import aliases
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from pyoxigraph import RdfFormat

from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.errors import SourceMalformed

__all__ = ["ENCODINGS", "doctype_refused", "encoding_of", "format_of", "not_in", "utf8", "without_declaration"]

BY_MEDIA_TYPE = {
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
}
BY_SUFFIX = {
    ".ttl": RdfFormat.TURTLE,
    ".turtle": RdfFormat.TURTLE,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
}
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Encodings by which text can't be hidden from the checks below; all others of the world's are rare in RDF.
ENCODINGS = frozenset({"utf_8", "ascii", "utf_16", "utf_16_le", "utf_16_be", "latin_1", "iso8859_15", "cp1252"})

# Where an XML declaration is looked for.
HEAD = 64 * 1024
XML_DECLARATION = re.compile(r"\A<\?xml\b[^>]*?\?>")
XML_ENCODING = re.compile(rb"""\A<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
WEB_PAGE = re.compile(rb"(<\?xml[^>]*>\s*)?(<!--.{0,500}?-->\s*)?<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)


def format_of(answer: Answer) -> RdfFormat:
    """The RDF format by media type, else by the suffix of the address, else by the first characters.

    Raises `SourceMalformed` for an empty answer and for a web page.
    """
    start = answer.start(2048).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        reason = "the answer is empty; ask the catalogue's people whether its DCAT feed is switched on"
        raise SourceMalformed(answer.url, reason, code="empty")
    if WEB_PAGE.match(start):
        reason = "this address answers a web page, not RDF; use the address of the catalogue's DCAT feed"
        raise SourceMalformed(answer.url, reason, code="web_page")
    media_type = answer.content_type.partition(";")[0].strip().lower()
    suffix = PurePosixPath(urlsplit(answer.url).path).suffix.lower()
    return BY_MEDIA_TYPE.get(media_type) or BY_SUFFIX.get(suffix) or _sniffed(start)


def _sniffed(start: bytes) -> RdfFormat:
    if start[:1] in (b"{", b"["):
        return RdfFormat.JSON_LD
    if start.startswith((b"<?xml", b"<rdf:", b"<!--", b"\xff\xfe<", b"\xfe\xff\0<")):
        return RdfFormat.RDF_XML
    return RdfFormat.TURTLE


def utf8(answer: Answer, rdf_format: RdfFormat) -> bytes:
    """The body as UTF-8 without byte order mark; of XML also without its declaration, line numbers kept.

    Raises `SourceMalformed` for text that isn't in the encoding it claims, and for XML with a DOCTYPE.
    """
    name, codec, mark = encoding_of(answer, rdf_format)
    body = answer.body[mark:]
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        raise not_in(name, error, answer.url, body.count(b"\n", 0, error.start) + 1) from error
    if rdf_format == RdfFormat.RDF_XML:
        text = without_declaration(text)
        _refuse_doctype(text, answer.url)
    return text.encode()


def encoding_of(answer: Answer, rdf_format: RdfFormat) -> tuple[str, str, int]:
    """The encoding by the name that the page has for it and by Python's, and how long its byte order mark is."""
    start = answer.start(HEAD)
    claimed, mark = next(
        ((name, len(mark)) for mark, name in BYTE_ORDER_MARKS if start.startswith(mark)),
        ("", 0),
    )
    declared = XML_ENCODING.match(start[mark:].lstrip()) if rdf_format == RdfFormat.RDF_XML else None
    claimed = claimed or (declared[1].decode("ascii") if declared else "utf-8")
    # Python would load a module for whatever name the page brings.
    name = normalize_encoding(claimed).lower()
    codec = aliases.get(name, name)
    if codec not in ENCODINGS:
        reason = f"the text is in the encoding {claimed}; feeds are read in UTF-8"
        raise SourceMalformed(answer.url, reason, 1, "encoding")
    return claimed, codec, mark


def not_in(encoding: str, error: UnicodeDecodeError, url: str, line: int) -> SourceMalformed:
    """What to raise for text that isn't in the encoding that its page claims."""
    reason = f"byte {error.object[error.start]:#04x} is no {encoding} text, though the page claims that encoding"
    return SourceMalformed(url, reason, line, "encoding")


def without_declaration(text: str) -> str:
    """The beginning of XML, or all of it, without its declaration, line numbers kept."""
    return XML_DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text.lstrip("\n\r\t "), count=1)


def doctype_refused(url: str, line: int) -> SourceMalformed:
    """What to raise for XML with a DOCTYPE."""
    reason = "the page has a DOCTYPE, which can make a reader open files or run out of memory; serve it without one"
    return SourceMalformed(url, reason, line, "dtd")


def _refuse_doctype(text: str, url: str) -> None:
    """Looks before the first element, the only place where XML allows a DOCTYPE."""
    at = 0
    while True:
        at = next((i for i in range(at, len(text)) if not text[i].isspace()), len(text))
        if text.startswith("<!DOCTYPE", at):
            raise doctype_refused(url, text.count("\n", 0, at) + 1)
        opening, closing = ("<!--", "-->") if text.startswith("<!--", at) else ("<?", "?>")
        end = text.find(closing, at + len(opening)) if text.startswith(opening, at) else -1
        if end < 0:
            return
        at = end + len(closing)
