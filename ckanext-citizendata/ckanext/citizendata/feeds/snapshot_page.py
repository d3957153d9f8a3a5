"""Pages of a snapshot: N-Quads, one named graph a record, called as the record of the catalogue.

What a page says of one record depends on nothing else on it: so it can be taken from an old page into a new one, byte
for byte, and equal records make equal pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.feeds.entry import Dataset, Grave
from ckanext.citizendata.feeds.fragment import statements_from_fragment
from ckanext.citizendata.feeds.listing import statements_of_grave, statements_of_listing

__all__ = ["RecordText", "Unsayable", "record_text", "texts_on"]

# No IRI has a space in it: what stands before the final point is the graph.
LAST_TERM = re.compile(rb" <([^<> ]*)> \.$")
TOMBSTONE = b"> <https://w3id.org/citizen-data/ns#tombstone> "
LABEL_LENGTH = 16


class Unsayable(Exception):  # noqa: N818 - what is true of a record, not an error of the program
    """A record that no page can say; the message says why."""


@dataclass(frozen=True, slots=True)
class RecordText:
    """What a page says of one record, as lines of N-Quads; `is_grave` where that is only that it is gone."""

    record: str
    text: bytes
    is_grave: bool = False


def record_text(entry: Dataset | Grave) -> RecordText:
    """The record's catalogue record and its statements, or its tombstone; hazards are left out.

    Raises `Unsayable` for one that can't be read, or whose address is a hazard.
    """
    if not is_address(entry.iri):
        raise Unsayable(f"The address {entry.iri!r} is a hazard, so that its record is left out")
    try:
        text = _lines(entry.record, _statements(entry))
        _require_readable(text)
    except (SyntaxError, ValueError) as error:
        raise Unsayable(f"The stored RDF of {entry.iri} can't be read: {error}") from error
    return RecordText(entry.record, text, isinstance(entry, Grave))


def texts_on(page: bytes) -> Mapping[str, RecordText]:
    """What a page says of each record, by the IRI of its graph."""
    lines: dict[str, list[bytes]] = {}
    for line in page.split(b"\n"):
        if found := LAST_TERM.search(line):
            lines.setdefault(found[1].decode(), []).append(line + b"\n")
    return {record: _as_text(record, b"".join(each)) for record, each in lines.items()}


def _as_text(record: str, text: bytes) -> RecordText:
    return RecordText(record, text, f"<{record}".encode() + TOMBSTONE in text)


def _statements(entry: Dataset | Grave) -> list[Triple]:
    if isinstance(entry, Grave):
        return statements_of_grave(entry)
    statements, _ = statements_from_fragment(entry.fragment, _prefix(entry.record))
    # Of the listing this site alone speaks: else a dataset could pass itself off as gone.
    own = NamedNode(entry.record)
    return [*statements_of_listing(entry), *(each for each in statements if each.subject != own)]


def _prefix(record: str) -> str:
    """What the labels of a record's blank nodes begin with: no other record's do."""
    return f"b{sha256(record.encode()).hexdigest()[:LABEL_LENGTH]}x"


def _lines(record: str, statements: Iterable[Triple]) -> bytes:
    graph = NamedNode(record)
    quads = (Quad(each.subject, each.predicate, each.object, graph) for each in statements)
    return serialize(quads, format=RdfFormat.N_QUADS) or b""


def _require_readable(text: bytes) -> None:
    """Raises `SyntaxError` for what another reader would stop at, and with it lose its whole page."""
    for _ in parse(text, format=RdfFormat.N_QUADS):
        pass
