"""A snapshot as files that need no program to be served: a folder, or a zip file that is handed over as it is."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from ckanext.citizendata.core.manifest import Manifest, manifest_from_json
from ckanext.citizendata.core.signature import unverified
from ckanext.citizendata.feeds.store import Store
from ckanext.citizendata.feeds.writing import PART, room_for, write_whole

__all__ = ["MANIFEST", "README", "NotExported", "Told", "exported"]

MANIFEST, README, PAGES = "manifest", "README.txt", "pages"
# How many pages are written, and how many there are.
Told = Callable[[int, int], None]
# A page may be taken back while it is read: then the snapshot that came after it is written.
TRIES = 3
WORDS = """\
This is a copy of the public descriptions of a catalogue of citizen data.

  catalogue   {catalogue}
  made        {created}
  descriptions of {datasets} datasets; {tombstones} others were taken back

It holds no data of these datasets, only what everybody may read about them in the catalogue.

What to do with it
  Send the zip file to the registry that reads your catalogue, or put the folder on any web server
  and tell the registry the address of the file "manifest" in it.
  Make a new one after changes, and before {expires}: after that registries take this one for outdated.

The files are signed. Whoever changes one of them makes all of them unreadable for registries.
For programmers: this is a feed of the protocol citizendata/1, in its form without a server.
"""


class NotExported(Exception):  # noqa: N818 - named for the state of the export
    """There is nothing to write, or no place for it; the message is a sentence."""


class _TakenBack(Exception):  # noqa: N818 - what happened to a page
    """A page is gone since the manifest was read."""


def exported(store: Store, target: Path, told: Told) -> Manifest:
    """Writes the current snapshot to a folder, or to a zip file where the name ends in .zip; what was written.

    What is there already is replaced only where it is an earlier export. Raises `NotExported`, and `StoreFull` where
    there is no room.
    """
    write = _write_zip if target.suffix.lower() == ".zip" else _write_folder
    _require_room(target)
    for _ in range(TRIES):
        manifest, text = _current(store)
        try:
            write(store, manifest, text, target, told)
        except _TakenBack:
            continue
        except OSError as error:
            raise NotExported(f"{target} can't be written: {error.strerror or error}") from error
        return manifest
    raise NotExported("The catalogue changes while it is being written; try again in a minute")


def _current(store: Store) -> tuple[Manifest, str]:
    sequence = store.current()
    text = store.manifest(sequence) if sequence is not None else None
    if text is None:
        raise NotExported(
            "This site has made no snapshot yet; a worker makes one soon after the start: ckan jobs worker"
        )
    return manifest_from_json(unverified(text)), text


def _require_room(target: Path) -> None:
    """Refuses to write over what is no earlier export."""
    if not target.exists():
        return
    if target.suffix.lower() == ".zip":
        is_ours = _is_export(target)
    else:
        is_ours = target.is_dir() and ((target / MANIFEST).is_file() or not any(target.iterdir()))
    if not is_ours:
        raise NotExported(f"There is something else at {target} already; give another name")


def _is_export(target: Path) -> bool:
    """Whether it is a zip file that holds a manifest."""
    if not zipfile.is_zipfile(target):
        return False
    with zipfile.ZipFile(target) as packed:
        return MANIFEST in packed.namelist()


def _write_folder(store: Store, manifest: Manifest, text: str, target: Path, told: Told) -> None:
    """New pages, then the manifest, then away with old pages: whoever reads the folder meanwhile finds it whole."""
    (target / PAGES).mkdir(parents=True, exist_ok=True)
    for name, content in _pages(store, manifest, told):
        place = target / PAGES / f"{name}.nq"
        if not place.exists():
            write_whole(place, content)
    write_whole(target / README, _readme(manifest))
    write_whole(target / MANIFEST, text.encode())
    listed = {f"{page.sha256}.nq" for page in manifest.pages}
    for path in (target / PAGES).glob("*.nq"):
        if path.name not in listed:
            path.unlink()


def _write_zip(store: Store, manifest: Manifest, text: str, target: Path, told: Told) -> None:
    with _beside(target) as part, room_for(target), zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(MANIFEST, text)
        packed.writestr(README, _readme(manifest))
        for name, content in _pages(store, manifest, told):
            packed.writestr(f"{PAGES}/{name}.nq", content)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file that takes the place of the target when it is whole."""
    part = target.with_name(f".{target.name}.{uuid4().hex}{PART}")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _pages(store: Store, manifest: Manifest, told: Told) -> Iterator[tuple[str, bytes]]:
    for number, page in enumerate(manifest.pages, 1):
        path = store.page(page.sha256)
        if path is None:
            raise _TakenBack
        yield page.sha256, _content(path)
        told(number, len(manifest.pages))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _TakenBack from error


def _readme(manifest: Manifest) -> bytes:
    values = {
        "catalogue": manifest.catalogue,
        "created": f"{manifest.created:%Y-%m-%d %H:%M} (UTC)",
        "expires": f"{manifest.expires:%Y-%m-%d}",
        "datasets": manifest.datasets,
        "tombstones": manifest.tombstones,
    }
    return WORDS.format(**values).encode()
