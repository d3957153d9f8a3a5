"""Text of a stranger -> its statements: which serialisation of RDF it is, read strictly, else leniently."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from itertools import islice
from typing import Any
from xml.parsers import expat

from pyoxigraph import Literal, RdfFormat, Triple, parse

from ckanext.citizendata.core.graph import LANGUAGE, Graph
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.federation.decode import utf8
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.fetch import Answer

__all__ = ["CONTEXTS", "MAX_STATEMENTS", "NAMES", "graph_of"]

# A file with more statements is refused; it would hold some 20,000 datasets.
MAX_STATEMENTS = 2_000_000
NAMES: Mapping[RdfFormat, str] = {
    RdfFormat.TURTLE: "Turtle",
    RdfFormat.RDF_XML: "RDF/XML",
    RdfFormat.JSON_LD: "JSON-LD",
    RdfFormat.N_TRIPLES: "N-Triples",
    RdfFormat.N_QUADS: "N-Quads",
    RdfFormat.TRIG: "TriG",
}
# Where our own context may be named; it is taken from the package, never from there.
CONTEXTS = ("https://w3id.org/citizen-data/context.jsonld", "https://w3id.org/citizen-data/ns/context.jsonld")
REMOTE_CONTEXT = "LoadDocumentCallback"


def graph_of(name: str, content: bytes, rdf_format: RdfFormat, base: str) -> tuple[Graph, tuple[Problem, ...]]:
    """The statements of a file, of all its graphs together, and what was wrong but could be read all the same.

    Raises `Unusable` with line and reason for text that no parser reads to its end.
    """
    try:
        text = utf8(Answer(name, "", content), rdf_format)
    except SourceMalformed as error:
        raise Unusable(error.sentence) from error
    if rdf_format == RdfFormat.RDF_XML:
        _refuse_unfinished(name, text)
    if rdf_format == RdfFormat.JSON_LD:
        text = _with_own_context(name, text)
    try:
        return _graph(name, text, rdf_format, base, lenient=False), ()
    except SyntaxError as error:
        sentence = _sentence(name, error, rdf_format)
    try:
        graph = _graph(name, text, rdf_format, base, lenient=True)
    except SyntaxError as error:
        raise Unusable(sentence) from error
    return graph, (Problem(name, "imperfect_rdf", f"{sentence} (it was read all the same)", "warning"),)


def _graph(name: str, text: bytes, rdf_format: RdfFormat, base: str, lenient: bool) -> Graph:
    quads = parse(io.BytesIO(text), format=rdf_format, base_iri=base, rename_blank_nodes=True, lenient=lenient)
    statements = [_sayable(quad.triple) for quad in islice(quads, MAX_STATEMENTS + 1)]
    if len(statements) > MAX_STATEMENTS:
        raise Unusable(f"{name} has more than {MAX_STATEMENTS} statements; divide it")
    return frozenset(each for each in statements if not isinstance(each.object, Triple))


def _sayable(triple: Triple) -> Triple:
    """The statement, its text without a language where the tag is none: lenient parsers let through whatever it is."""
    text = triple.object
    if isinstance(text, Literal) and text.language is not None and not LANGUAGE.fullmatch(text.language):
        return Triple(triple.subject, triple.predicate, Literal(text.value))
    return triple


def _refuse_unfinished(name: str, text: bytes) -> None:
    """pyoxigraph takes RDF/XML whose end is cut off between two elements for complete; expat doesn't."""
    try:
        expat.ParserCreate().Parse(text, True)
    except expat.ExpatError as error:
        reason = f"this is no well-formed XML ({expat.ErrorString(error.code)}); the file may be cut off"
        raise Unusable(f"{name}, line {error.lineno}: {reason}") from error


def _with_own_context(name: str, text: bytes) -> bytes:
    """The document with our own context in the place of its address; other addresses stay."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{name} is no JSON that can be read: {error}") from error
    if not isinstance(document, dict) or "@context" not in document:
        return text
    named = document["@context"]
    contexts = named if isinstance(named, list) else [named]
    if not any(each in CONTEXTS for each in contexts if isinstance(each, str)):
        return text
    document["@context"] = _replaced(contexts)
    return json.dumps(document).encode()


def _replaced(contexts: Sequence[Any]) -> list[Any]:
    file = files("ckanext.citizendata.schemas") / "generated" / "context.jsonld"
    own = json.loads(file.read_text(encoding="utf-8"))["@context"]
    return [own if isinstance(each, str) and each in CONTEXTS else each for each in contexts]


def _sentence(name: str, error: SyntaxError, rdf_format: RdfFormat) -> str:
    if REMOTE_CONTEXT in str(error):
        return (
            f"{name} names a @context at another address, which is never fetched; write the context into the file,"
            " or use Turtle or RDF/XML"
        )
    reason = str(error.msg).removeprefix("Parser error at ").partition(": ")[2] if error.lineno else str(error.msg)
    place = f", line {error.lineno}" if error.lineno else ""
    return f"{name}{place}: this is no {NAMES[rdf_format]} that can be read: {reason}"
