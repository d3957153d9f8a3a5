"""A snapshot for everyone as pages of the catalogue."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Triple

from ckanext.citizendata.core.manifest import Manifest, ManifestPage, manifest_from_json
from ckanext.citizendata.core.signature import unverified
from ckanext.citizendata.feeds.catalogue import statements_beside, statements_of_head
from ckanext.citizendata.feeds.entry import CatalogueHead
from ckanext.citizendata.feeds.face import Face
from ckanext.citizendata.feeds.head import head_from_json
from ckanext.citizendata.feeds.kept_faces import listed
from ckanext.citizendata.feeds.paging import SnapshotPage
from ckanext.citizendata.feeds.splicing import head_in
from ckanext.citizendata.feeds.store import Store

__all__ = ["Snapshot", "Snapshots"]

# So many snapshots are read at a time, one way or another.
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a snapshot says.

    `items` are the datasets and tombstones that are listed on all of its pages; no page has more than `most`.
    """

    manifest: Manifest
    head: CatalogueHead
    said: Sequence[Triple]
    items: int
    most: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return len(self.manifest.pages)

    @property
    def names(self) -> frozenset[str]:
        """The hashes of its pages."""
        return frozenset(page.sha256 for page in self.manifest.pages)

    def page(self, number: int) -> ManifestPage | None:
        """The page of this number, from 1."""
        return self.manifest.pages[number - 1] if 1 <= number <= self.last else None

    def place(self, number: int, address: str, suffix: str) -> SnapshotPage:
        """Where a page stands among the others; `address` is that of the snapshot."""
        return SnapshotPage(number, self.last, self.most, self.items, address, suffix)

    def head_of(self, place: SnapshotPage, face: Face) -> bytes:
        """What comes before the body of a page."""
        return head_in(statements_beside(self.said, self.head.iri, place), face)


class Snapshots:
    """The snapshots of one feed; those that were asked for last are kept in memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int], Snapshot] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, store: Store, sequence: int) -> Snapshot | None:
        """The snapshot of this number; None where there is none, or none any more."""
        try:
            # A site that was restored may give a number once more.
            written = (store.folder / "manifests" / f"{sequence}.jws").stat().st_mtime_ns
        except FileNotFoundError:
            return None
        with self._lock:
            return self._read((str(store.folder), sequence, written), store)

    def _read(self, key: tuple[str, int, int], store: Store) -> Snapshot | None:
        found = self._kept.pop(key, None) or _read(store, key[1])
        if found is not None:
            self._kept[key] = found
        if len(self._kept) > AT_ONCE:
            self._kept.popitem(last=False)
        return found


def _read(store: Store, sequence: int) -> Snapshot | None:
    text, head = store.manifest(sequence), store.head(sequence)
    if text is None or head is None:
        return None
    manifest = manifest_from_json(unverified(text.strip()))
    own = head_from_json(head)
    items = sum(_listed(store, page) for page in manifest.pages)
    most = max((page.datasets + page.tombstones for page in manifest.pages), default=0)
    return Snapshot(manifest, own, statements_of_head(own), items, max(1, most))


def _listed(store: Store, page: ManifestPage) -> int:
    """A page that was taken back counts as it did, so that the number stays the same in all of a snapshot's pages."""
    number = listed(store, page.sha256)
    return page.datasets + page.tombstones if number is None else number
