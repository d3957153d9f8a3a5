"""Statements as bytes of one face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from ckanext.citizendata.core.hazard import is_xml, sieve
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import PREFIXES, RDF
from ckanext.citizendata.feeds.face import Face

__all__ = ["Rendering", "rendered", "rendered_with"]

PREFIX_IRIS = {name: str(namespace) for name, namespace in PREFIXES.items()}
# Only ever in objects, so that they'd be missed below.
ALWAYS = ("eu", "xsd")
# A namespace makes its terms anew at each call; this one is asked for thousands of times a page.
TYPE = RDF.type


@dataclass(frozen=True, slots=True)
class Rendering:
    """A body, how many statements are withheld from it, and why entries are missing."""

    body: bytes
    withheld: int = 0
    problems: tuple[Problem, ...] = ()


def rendered(triples: Sequence[Triple], face: Face, withheld: int = 0) -> Rendering:
    """The statements in one face, in the given order; the same statements give the same bytes."""
    return rendered_with(triples, face, _prefixes_of(triples), withheld)


def rendered_with(triples: Sequence[Triple], face: Face, prefixes: Mapping[str, str], withheld: int = 0) -> Rendering:
    """The statements in one face under these prefixes, whether they are in use or not."""
    if face.format != RdfFormat.RDF_XML:
        return Rendering(_serialized(triples, face.format, prefixes), withheld)
    kept, unsayable = sieve(triples, is_xml)
    # A bare carriage return comes back from an XML parser as a line feed (XML 1.0 §2.11).
    body = _serialized(kept, face.format, prefixes).replace(b"\r", b"&#13;")
    return Rendering(body, withheld + unsayable)


def _prefixes_of(triples: Sequence[Triple]) -> dict[str, str]:
    """The prefixes of predicates and classes, for a head that a person can read."""
    nodes = {triple.predicate for triple in triples}
    nodes |= {triple.object for triple in triples if triple.predicate == TYPE and isinstance(triple.object, NamedNode)}
    names = {node.value for node in nodes}
    return {
        name: iri for name, iri in PREFIX_IRIS.items() if name in ALWAYS or any(each.startswith(iri) for each in names)
    }


def _serialized(triples: Sequence[Triple], form: RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    return serialize(triples, format=form, prefixes=dict(prefixes)) or b""
