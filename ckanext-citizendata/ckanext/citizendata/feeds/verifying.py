"""Whether the files of a feed are what its manifests say: each wrong byte by the file that it is in."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from ckanext.citizendata.core.manifest import MANIFEST_TYPE, Manifest, ManifestPage, Misstated, manifest_from_json
from ckanext.citizendata.core.signature import PublicKey, Unsigned, signed_by
from ckanext.citizendata.feeds.snapshot_page import texts_on
from ckanext.citizendata.feeds.store import Store

__all__ = ["Flaw", "flaws"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, and in which file."""

    place: str
    message: str


def flaws(store: Store, keys: Collection[PublicKey], now: datetime) -> Iterator[Flaw]:
    """What is wrong with the snapshot that is served, and with every other file that readers may still ask for."""
    current = store.current()
    if current is None:
        yield Flaw("current", "No snapshot is served; make one: ckan citizendata feed cut")
        return
    for path in sorted(store.folder.glob("manifests/*.jws"), key=lambda each: each.name):
        found = _manifest(path, keys)
        if isinstance(found, Flaw):
            yield found
        elif path.stem == str(current):
            yield from _of_current(store, found, now)
    if store.manifest(current) is None:
        yield Flaw(f"manifests/{current}.jws", "It isn't there, though it is the one that is served")
    for path in sorted(store.folder.glob("pages/*.nq")):
        yield from _of_bytes(path)


def _manifest(path: Path, keys: Collection[PublicKey]) -> Manifest | Flaw:
    place = f"manifests/{path.name}"
    try:
        text = path.read_text("utf-8")
        kid = signed_by(text)
        key = next((each for each in keys if each.kid == kid), None)
        if key is None:
            return Flaw(place, f"It is signed by {kid or 'no key'}, which is no key of this site")
        manifest = manifest_from_json(key.verified(text, MANIFEST_TYPE))
    except (Unsigned, Misstated, UnicodeDecodeError) as error:
        return Flaw(place, f"It has a wrong byte: {error}")
    if str(manifest.sequence) != path.stem:
        return Flaw(place, f"It is the manifest {manifest.sequence}")
    return manifest


def _of_current(store: Store, manifest: Manifest, now: datetime) -> Iterator[Flaw]:
    if now >= manifest.expires:
        yield Flaw(f"manifests/{manifest.sequence}.jws", f"It has expired at {manifest.expires:%Y-%m-%d %H:%M} UTC")
    for page in manifest.pages:
        path = store.page(page.sha256)
        if path is None:
            yield Flaw(f"pages/{page.sha256}.nq", "It isn't there, though it is on the snapshot that is served")
        else:
            yield from _of_counts(path, page)


def _of_counts(path: Path, page: ManifestPage) -> Iterator[Flaw]:
    texts = texts_on(path.read_bytes()).values()
    graves = sum(each.is_grave for each in texts)
    found = (len(texts) - graves, graves)
    if found != (page.datasets, page.tombstones):
        said = f"{page.datasets} datasets and {page.tombstones} tombstones"
        yield Flaw(f"pages/{path.name}", f"It has {found[0]} and {found[1]}, where the manifest says {said}")


def _of_bytes(path: Path) -> Iterator[Flaw]:
    content = path.read_bytes()
    if sha256(content).hexdigest() != path.stem:
        yield Flaw(f"pages/{path.name}", "It has a wrong byte: its hash is another one")
    packed = path.with_name(f"{path.name}.gz")
    try:
        is_same = not packed.exists() or gzip.decompress(packed.read_bytes()) == content
    except (OSError, EOFError, zlib.error):
        is_same = False
    if not is_same:
        yield Flaw(f"pages/{packed.name}", "It has a wrong byte: unpacked, it isn't the page of its name")
