"""The body of a page in each face: made when it is first asked for, and kept beside the page as long as that lives."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from pyoxigraph import RdfFormat

from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.feeds.face import FACES, Face
from ckanext.citizendata.feeds.merged import merged
from ckanext.citizendata.feeds.packing import Packed, checksum, packed
from ckanext.citizendata.feeds.quads import listed_on
from ckanext.citizendata.feeds.splicing import body_in
from ckanext.citizendata.feeds.store import Store, StoreFull

__all__ = ["MAKING", "KeptFace", "KeptFaces", "Note", "listed", "text_of_page"]

# Raised when a page reads otherwise in a face than before, so that none is served of two makings.
MAKING = "1"
# Faces that differ in their address alone share a file.
SUFFIXES: dict[RdfFormat, str] = {face.format: face.suffix for face in reversed(FACES)}

# Told of each record that a page can't show.
Note = Callable[[Problem], None]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is told of a body without reading it."""

    size: int
    crc: int
    digest: str
    withheld: int


@dataclass(frozen=True, slots=True)
class KeptFace:
    """A body, plain and as blocks of deflate, each in memory where the disk has no room.

    `digest` names its bytes; so many statements are `withheld`.
    """

    plain: Path | bytes
    blocks: Path | bytes
    told: Packed
    digest: str
    withheld: int


class KeptFaces:
    """The bodies of the pages of one catalogue; each process makes one at a time."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._making = threading.Lock()

    def of(self, store: Store, catalogue: str, name: str, face: Face) -> KeptFace | None:
        """The body of a page; None for a page that isn't there."""
        found = _kept(store, name, SUFFIXES[face.format])
        if found is not None:
            return found
        with self._making:
            return _kept(store, name, SUFFIXES[face.format]) or self._made(store, catalogue, name, face)

    def _made(self, store: Store, catalogue: str, name: str, face: Face) -> KeptFace | None:
        text = text_of_page(store, name)
        if text is None:
            return None
        found = merged(catalogue, name, text)
        for problem in found.problems:
            self._note(problem)
        rendering = body_in(found.statements, face)
        return _put(store, name, SUFFIXES[face.format], rendering.body, found.withheld + rendering.withheld)


def listed(store: Store, name: str) -> int | None:
    """How many datasets and tombstones the catalogue lists of a page; None for a page that isn't there."""
    relative = f"faces/{name}.{MAKING}.listed"
    kept = store.beside(name, relative)
    if kept is not None:
        return int(kept.read_bytes())
    text = text_of_page(store, name)
    if text is None:
        return None
    number = listed_on(text)
    # Without room it is counted again next time.
    with suppress(StoreFull):
        store.put_beside(name, relative, str(number).encode())
    return number


def text_of_page(store: Store, name: str) -> str | None:
    """The page as it is kept; None for one that isn't there."""
    path = store.page(name)
    try:
        return path.read_bytes().decode("utf-8") if path else None
    except FileNotFoundError:
        return None


def _kept(store: Store, name: str, suffix: str) -> KeptFace | None:
    plain, blocks, told = (store.beside(name, each) for each in _places(name, suffix))
    if plain is None or blocks is None or told is None:
        return None
    try:
        return _face(plain, blocks, _Facts(**json.loads(told.read_bytes())))
    except FileNotFoundError:
        return None


def _face(plain: Path | bytes, blocks: Path | bytes, facts: _Facts) -> KeptFace:
    return KeptFace(plain, blocks, Packed(facts.crc, facts.size), facts.digest, facts.withheld)


def _put(store: Store, name: str, suffix: str, body: bytes, withheld: int) -> KeptFace | None:
    """Keeps a body; what is told of it comes last, so that it is whole where that is there."""
    blocks, told = packed(body), checksum(body)
    facts = _Facts(told.size, told.crc, sha256(body).hexdigest()[:32], withheld)
    contents = (body, blocks, json.dumps(asdict(facts)).encode())
    try:
        paths = [store.put_beside(name, *each) for each in zip(_places(name, suffix), contents, strict=True)]
    except StoreFull:
        return _face(body, blocks, facts) if store.page(name) else None
    return _kept(store, name, suffix) if all(paths) else None


def _places(name: str, suffix: str) -> tuple[str, str, str]:
    start = f"faces/{name}.{MAKING}.{suffix}"
    return start, f"{start}.deflate", f"{start}.json"
