"""A page of the catalogue in three parts: a head that differs from snapshot to snapshot, a body that stays, an end.

Put one after the other they are one document of their face; so are many bodies between a head and an end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import RdfFormat, Triple

from ckanext.citizendata.core.terms import PREFIXES
from ckanext.citizendata.feeds.face import Face
from ckanext.citizendata.feeds.rendering import Rendering, rendered, rendered_with

__all__ = ["body_in", "end_in", "head_in"]

# All parts of a document with one root have the same prefixes.
EVERY_PREFIX = {name: str(namespace) for name, namespace in PREFIXES.items()}


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around the statements of a document; `closing` begins its `end`, `between` parts two statements."""

    opening: re.Pattern[bytes]
    closing: bytes
    between: bytes
    end: bytes


FRAMES = {
    RdfFormat.RDF_XML: _Frame(re.compile(rb"<rdf:RDF[^>]*>"), b"</rdf:RDF>", b"", b"</rdf:RDF>\n"),
    RdfFormat.JSON_LD: _Frame(re.compile(rb"\A\["), b"]", b",", b"]\n"),
}


def head_in(statements: Sequence[Triple], face: Face) -> bytes:
    """The document of these statements, of which there are some, without its end."""
    frame = FRAMES.get(face.format)
    if frame is None:
        return rendered(statements, face).body
    document = rendered_with(statements, face, EVERY_PREFIX).body
    return document[: document.rindex(frame.closing)]


def body_in(statements: Sequence[Triple], face: Face) -> Rendering:
    """These statements as they stand after others; nothing for none."""
    frame = FRAMES.get(face.format)
    if frame is None:
        return rendered(statements, face)
    rendering = rendered_with(statements, face, EVERY_PREFIX)
    found = frame.opening.search(rendering.body)
    if found is None:
        return Rendering(b"", rendering.withheld)
    inner = rendering.body[found.end() : rendering.body.rindex(frame.closing)]
    return Rendering(frame.between + inner if inner.strip() else b"", rendering.withheld)


def end_in(face: Face) -> bytes:
    """What ends the document."""
    frame = FRAMES.get(face.format)
    return frame.end if frame else b""
