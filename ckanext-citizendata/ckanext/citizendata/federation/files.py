"""A signed feed in a folder or a zip, as catalogues without a server hand it over: a `Getter` on files."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol
from urllib.parse import urljoin

from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.body import received
from ckanext.citizendata.federation.errors import SourceGone, SourceMalformed
from ckanext.citizendata.federation.limits import Limits

__all__ = ["Files", "files_at"]

MANIFEST = "manifest"
CHUNK = 64 * 1024
# Text compresses 5 to 30 times; what unpacks further is made to fill memory. Small files may do better than that.
MOST_RATIO, RATIO_FROM = 100, 1024 * 1024
# What may be wrong with a file, or with a zip that somebody made by hand.
FAILURES = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error)
ADVICE = "Ask for the export again, with all of its files"


class _Folder(Protocol):
    """Where the manifest lies, and its pages beside it."""

    def opened(self, name: str) -> tuple[IO[bytes], int] | None:
        """The file of this name and how many bytes it may have, None where there is none; raises `FAILURES`."""
        ...


class Files:
    """Reads the pages of the feed at `url` from files that lie as they would on its server."""

    def __init__(self, limits: Limits, url: str, folder: _Folder) -> None:
        self.limits = limits
        self._url = url
        self._folder = folder

    def get(self, url: str) -> Answer:
        """The file that stands for an address; raises `SourceGone` and `SourceMalformed`."""
        name = MANIFEST if url == self._url else url.removeprefix(urljoin(self._url, "."))
        try:
            found = self._folder.opened(name)
            if found is None:
                raise SourceGone(url, f"isn't among the files, as {name}", ADVICE, "status")
            with closing(found[0]) as file:
                body = received(self._chunks(file, found[1], name), self.limits.held_bytes)
        except FAILURES as error:
            raise SourceMalformed(url, f"the file {name} can't be read: {error}") from error
        return Answer(url, "", body) if isinstance(body, bytes) else Answer(url, "", b"", file=body)

    def get_changed(self, url: str, etag: str) -> Answer | None:  # noqa: ARG002 - files have no names of versions
        """The same."""
        return self.get(url)

    def _chunks(self, file: IO[bytes], most: int, name: str) -> Iterator[bytes]:
        most = min(most, self.limits.page_bytes)
        read = 0
        while chunk := file.read(CHUNK):
            read += len(chunk)
            if read > most:
                raise SourceMalformed(name, f"this file unpacks to more than {most} bytes", code="too_large")
            yield chunk


@contextmanager
def files_at(path: Path, url: str, limits: Limits) -> Iterator[Files]:
    """The feed at `url`, read from a folder or a zip that has its manifest in it, or in a folder in it.

    Raises `SourceMalformed` where there is no such thing.
    """
    if path.is_dir():
        names = [PurePosixPath(each.relative_to(path)) for each in path.rglob(MANIFEST)]
        yield Files(limits, url, _Disk(path.resolve(), _home(path, names)))
        return
    try:
        packed = zipfile.ZipFile(path)
    except FAILURES as error:
        raise SourceMalformed(str(path), f"this is neither a folder nor a zip that can be read: {error}") from error
    with packed:
        names = [PurePosixPath(each) for each in packed.namelist()]
        yield Files(limits, url, _Zip(packed, _home(path, [each for each in names if each.name == MANIFEST])))


def _home(path: Path, manifests: Sequence[PurePosixPath]) -> PurePosixPath:
    """The folder of the only manifest."""
    inside = [each for each in manifests if not each.is_absolute() and ".." not in each.parts]
    if len(inside) != 1:
        found = f"{len(inside)} files" if inside else "no file"
        raise SourceMalformed(str(path), f"there is {found} with the name {MANIFEST} in it, where one is wanted")
    return inside[0].parent


class _Disk:
    """A folder of this machine; what leads out of it isn't there."""

    def __init__(self, root: Path, home: PurePosixPath) -> None:
        self._root = root
        self._home = root / home

    def opened(self, name: str) -> tuple[IO[bytes], int] | None:
        file = (self._home / name).resolve()
        if not file.is_relative_to(self._root) or not file.is_file():
            return None
        return file.open("rb"), file.stat().st_size


class _Zip:
    """A folder in a zip, of which nothing is ever unpacked onto the disk by its own name."""

    def __init__(self, packed: zipfile.ZipFile, home: PurePosixPath) -> None:
        self._packed = packed
        self._home = home
        self._names = set(packed.namelist())

    def opened(self, name: str) -> tuple[IO[bytes], int] | None:
        path = str(self._home / name)
        if path not in self._names:
            return None
        entry = self._packed.getinfo(path)
        return self._packed.open(entry), max(RATIO_FROM, entry.compress_size * MOST_RATIO)
