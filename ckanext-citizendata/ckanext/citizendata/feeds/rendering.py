"""Statements as bytes of one face."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pyoxigraph import RdfFormat, Triple, serialize

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.terms import PREFIXES
from ckanext.citizendata.feeds.face import Face
from ckanext.citizendata.feeds.hazard import is_xml, sieve

__all__ = ["ALL_PREFIXES", "Rendering", "prefixes_in", "rendered"]

ALL_PREFIXES: Mapping[str, str] = MappingProxyType({name: str(namespace) for name, namespace in PREFIXES.items()})


@dataclass(frozen=True, slots=True)
class Rendering:
    """A body, how many statements are withheld from it, and why entries are missing."""

    body: bytes
    withheld: int = 0
    problems: tuple[Problem, ...] = ()


def rendered(
    triples: Iterable[Triple], face: Face, withheld: int = 0, prefixes: Mapping[str, str] = ALL_PREFIXES
) -> Rendering:
    """The statements in one face, in the given order; the same statements give the same bytes."""
    if face.format != RdfFormat.RDF_XML:
        return Rendering(_serialized(triples, face.format, prefixes), withheld)
    kept, unsayable = sieve(triples, is_xml)
    # A bare carriage return comes back from an XML parser as a line feed (XML 1.0 §2.11).
    body = _serialized(kept, face.format, prefixes).replace(b"\r", b"&#13;")
    return Rendering(body, withheld + unsayable)


def prefixes_in(text: str) -> Mapping[str, str]:
    """The prefixes that some N-Triples need, for a head that a person can read."""
    return {name: iri for name, iri in ALL_PREFIXES.items() if f"<{iri}" in text}


def _serialized(triples: Iterable[Triple], form: RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    body = serialize(triples, format=form, prefixes=dict(prefixes))
    return body or b""
