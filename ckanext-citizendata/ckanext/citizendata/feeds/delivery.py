"""What an address of a feed gives: a file with all that HTTP has to say of it, or the sentence why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path

from ckanext.citizendata.core.signature import unverified
from ckanext.citizendata.feeds import signposts
from ckanext.citizendata.feeds.addresses import (
    EVERYONE,
    Asked,
    CatalogueAsked,
    DumpAsked,
    ManifestAsked,
    NothingAsked,
    PageAsked,
    SnapshotAsked,
    feed_address,
    snapshot_address,
)
from ckanext.citizendata.feeds.dumps import latest_dump
from ckanext.citizendata.feeds.kept_faces import KeptFace, KeptFaces
from ckanext.citizendata.feeds.packing import begun, ended
from ckanext.citizendata.feeds.paging import links_of
from ckanext.citizendata.feeds.sending import Body, Refusal, Sendable
from ckanext.citizendata.feeds.snapshot import Snapshot, Snapshots
from ckanext.citizendata.feeds.splicing import end_in
from ckanext.citizendata.feeds.store import Store

__all__ = ["Delivery", "Site"]

N_QUADS = "application/n-quads; charset=utf-8"
SIGNED = "application/jose"
JSON = "application/json; charset=utf-8"
PACKED = "application/gzip"
# A page is what its address says, for ever; all else is asked for anew, so that nothing stays that was taken back.
FOR_EVER = "max-age=31536000, immutable"
ASKED_ANEW = "max-age=0, must-revalidate"
WITHHELD = "Citizendata-Withheld"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the files are, and how the site is called; `address` is that of its front page, `catalogue` an IRI."""

    folder: Path
    address: str
    catalogue: str
    licence: str | None = None


class Delivery:
    """The files of all feeds of a site, for whoever may read them."""

    def __init__(self, faces: KeptFaces) -> None:
        self._faces = faces
        self._snapshots = Snapshots()

    def given(self, site: Site, asked: Asked) -> Sendable | Refusal:
        """What was asked for. Whether the reader may have it is for others to know."""
        try:
            if isinstance(asked, SnapshotAsked):
                return self._snapshot(site, asked)
            if isinstance(asked, NothingAsked):
                return Refusal(404, asked.sentence)
            store = Store.of(site.folder, asked.feed)
            if isinstance(asked, ManifestAsked):
                return _manifest(site, store, asked)
            return _page(site, store, asked) if isinstance(asked, PageAsked) else _dump(site, store, asked)
        except FileNotFoundError:
            # It went between two looks.
            return Refusal(410, "This was taken back just now.", _now(site, EVERYONE))

    def current(self, site: Site, asked: CatalogueAsked) -> Refusal | None:
        """The way to a page of the current snapshot, or that there is no such page.

        None where nothing was cut yet, and for the seconds in which a page of it is missing since something was taken
        back: whoever begins then would lose the rest.
        """
        store = Store.of(site.folder, EVERYONE)
        sequence = store.current()
        snapshot = None if sequence is None else self._snapshots.of(store, sequence)
        if sequence is None or snapshot is None or not snapshot.last or _lacks_pages(store, snapshot):
            return None
        if asked.number > snapshot.last:
            return _no_page_of(asked.number, snapshot)
        address = snapshot_address(site.address, sequence, asked.number, asked.face.suffix)
        headers = {"Location": address, "Cache-Control": "no-cache"}
        return Refusal(302, f"This page of the catalogue is at {address}", (), headers)

    def _snapshot(self, site: Site, asked: SnapshotAsked) -> Sendable | Refusal:
        store = Store.of(site.folder, EVERYONE)
        current = store.current() or 0
        # One that is being made isn't there yet.
        snapshot = self._snapshots.of(store, asked.sequence) if asked.sequence <= current else None
        if snapshot is None:
            return _no_snapshot(site, current or None, asked)
        page = snapshot.page(asked.number)
        if page is None:
            return _no_page_of(asked.number, snapshot)
        body = self._faces.of(store, site.catalogue, page.sha256, asked.face)
        if body is None:
            sentence = "Something on this page was taken back or has changed; begin again with the catalogue."
            return Refusal(410, sentence, _now(site, EVERYONE))
        return _with_head(site, snapshot, asked, body)


def _lacks_pages(store: Store, snapshot: Snapshot) -> bool:
    taken = store.taken_names()
    return bool(taken) and any(store.is_gone(name) for name in snapshot.names & taken)


def _with_head(site: Site, snapshot: Snapshot, asked: SnapshotAsked, body: KeptFace) -> Sendable:
    suffix = asked.face.suffix
    place = snapshot.place(asked.number, f"{site.address}/snapshot/{asked.sequence}", suffix)
    head, end = snapshot.head_of(place, asked.face), end_in(asked.face)
    return Sendable(
        plain=Body.of(head, body.plain, end),
        packed=Body.of(begun(head), body.blocks, ended(head, body.told, end)),
        content_type=asked.face.content_type,
        tag=f"{sha256(head).hexdigest()[:16]}{body.digest}",
        modified=snapshot.manifest.created,
        cache=f"public, {ASKED_ANEW}",
        links=signposts.of_page(
            site.catalogue, links_of(place), feed_address(site.address, EVERYONE, "manifest"), site.licence
        ),
        headers={WITHHELD: str(body.withheld)},
    )


def _no_page_of(number: int, snapshot: Snapshot) -> Refusal:
    return Refusal(404, f"There is no page {number}; the last one is {snapshot.last}.")


def _no_snapshot(site: Site, current: int | None, asked: SnapshotAsked) -> Refusal:
    if current is None or not 0 < asked.sequence <= current:
        return Refusal(404, f"There is no snapshot {asked.sequence}.")
    sentence = f"The snapshot {asked.sequence} isn't kept any more; the current one is {current}."
    links = [signposts.link(snapshot_address(site.address, current, 1, asked.face.suffix), "latest-version")]
    return Refusal(410, sentence, [*links, _manifest_link(site, EVERYONE, "describedby")])


def _manifest(site: Site, store: Store, asked: ManifestAsked) -> Sendable | Refusal:
    current = store.current()
    text = None if current is None else store.manifest(current)
    if current is None or text is None:
        return Refusal(404, "No snapshot was made for this feed yet.")
    signed = text.strip().encode()
    content = unverified(text.strip()) if asked.suffix else signed
    return Sendable(
        plain=Body.of(content),
        content_type=JSON if asked.suffix else SIGNED,
        tag=sha256(content).hexdigest(),
        modified=_written(store.folder / "manifests" / f"{current}.jws"),
        cache=_cache(asked.feed, ASKED_ANEW),
        links=signposts.of_manifest(site.catalogue, feed_address(site.address, asked.feed, ""), site.licence),
        is_open=asked.feed == EVERYONE,
    )


def _page(site: Site, store: Store, asked: PageAsked) -> Sendable | Refusal:
    plain, packed = store.page(asked.name), store.packed_page(asked.name)
    if plain is None:
        return _no_page(site, store, asked)
    return Sendable(
        plain=Body.of(plain),
        packed=Body.of(packed) if packed else None,
        content_type=N_QUADS,
        tag=asked.name,
        modified=_written(plain),
        cache=_cache(asked.feed, FOR_EVER),
        links=signposts.of_file(site.catalogue, feed_address(site.address, asked.feed, "manifest"), site.licence),
        is_open=asked.feed == EVERYONE,
    )


def _no_page(site: Site, store: Store, asked: PageAsked) -> Refusal:
    if store.is_gone(asked.name):
        sentence = (
            "This page isn't there any more: something on it was taken back or has changed. Read the manifest again."
        )
        return Refusal(410, sentence, _now(site, asked.feed))
    return Refusal(404, "There is no such page in this feed.")


def _dump(site: Site, store: Store, asked: DumpAsked) -> Sendable | Refusal:
    path = latest_dump(store, asked.suffix)
    if path is None:
        sentence = "There is no dump now. One is made after each change, once an hour; the pages are in the manifest."
        return Refusal(404, sentence, [_manifest_link(site, asked.feed, "alternate")])
    written = path.stat()
    return Sendable(
        plain=Body.of(path),
        content_type=PACKED,
        tag=f"{path.name}-{written.st_size:x}-{written.st_mtime_ns:x}",
        modified=_written(path),
        cache=_cache(asked.feed, ASKED_ANEW),
        links=signposts.of_dump(site.catalogue, feed_address(site.address, asked.feed, "manifest"), site.licence),
        is_open=asked.feed == EVERYONE,
    )


def _cache(feed: str, rule: str) -> str:
    return f"{'public' if feed == EVERYONE else 'private'}, {rule}"


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), timezone.utc)


def _manifest_link(site: Site, feed: str, relation: str) -> str:
    return signposts.link(feed_address(site.address, feed, "manifest"), relation)


def _now(site: Site, feed: str) -> Sequence[str]:
    return [_manifest_link(site, feed, "latest-version")]
