"""RDF bytes of a stranger -> a graph, whole or not at all: strictly, else leniently, else with a second library."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from xml.parsers import expat
from xml.sax import SAXParseException

import rdflib
from pyoxigraph import Literal, Quad, RdfFormat, Triple, parse
from rdflib.exceptions import Error as RdflibError

from ckanext.citizendata.core.graph import LANGUAGE, Graph
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.decode import format_of, utf8
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import Answer

__all__ = ["MAX_STATEMENTS", "Page", "page_from_answer"]

# A page with more statements is refused; it would hold some 20,000 datasets.
MAX_STATEMENTS = 2_000_000

# JSON-LD is missing on purpose: rdflib would fetch the contexts that a page names.
SECOND_LIBRARY = {RdfFormat.TURTLE: "turtle", RdfFormat.RDF_XML: "xml", RdfFormat.N_TRIPLES: "nt"}
# All that rdflib 7 was seen to raise on broken input; it promises nothing.
SECOND_LIBRARY_FAILS = (
    RdflibError,
    SyntaxError,
    SAXParseException,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    AssertionError,
    RecursionError,
)
REMOTE_CONTEXT = "LoadDocumentCallback"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a feed as a graph; `url` is where it was finally found."""

    url: str
    graph: Graph
    problems: tuple[Problem, ...] = ()


def page_from_answer(answer: Answer) -> Page:
    """The graph of a fetched page; blank nodes get new labels, so that pages can be laid side by side.

    Raises `SourceMalformed` with URL, line and reason for a page that no parser reads to its end.
    """
    rdf_format = format_of(answer)
    body = utf8(answer, rdf_format)
    if rdf_format == RdfFormat.RDF_XML:
        _refuse_unfinished(body, answer.url)
    try:
        return _page(_quads(io.BytesIO(body), rdf_format, answer.url), answer.url)
    except SyntaxError as error:
        strict = _malformed(error, body, rdf_format, answer.url)
    warning = Problem(answer.url, "imperfect_rdf", f"{strict} (it was read all the same)", "warning")
    for read in (_lenient, _second_library):
        page = read(body, rdf_format, answer.url)
        if page:
            return Page(page.url, page.graph, (warning, *page.problems))
    raise strict


def _refuse_unfinished(body: bytes, url: str) -> None:
    """pyoxigraph takes RDF/XML whose end is cut off between two elements for complete; expat doesn't."""
    try:
        expat.ParserCreate().Parse(body, True)
    except expat.ExpatError as error:
        reason = f"this is no well-formed XML ({expat.ErrorString(error.code)}); the file may be cut off"
        raise SourceMalformed(url, reason, error.lineno) from error


def _quads(source: io.BytesIO, rdf_format: RdfFormat, url: str, lenient: bool = False) -> Iterator[Quad]:
    return parse(source, format=rdf_format, base_iri=url, rename_blank_nodes=True, lenient=lenient)


def _page(quads: Iterator[Quad], url: str) -> Page:
    """All graphs of the page as one; statements about statements are left out and reported."""
    statements = [_sayable(quad.triple) for quad in islice(quads, MAX_STATEMENTS + 1)]
    if len(statements) > MAX_STATEMENTS:
        raise SourceMalformed(url, f"the page has more than {MAX_STATEMENTS} statements; ask for a feed in pages")
    plain = frozenset(each for each in statements if not isinstance(each.object, Triple))
    if all(each in plain for each in statements):
        return Page(url, plain)
    return Page(url, plain, (Problem(url, "rdf_12", "Statements about statements (RDF 1.2) were left out", "warning"),))


def _sayable(triple: Triple) -> Triple:
    """The statement, its text without a language where the tag is none: lenient parsers let through whatever it is."""
    text = triple.object
    if isinstance(text, Literal) and text.language is not None and not LANGUAGE.fullmatch(text.language):
        return Triple(triple.subject, triple.predicate, Literal(text.value))
    return triple


def _lenient(body: bytes, rdf_format: RdfFormat, url: str) -> Page | None:
    try:
        return _page(_quads(io.BytesIO(body), rdf_format, url, lenient=True), url)
    except SyntaxError:
        return None


def _second_library(body: bytes, rdf_format: RdfFormat, url: str) -> Page | None:
    """What rdflib reads, or None; it gets bytes and a base IRI, never an address to open."""
    name = SECOND_LIBRARY.get(rdf_format)
    if not name:
        return None
    graph = rdflib.Graph()
    try:
        graph.parse(data=body, format=name, publicID=url)
        text = graph.serialize(format="nt", encoding="utf-8")
        return _page(_quads(io.BytesIO(text), RdfFormat.N_TRIPLES, url, lenient=True), url)
    except SECOND_LIBRARY_FAILS:
        return None


def _malformed(error: SyntaxError, body: bytes, rdf_format: RdfFormat, url: str) -> SourceMalformed:
    if REMOTE_CONTEXT in str(error):
        reason = (
            "its JSON-LD names a @context at another address, which is never fetched; serve the context inside the page"
        )
        return SourceMalformed(url, f"{reason}, or use Turtle or RDF/XML")
    reason = str(error.msg).removeprefix("Parser error at ").partition(": ")[2] if error.lineno else str(error.msg)
    return SourceMalformed(url, reason, error.lineno or _line(body, rdf_format, url))


def _line(body: bytes, rdf_format: RdfFormat, url: str) -> int:
    """The line at which the strict parser stops, for formats whose errors carry none (RDF/XML)."""
    lines = _Lines(body)
    try:
        for _ in _quads(lines, rdf_format, url):
            pass
    except SyntaxError:
        return lines.given
    return lines.given


class _Lines(io.BytesIO):
    """A file that gives one line a read and counts them."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        line = self.readline(-1 if size is None else size)
        self.given += bool(line) and (line.endswith(b"\n") or self.tell() == len(self.getbuffer()))
        return line
