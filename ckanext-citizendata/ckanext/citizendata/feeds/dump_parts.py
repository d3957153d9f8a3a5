"""The parts of dumps: pages as they are and without graphs, with all that each record says, and faces of the catalogue.

Pages have no hazards, and no two have a blank node of one name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ckanext.citizendata.core.terms import DCAT
from ckanext.citizendata.feeds.dumps import Part, kept_part
from ckanext.citizendata.feeds.face import Face
from ckanext.citizendata.feeds.kept_faces import MAKING, KeptFaces
from ckanext.citizendata.feeds.packing import member
from ckanext.citizendata.feeds.quads import datasets_of_page, is_grave, records_of_page, topic_of
from ckanext.citizendata.feeds.store import Store

__all__ = ["face_part", "quads_part", "table_part", "triples_part"]

DATASET, RECORD = DCAT.dataset.value, DCAT.record.value


def quads_part(store: Store, name: str) -> Part | None:
    """A page as it is served."""
    return store.packed_page(name)


def triples_part(store: Store, name: str, catalogue: str) -> Part | None:
    """All statements of a page without their graphs, and what the catalogue lists of it."""
    return kept_part(store, name, f"{MAKING}.all.nt", lambda page: _triples(catalogue, page).encode())


def table_part(store: Store, name: str, row: Callable[[str, str], str], version: str) -> Part | None:
    """The rows of a page's datasets, in a table of this version."""

    def rows(page: str) -> bytes:
        return "".join(row(topic, text) for topic, text in datasets_of_page(page)).encode()

    return kept_part(store, name, f"{MAKING}.{version}.csv", rows)


def face_part(store: Store, name: str, faces: KeptFaces, catalogue: str, face: Face) -> Part | None:
    """The body of a page of the catalogue, which is packed already."""
    found = faces.of(store, catalogue, name, face)
    if found is None:
        return None
    blocks = found.blocks if isinstance(found.blocks, bytes) else found.blocks.read_bytes()
    return member(blocks, found.told)


def _triples(catalogue: str, page: str) -> str:
    records = [*records_of_page(page)]
    listed = [line for record, text in records for line in _memberships(catalogue, record, text)]
    return "".join([*listed, *(text for _, text in records)])


def _memberships(catalogue: str, record: str, text: str) -> Iterator[str]:
    topic = None if is_grave(record, text) else topic_of(record, text)
    if topic is not None:
        yield f"<{catalogue}> <{DATASET}> <{topic}> .\n"
    yield f"<{catalogue}> <{RECORD}> <{record}> .\n"
