"""RDF bytes of a stranger -> N-Triples, whole or not at all: strictly, else leniently, else with a second library.

This runs in a process of its own (`parser_process`), since no parser of strangers' bytes is beyond doubt.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import BinaryIO, Protocol
from xml.parsers import expat

from pyoxigraph import Literal, Quad, RdfFormat, Triple, parse, serialize

from ckanext.citizendata.core.graph import LANGUAGE, ntriples_from_graph
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.data_json import is_dcat_us
from ckanext.citizendata.federation.decode import doctype_refused, format_of
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.text import Opened, opened

__all__ = [
    "MAX_STATEMENTS",
    "SECOND_LIBRARY",
    "Reader",
    "SecondLibraryNeeded",
    "Sink",
    "Write",
    "as_it_is",
    "carried",
    "malformed",
    "parsed",
    "quads_of",
    "rdf_12",
    "to_the_second_library",
    "well_formed",
]

# A page with more statements is refused; it would hold some 200,000 datasets.
MAX_STATEMENTS = 20_000_000
# How many statements are written at a time.
BATCH = 2_000
CHUNK = 1024 * 1024
# How the object of a statement about a statement begins in N-Triples 1.2; no other object does.
NESTED = b"<<("

# JSON-LD is missing on purpose: rdflib would fetch the contexts that a page names.
SECOND_LIBRARY = {RdfFormat.TURTLE: "turtle", RdfFormat.RDF_XML: "xml", RdfFormat.N_TRIPLES: "nt"}
REMOTE_CONTEXT = "LoadDocumentCallback"

Write = Callable[[Iterable[Triple]], bytes]


class Sink(Protocol):
    """Where the statements go as they are read."""

    def add(self, text: bytes) -> None:
        """Take some lines of canonical N-Triples."""
        ...

    def forget(self) -> None:
        """Drop all that was taken: another reader begins anew."""
        ...


# Gives the statements of a page to the sink, and back its problems, or None where it can't be read to its end.
Reader = Callable[[Opened, RdfFormat, str, Sink], "tuple[Problem, ...] | None"]


class SecondLibraryNeeded(Exception):  # noqa: N818 - where to go on, not an error
    """The first library doesn't read the page; the second one may."""


def to_the_second_library(_text: Opened, rdf_format: RdfFormat, _url: str, _sink: Sink) -> None:
    """A `Reader` for a process without the second library; raises `SecondLibraryNeeded` where that has a chance."""
    if rdf_format in SECOND_LIBRARY:
        raise SecondLibraryNeeded


def parsed(answer: Answer, sink: Sink, last: Reader) -> tuple[Problem, ...]:
    """Give the statements of a fetched page to `sink`, and back what was wrong but could be read all the same.

    `last` reads what the first library doesn't.

    Blank nodes get new labels, so that pages can be laid side by side. Raises `SourceMalformed` with URL, line and
    reason for a page that no parser reads to its end; what was given by then is void.
    """
    rdf_format = format_of(answer)
    text = opened(answer, rdf_format)
    if rdf_format == RdfFormat.RDF_XML:
        _refuse_unfinished(text, answer.url)
    if rdf_format == RdfFormat.JSON_LD and is_dcat_us(text().read()):
        reason = "this is DCAT-US (data.json), which isn't read here; ask for the catalogue's DCAT in RDF"
        raise SourceMalformed(answer.url, f"{reason}: Turtle, RDF/XML, or JSON-LD with its @context", code="dcat_us")
    read_strictly = _carried_in_all_graphs if rdf_format.supports_datasets else _carried_straight
    try:
        return read_strictly(quads_of(text(), rdf_format, answer.url), answer.url, sink)
    except SyntaxError as error:
        strict = malformed(error, text, rdf_format, answer.url)
    warning = Problem(answer.url, "imperfect_rdf", f"{strict.sentence} (it was read all the same)", "warning")
    for read in (_lenient, last):
        sink.forget()
        problems = read(text, rdf_format, answer.url, sink)
        if problems is not None:
            return warning, *problems
    raise strict


def _refuse_unfinished(text: Opened, url: str) -> None:
    """pyoxigraph takes RDF/XML whose end is cut off between two elements for complete; expat doesn't."""
    # Whatever encoding it claims, it is in UTF-8 by now.
    parser = expat.ParserCreate("utf-8")

    def refuse(*_: object) -> None:
        raise doctype_refused(url, parser.CurrentLineNumber)

    parser.StartDoctypeDeclHandler = refuse
    source = text()
    try:
        while chunk := source.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = f"this is no well-formed XML ({expat.ErrorString(error.code)}); the file may be cut off"
        raise SourceMalformed(url, reason, error.lineno) from error


def quads_of(source: BinaryIO, rdf_format: RdfFormat, url: str, lenient: bool = False) -> Iterator[Quad]:
    """The statements of a text with their graphs, as they are read; raises `SyntaxError`."""
    return parse(source, format=rdf_format, base_iri=url, rename_blank_nodes=True, lenient=lenient)


def carried(quads: Iterator[Quad], url: str, sink: Sink, write: Write) -> tuple[Problem, ...]:
    """All graphs of the page as one; statements about statements are left out and reported."""
    count = left_out = 0
    while batch := [quad.triple for quad in islice(quads, BATCH)]:
        plain = [triple for triple in batch if not isinstance(triple.object, Triple)]
        count += len(batch)
        left_out += len(batch) - len(plain)
        _refuse_too_many(count, url)
        sink.add(write(plain))
    return _told(left_out, url)


def _carried_in_all_graphs(quads: Iterator[Quad], url: str, sink: Sink) -> tuple[Problem, ...]:
    return carried(quads, url, sink, well_formed)


def _carried_straight(quads: Iterator[Quad], url: str, sink: Sink) -> tuple[Problem, ...]:
    """The same for a format without graphs, in two thirds of the time: no statement becomes an object of Python."""
    count = left_out = 0
    while text := serialize(islice(quads, BATCH), format=RdfFormat.N_TRIPLES):
        count += text.count(b"\n")
        _refuse_too_many(count, url)
        if NESTED in text:
            lines = text.splitlines(keepends=True)
            plain = [line for line in lines if not line.split(b" ", 2)[2].startswith(NESTED)]
            left_out += len(lines) - len(plain)
            text = b"".join(plain)
        sink.add(text)
    return _told(left_out, url)


def _refuse_too_many(count: int, url: str) -> None:
    if count > MAX_STATEMENTS:
        reason = f"the page has more than {MAX_STATEMENTS} statements; ask for a feed in pages"
        raise SourceMalformed(url, reason, code="too_large")


def _told(left_out: int, url: str) -> tuple[Problem, ...]:
    if not left_out:
        return ()
    return (rdf_12(url),)


def rdf_12(url: str) -> Problem:
    """What is said of a page with statements about statements."""
    return Problem(url, "rdf_12", "Statements about statements (RDF 1.2) were left out", "warning")


def _sayable(triple: Triple) -> Triple:
    """The statement, its text without a language where the tag is none: lenient parsers let through whatever it is."""
    text = triple.object
    if isinstance(text, Literal) and text.language is not None and not LANGUAGE.fullmatch(text.language):
        return Triple(triple.subject, triple.predicate, Literal(text.value))
    return triple


def well_formed(triples: Iterable[Triple]) -> bytes:
    """Fast, for IRIs that the strict parser passed: what others hold would break out of their line."""
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def as_it_is(triples: Iterable[Triple]) -> bytes:
    """The same for whatever a lenient parser lets through."""
    return ntriples_from_graph(map(_sayable, triples)).encode()


def _lenient(text: Opened, rdf_format: RdfFormat, url: str, sink: Sink) -> tuple[Problem, ...] | None:
    try:
        return carried(quads_of(text(), rdf_format, url, lenient=True), url, sink, as_it_is)
    except SyntaxError:
        return None


def malformed(error: SyntaxError, text: Opened, rdf_format: RdfFormat, url: str) -> SourceMalformed:
    """What to raise for a page that the strict parser doesn't read to its end."""
    if REMOTE_CONTEXT in str(error):
        reason = (
            "its JSON-LD names a @context at another address, which is never fetched; serve the context inside the page"
        )
        return SourceMalformed(url, f"{reason}, or use Turtle or RDF/XML", code="remote_context")
    reason = str(error.msg).removeprefix("Parser error at ").partition(": ")[2] if error.lineno else str(error.msg)
    return SourceMalformed(url, reason, error.lineno or _line(text, rdf_format, url))


def _line(text: Opened, rdf_format: RdfFormat, url: str) -> int:
    """The line at which the strict parser stops, for formats whose errors carry none (RDF/XML)."""
    lines = _Lines(text())
    try:
        for _ in quads_of(lines, rdf_format, url):
            pass
    except SyntaxError:
        return lines.given
    return lines.given


class _Lines(io.BytesIO):
    """A file that gives one line a read and counts those that were begun."""

    def __init__(self, text: BinaryIO) -> None:
        super().__init__()
        self._text = text
        self._begins = True
        self.given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """The rest of a line, no more than `size` bytes of it."""
        line = self._text.readline(-1 if size is None else size)
        self.given += self._begins and bool(line)
        self._begins = line.endswith(b"\n")
        return line
