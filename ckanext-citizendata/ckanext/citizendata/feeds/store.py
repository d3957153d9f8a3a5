"""The files of one feed: pages, manifests, and what is made of them. Whoever loses the folder cuts it anew.

What couldn't be written leaves what was there before: the snapshot that is served stays whole on a full disk.
"""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.feeds.writing import PART, StoreFull, room_for, settle, write_whole

__all__ = ["FEED_NAME", "Store", "StoreFull", "is_page_id"]

FEED_NAME = re.compile(rf"{EVERYONE}|collaborative|partner:[a-z0-9][a-z0-9-]{{0,62}}")
PAGE_ID = re.compile(r"[0-9a-f]{64}")
# A name of a file that is no path and isn't hidden.
PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")
SEQUENCE = re.compile(r"[0-9]{1,18}")
# Nobody writes one file for so many seconds: who left it was killed.
LEFT_BEHIND = 3600
# So many seconds a page that is gone answers as one that is, instead of one that never was.
REMEMBERED = 90 * 86400


def is_page_id(name: str) -> bool:
    """Whether it is the hash that a page goes by, and so no path to anything else."""
    return PAGE_ID.fullmatch(name) is not None


class Store:
    """The folder of one feed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def of(cls, root: Path, feed: str) -> Store:
        """The store of the feed of this name below the folder of all; raises `ValueError` for what is no such name."""
        if not FEED_NAME.fullmatch(feed):
            message = f"{feed!r} is no name of a feed"
            raise ValueError(message)
        return cls(root / feed)

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self._folder

    def put_page(self, content: bytes) -> str:
        """Keeps a page, plain and packed, and tells its hash; one that was damaged is there again.

        One that was taken back is given to nobody till it is given back.
        """
        name = sha256(content).hexdigest()
        path = self.packed_page(name) and self.page(name)
        if path is None or path.read_bytes() != content:
            self._write(self._page_path(name, ".gz"), gzip.compress(content, 6, mtime=0))
            self._write(self._page_path(name), content)
        return name

    def give_back(self, names: Collection[str]) -> None:
        """Lets readers have these pages again that were taken back, where they were put once more."""
        for path in [*_files(self._folder / "gone")]:
            if path.name in names and self._page_path(path.name).exists():
                path.unlink(missing_ok=True)

    def page(self, name: str) -> Path | None:
        """The file of a page; None for one that isn't there, that is gone, or that is no hash of a page."""
        if not is_page_id(name) or self._marker(name).exists():
            return None
        path = self._page_path(name)
        return path if path.exists() else None

    def packed_page(self, name: str) -> Path | None:
        """The same page packed by gzip."""
        path = self.page(name) and self._page_path(name, ".gz")
        return path if path and path.exists() else None

    def retire(self, name: str) -> None:
        """Takes a page back, with all that was made of it; readers are told that it is gone.

        The text stays in the private folder `taken` till the next cut, which may need what it said of other records.
        """
        self.retire_all([name])

    def retire_all(self, names: Iterable[str]) -> None:
        """Takes pages back together, in one look at what was made of them.

        On a full disk none of them is left, and `StoreFull` is raised at the end: readers then hear that there never
        were such pages.
        """
        wanted = {name for name in names if self._is_to_retire(name)}
        for name in wanted:
            self._set_aside(self._page_path(name))
            self._page_path(name, ".gz").unlink(missing_ok=True)
        self._remove_made_of(wanted)
        full: list[StoreFull] = []
        for name in wanted:
            try:
                self._write(self._marker(name), b"")
            except StoreFull as error:
                full.append(error)
        if full:
            raise full[0]

    def _is_to_retire(self, name: str) -> bool:
        _require_page_id(name)
        return self._page_path(name).exists() or not self._marker(name).exists()

    def _remove_made_of(self, names: Collection[str]) -> None:
        for path in [*_files(self._folder / "faces")] if names else ():
            if path.name.partition(".")[0] in names:
                path.unlink(missing_ok=True)

    def is_gone(self, name: str) -> bool:
        """Whether there was such a page, and isn't any more."""
        return is_page_id(name) and self._marker(name).exists()

    def taken(self, name: str) -> Path | None:
        """The file of a page that was taken back since the last cut; for cutting alone, never for readers."""
        path = self._folder / "taken" / f"{name}.nq"
        return path if is_page_id(name) and path.exists() else None

    def taken_names(self) -> frozenset[str]:
        """The hashes of the pages that were taken back since the last cut."""
        return frozenset(path.stem for path in _files(self._folder / "taken"))

    def forget_taken(self, before: float) -> None:
        """Removes the pages that were taken back before this moment, in seconds of Unix."""
        for path in [*_files(self._folder / "taken")]:
            with suppress(FileNotFoundError):
                # The time of the move: that of the content is older.
                if path.stat().st_ctime < before:
                    path.unlink()

    def put_beside(self, name: str, relative: str, content: bytes) -> Path | None:
        """Keeps what was made of a page under `relative`, such as `faces/<hash>.ttl`.

        None where the page was taken back meanwhile: then nothing of it is left.
        """
        path = self._beside_path(name, relative)
        self._write(path, content)
        # Retiring removes the page first, then what was made of it: so one of the two sees the other.
        if self.page(name) is None:
            path.unlink(missing_ok=True)
            return None
        return path

    def beside(self, name: str, relative: str) -> Path | None:
        """The file that was made of a page, if page and file are there."""
        path = self._beside_path(name, relative)
        return path if path.exists() and self.page(name) else None

    def put_manifest(self, sequence: int, text: str) -> None:
        """Keeps the signed text of a snapshot."""
        self._write(self._manifest_path(sequence), text.encode())

    def manifest(self, sequence: int) -> str | None:
        """The signed text of a snapshot."""
        return _text_of(self._manifest_path(sequence))

    def put_head(self, sequence: int, content: bytes) -> None:
        """Keeps what the catalogue said of itself in a snapshot, as `feeds.head` writes it."""
        self._write(self._head_path(sequence), content)

    def head(self, sequence: int) -> bytes | None:
        """What the catalogue said of itself in a snapshot."""
        text = _text_of(self._head_path(sequence))
        return None if text is None else text.encode()

    def current(self) -> int | None:
        """The number of the snapshot that is served; None before the first."""
        text = (_text_of(self._folder / "current") or "").strip()
        return int(text) if SEQUENCE.fullmatch(text) else None

    def make_current(self, sequence: int) -> None:
        """Serves this snapshot from now on; all that it needs is on the disk by then."""
        for name in ("pages", "manifests", "heads"):
            settle(self._folder / name)
        self._write(self._folder / "current", f"{int(sequence)}\n".encode())
        settle(self._folder)

    def drop_dumps(self) -> None:
        """Removes the dumps of all snapshots."""
        for path in [*_files(self._folder / "dumps")]:
            path.unlink(missing_ok=True)

    def prune(self, kept: Collection[str], before: float) -> None:
        """Removes pages but those `kept`, and the snapshots that were replaced before this moment (seconds of Unix)."""
        old: list[str] = []
        for path in [*self._folder.glob("pages/*.nq")]:
            if is_page_id(path.stem) and path.stem not in kept:
                old.append(path.stem)
        self.retire_all(old)
        self._prune_snapshots(before)
        now = time.time()
        _drop_older(self._folder / "gone", now - REMEMBERED)
        for folder in (path for path in self._folder.glob("*") if path.is_dir()):
            _drop_older(folder, now - LEFT_BEHIND, f".*{PART}")

    def _prune_snapshots(self, before: float) -> None:
        """A snapshot was replaced when the next one was written."""
        numbers = sorted(int(path.stem) for path in _files(self._folder / "manifests") if SEQUENCE.fullmatch(path.stem))
        for number, following in zip(numbers, numbers[1:], strict=False):
            if _written_at(self._manifest_path(following)) < before:
                for path in self._of_snapshot(number):
                    path.unlink(missing_ok=True)

    def _of_snapshot(self, number: int) -> list[Path]:
        return [self._manifest_path(number), self._head_path(number), *self._folder.glob(f"dumps/{number}.*")]

    def _set_aside(self, path: Path) -> None:
        aside = self._folder / "taken"
        try:
            aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(aside / path.name)
        except FileNotFoundError:
            return
        except OSError:
            # A full disk may have no room for a folder; what counts is that nobody reads the page any more.
            path.unlink(missing_ok=True)

    def _page_path(self, name: str, packed: str = "") -> Path:
        return self._folder / "pages" / f"{name}.nq{packed}"

    def _manifest_path(self, sequence: int) -> Path:
        return self._folder / "manifests" / f"{int(sequence)}.jws"

    def _head_path(self, sequence: int) -> Path:
        return self._folder / "heads" / f"{int(sequence)}.json"

    def _marker(self, name: str) -> Path:
        return self._folder / "gone" / name

    def _beside_path(self, name: str, relative: str) -> Path:
        _require_page_id(name)
        kind, _, rest = relative.partition("/")
        if kind != "faces" or not rest.startswith(f"{name}.") or not PLAIN.fullmatch(rest):
            message = f"{relative!r} is no place for what is made of the page {name}"
            raise ValueError(message)
        return self._folder / kind / rest

    def _write(self, path: Path, content: bytes) -> None:
        self._make_folder(path.parent)
        write_whole(path, content)

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        with room_for(folder):
            # What isn't for everyone is nobody's on this machine but the site's.
            self._folder.mkdir(mode=0o755 if self._folder.name == EVERYONE else 0o700, parents=True, exist_ok=True)
            folder.mkdir(parents=True, exist_ok=True)


def _require_page_id(name: str) -> None:
    if not is_page_id(name):
        message = f"{name!r} is no hash of a page"
        raise ValueError(message)


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("*") if path.is_file() and not path.name.startswith("."))


def _drop_older(folder: Path, than: float, pattern: str = "*") -> None:
    for path in [*folder.glob(pattern)]:
        if path.is_file() and _written_at(path) < than:
            path.unlink(missing_ok=True)


def _written_at(path: Path) -> float:
    """When it was written, in seconds of Unix; what somebody removed meanwhile was written now."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
