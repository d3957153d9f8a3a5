"""All that the registry gives to readers, in every serialisation, read by two libraries."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from ckanext.citizendata.core.graph import ntriples_from_graph
from tests.faults.lab import Lab

__all__ = ["FACES", "Export", "canonical", "exported", "statements"]

FACES: Mapping[str, tuple[RdfFormat, str]] = {
    "ttl": (RdfFormat.TURTLE, "turtle"),
    "rdf": (RdfFormat.RDF_XML, "xml"),
    "jsonld": (RdfFormat.JSON_LD, "json-ld"),
    "nt": (RdfFormat.N_TRIPLES, "nt"),
}
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DATASET = NamedNode("http://www.w3.org/ns/dcat#Dataset")
HYDRA_NEXT = NamedNode("http://www.w3.org/ns/hydra/core#next")
MOST_PAGES = 1000


@dataclass
class Export:
    """The pages by their addresses, the datasets that each face lists, and the pages that a parser doesn't read."""

    pages: dict[str, str] = field(default_factory=dict)
    listed: dict[str, set[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def exported(lab: Lab) -> Export:
    """The catalogue as everyone reads it now, page by page, in every face."""
    lab.ask("cut")
    export = Export()
    for face, (form, name) in FACES.items():
        export.listed[face] = set()
        for address, text in _pages(lab, face, form):
            export.pages[address] = text
            try:
                found = {quad for quad in parse(io.StringIO(text), format=form)}
                second = rdflib.Graph().parse(data=text, format=name)
            except Exception as error:  # noqa: BLE001 - whatever a parser says, the page is no good
                export.unread.append(f"{address}: {type(error).__name__} {str(error)[:100]}")
                continue
            if len(second) != len(found):
                export.unread.append(f"{address}: {len(found)} and {len(second)} statements")
            export.listed[face] |= {each.subject.value for each in found if _lists(each)}  # type: ignore[union-attr]
    return export


def _pages(lab: Lab, face: str, form: RdfFormat) -> Iterator[tuple[str, str]]:
    """Each page with its address, as the links lead from the first one to the last."""
    path: str | None = f"/catalog.{face}"
    seen: set[str] = set()
    while path and path not in seen and len(seen) < MOST_PAGES:
        seen.add(path)
        path, text = lab.read(path)
        yield path, text
        path = _following(path, text, form)


def _following(path: str, text: str, form: RdfFormat) -> str | None:
    try:
        found = [quad.object for quad in parse(io.StringIO(text), format=form) if quad.predicate == HYDRA_NEXT]
    except SyntaxError:
        return None
    parts = urlsplit(urljoin(path, found[0].value)) if found else None  # type: ignore[union-attr]
    return parts and parts._replace(scheme="", netloc="").geturl()


def _lists(quad: Quad) -> bool:
    return (quad.predicate, quad.object) == (TYPE, DATASET)


def canonical(text: str, face: str) -> str:
    """The statements of a text as canonical N-Triples."""
    return ntriples_from_graph({quad.triple for quad in parse(io.StringIO(text), format=FACES[face][0])})


def statements(text: str, but: str) -> str:
    """The lines of N-Triples but those about what begins with an address."""
    # Texts may hold other ends of lines.
    return "".join(f"{line}\n" for line in text.split("\n") if line and not line.startswith(f"<{but}"))
