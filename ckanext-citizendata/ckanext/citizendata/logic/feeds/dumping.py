"""Dumps of the current snapshot for everyone, made beside all other work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.exchange.table import Table
from ckanext.citizendata.feeds.addresses import DUMPS, EVERYONE
from ckanext.citizendata.feeds.catalogue import statements_of_head
from ckanext.citizendata.feeds.dump_parts import face_part, quads_part, table_part, triples_part
from ckanext.citizendata.feeds.dumps import Part, Progress, Recipe, dumped
from ckanext.citizendata.feeds.entry import CatalogueHead
from ckanext.citizendata.feeds.face import N_TRIPLES, Face, face_from_suffix
from ckanext.citizendata.feeds.head import head_from_json
from ckanext.citizendata.feeds.issuing import manifest_in
from ckanext.citizendata.feeds.kept_faces import KeptFaces, listed
from ckanext.citizendata.feeds.rendering import rendered
from ckanext.citizendata.feeds.splicing import end_in, head_in
from ckanext.citizendata.feeds.store import Store
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.feeds.feed_stores import store_of

__all__ = ["count_listed", "dump"]

log = logging.getLogger(__name__)

# So that spreadsheet programs read UTF-8.
BYTE_ORDER_MARK = "\ufeff"


class Resting(Protocol):
    """Leaves room for others after each page; may end the work by an exception."""

    def rest(self) -> None: ...


def dump(suffix: str, progress: Progress, pace: Resting | None = None) -> str | None:
    """The file of the current snapshot's dump with this ending, made now.

    None where there is no snapshot, or something was taken back meanwhile. Raises `StoreFull`.
    :param pace: rests after each page; without it nothing rests.
    """
    store = store_of(EVERYONE)
    sequence = store.current() if store else None
    if store is None or sequence is None:
        return None
    signed, head = store.manifest(sequence), store.head(sequence)
    if signed is None or head is None:
        return None
    recipe = _recipe(suffix, head_from_json(head), pace)
    pages = [page.sha256 for page in manifest_in(signed).pages]
    path = dumped(store, sequence, pages, recipe, progress)
    return str(path) if path else None


def count_listed() -> None:
    """Counts what the pages of the current snapshot list, so that their first reader needn't wait for it."""
    store = store_of(EVERYONE)
    sequence = store.current() if store else None
    signed = store.manifest(sequence) if store and sequence is not None else None
    if store is not None and signed is not None:
        for page in manifest_in(signed).pages:
            listed(store, page.sha256)


def _recipe(suffix: str, head: CatalogueHead, pace: Resting | None) -> Recipe:
    if suffix == "csv":
        return _table(pace)
    said = statements_of_head(head)
    if suffix in ("nt", "nq"):
        part = quads_part if suffix == "nq" else partial(triples_part, catalogue=head.iri)
        return Recipe(suffix, rendered(said, N_TRIPLES).body, _paced(part, pace))
    face = face_from_suffix(suffix)
    if face is None or suffix not in DUMPS:
        message = f"{suffix!r} is no ending of a dump; there are {', '.join(DUMPS)}"
        raise ValueError(message)
    return _face(suffix, face, head, pace)


def _face(suffix: str, face: Face, head: CatalogueHead, pace: Resting | None) -> Recipe:
    faces = KeptFaces(_note)
    part = partial(face_part, faces=faces, catalogue=head.iri, face=face)
    return Recipe(suffix, head_in(statements_of_head(head), face), _paced(part, pace), end_in(face))


def _table(pace: Resting | None) -> Recipe:
    additions = site_model.additions()
    table = Table(catalogue_model.load(additions=additions))
    part = partial(table_part, row=table.row, version=catalogue_model.digest(additions=additions))
    return Recipe("csv", (BYTE_ORDER_MARK + table.head()).encode(), _paced(part, pace))


def _paced(part: Callable[..., Part | None], pace: Resting | None) -> Callable[[Store, str], Part | None]:
    def paced(store: Store, name: str) -> Part | None:
        found = part(store, name=name)
        if pace is not None:
            pace.rest()
        return found

    return paced


def _note(problem: Problem) -> None:
    log.error("Left out of a dump: %s", problem.message)
