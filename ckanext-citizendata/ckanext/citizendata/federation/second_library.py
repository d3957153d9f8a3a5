"""What rdflib makes of a page that the first library doesn't read, neither strictly nor leniently.

It takes a quarter of a second to load and few pages need it, so that it has a process of its own.
"""

from __future__ import annotations

import io

import rdflib
from pyoxigraph import RdfFormat

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.parse import SECOND_LIBRARY, Sink, as_it_is, carried, quads_of
from ckanext.citizendata.federation.text import Opened

__all__ = ["read_by_rdflib", "warm_up"]

# A little of everything: reading it loads all that the library loads when it is first used, values of all kinds among
# it. Later no file can be opened any more.
SAMPLES = {
    "turtle": "@prefix x: <http://www.w3.org/2001/XMLSchema#> ."
    "@prefix r: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
    '<x:a> <x:b> 1, 1.5, "2026-01-01"^^x:date, "P1D"^^x:duration, "<b/>"^^r:XMLLiteral, "<b>"^^r:HTML, "x"@en .',
    "nt": "<x:a> <x:b> <x:c> .",
    "xml": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about="x:a"><r:value '
    'r:parseType="Literal"><b/></r:value></r:Description></r:RDF>',
}


def warm_up() -> None:
    """Load all that reading will need."""
    for name in SECOND_LIBRARY.values():
        rdflib.Graph().parse(data=SAMPLES[name], format=name, publicID="x:y").serialize(format="nt")


def read_by_rdflib(text: Opened, rdf_format: RdfFormat, url: str, sink: Sink) -> tuple[Problem, ...] | None:
    """A `parse.Reader`; it gets bytes and a base IRI, never an address to open."""
    name = SECOND_LIBRARY.get(rdf_format)
    if not name:
        return None
    graph = rdflib.Graph()
    try:
        graph.parse(data=text().read(), format=name, publicID=url)
        written = graph.serialize(format="nt", encoding="utf-8")
        quads = quads_of(io.BytesIO(written), RdfFormat.N_TRIPLES, url, lenient=True)
        return carried(quads, url, sink, as_it_is)
    except (MemoryError, SourceMalformed):
        raise
    except Exception:  # noqa: BLE001 - on broken input it raises anything, `Exception` itself included
        return None
