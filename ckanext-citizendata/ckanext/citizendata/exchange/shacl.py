"""What SHACL shapes say about a record, in plain lines; needs pyshacl, which nothing else does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat

from ckanext.citizendata.core.graph import ntriples_from_graph
from ckanext.citizendata.core.problem import Problem, Severity
from ckanext.citizendata.core.vocabulary import language_chain
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.exchange.sources import source_of
from ckanext.citizendata.exchange.text_formats import graph_of
from ckanext.citizendata.federation.decode import BY_SUFFIX

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

__all__ = ["Shapes", "shapes_from"]

MISSING = "Checking with SHACL needs the package pyshacl; install it with: pip install 'ckanext-citizendata[shacl]'"
SH = "http://www.w3.org/ns/shacl#"


class Shapes:
    """Shapes that were read once, for many records."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def problems(self, ntriples: str, language: str) -> tuple[Problem, ...]:
        """One problem a result, in a stable order: its path is the node and property, its code the constraint.

        The message is in `language`, its base, in English, or what the shape has.
        """
        import pyshacl
        from rdflib import Graph

        data = Graph().parse(data=ntriples, format="nt")
        _, report, _ = pyshacl.validate(data, shacl_graph=self._graph, do_owl_imports=False, meta_shacl=False)
        assert isinstance(report, Graph)
        found = _problems(report, language)
        return tuple(sorted(found, key=lambda problem: (problem.severity, problem.path, problem.message)))


def shapes_from(own: str, paths: Sequence[str]) -> Shapes:
    """The shapes of this Turtle, which is ours, and those of these files.

    Raises `Unusable` where pyshacl isn't installed, and for a file that isn't there or is no RDF.
    """
    try:
        import pyshacl  # noqa: F401  # pyright: ignore[reportUnusedImport]
        from rdflib import Graph
    except ImportError as error:
        raise Unusable(MISSING) from error
    graph = Graph()
    graph.parse(data=own, format="turtle")
    for path in paths:
        _add(graph, path)
    return Shapes(graph)


def _add(graph: Graph, path: str) -> None:
    """Read by the same parser as everything else: rdflib would fetch what a file of shapes names."""
    source = source_of(path)
    rdf_format = BY_SUFFIX.get(Path(path).suffix.lower(), RdfFormat.TURTLE)
    statements, _ = graph_of(path, source.content, rdf_format, source.base)
    try:
        graph.parse(data=ntriples_from_graph(statements), format="nt")
    except (SyntaxError, ValueError) as error:
        raise Unusable(f"The shapes {path} can't be used: {error}") from error


def _problems(report: Graph, language: str) -> Iterable[Problem]:
    from rdflib import URIRef

    def value(result: Node, name: str) -> str:
        found = report.value(result, URIRef(SH + name))
        return "" if found is None else str(found)

    # Not all by type: a result of a nested shape is a detail of another.
    for result in report.objects(None, URIRef(f"{SH}result")):
        severity: Severity = "error" if value(result, "resultSeverity").endswith("#Violation") else "warning"
        code = value(result, "sourceConstraintComponent").rpartition("#")[2]
        path = " ".join(part for part in (value(result, "focusNode"), value(result, "resultPath")) if part)
        message = _message([*report.objects(result, URIRef(f"{SH}resultMessage"))], language)
        given = value(result, "value")
        yield Problem(path, f"shacl:{code}", message + (f" (“{given}”)" if given else ""), severity)


def _message(messages: Sequence[Node], language: str) -> str:
    """The messages in one language: the best for the reader, else those without any, else all."""
    by_language: dict[str, list[str]] = {}
    for each in messages:
        by_language.setdefault((getattr(each, "language", None) or "").lower(), []).append(str(each))
    best = next((tag for tag in (*language_chain(language), "") if tag in by_language), None)
    told = [text for texts in by_language.values() for text in texts] if best is None else by_language[best]
    return "; ".join(sorted(told))
