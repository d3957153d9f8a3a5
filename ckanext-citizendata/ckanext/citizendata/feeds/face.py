"""The serialisations in which a site offers its records, each with the ending of its address and its media type."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import RdfFormat

__all__ = ["FACES", "N_TRIPLES", "RDF_XML", "TURTLE", "Face", "face_from_accept", "face_from_suffix"]


@dataclass(frozen=True, slots=True)
class Face:
    """One serialisation."""

    suffix: str
    media_type: str
    format: RdfFormat

    @property
    def content_type(self) -> str:
        return f"{self.media_type}; charset=utf-8"


TURTLE = Face("ttl", "text/turtle", RdfFormat.TURTLE)
RDF_XML = Face("rdf", "application/rdf+xml", RdfFormat.RDF_XML)
N_TRIPLES = Face("nt", "application/n-triples", RdfFormat.N_TRIPLES)
FACES = (
    TURTLE,
    RDF_XML,
    Face("xml", "application/rdf+xml", RdfFormat.RDF_XML),
    Face("jsonld", "application/ld+json", RdfFormat.JSON_LD),
    N_TRIPLES,
    # Turtle is N3, and ckanext-dcat's pages link to this ending.
    Face("n3", "text/n3", RdfFormat.TURTLE),
)
HTML = ("text/html", "application/xhtml+xml")


def face_from_suffix(suffix: str) -> Face | None:
    """The face whose addresses end in `suffix`."""
    return next((face for face in FACES if face.suffix == suffix), None)


def face_from_accept(accept: str) -> Face | None:
    """The face that an `Accept` header names and prefers to a web page, else None (RFC 9110 §12.5.1)."""
    wishes = dict(_wish(part) for part in reversed(accept.lower().split(",")))
    page = max((wishes.get(media_type, 0.0) for media_type in HTML), default=0.0)
    named = [face for face in FACES if wishes.get(face.media_type, 0.0) > page]
    return max(named, key=lambda face: wishes[face.media_type], default=None)


def _wish(part: str) -> tuple[str, float]:
    media_type, *parameters = (each.strip() for each in part.split(";"))
    quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return media_type, float(quality)
    except ValueError:
        return media_type, 0.0
