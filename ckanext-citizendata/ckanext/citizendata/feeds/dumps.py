"""All of a feed in one packed file: parts that are made page by page and kept beside the pages, one after the other."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from uuid import uuid4

from ckanext.citizendata.feeds.kept_faces import text_of_page
from ckanext.citizendata.feeds.packing import checksum, member, packed
from ckanext.citizendata.feeds.store import Store, StoreFull
from ckanext.citizendata.feeds.writing import PART, room_for

__all__ = ["Part", "Recipe", "dumped", "kept_part", "latest_dump", "whole"]

# A third larger than with the usual level, in less than half of the time.
LEVEL = 3
# A gzip file, or where it is.
Part = bytes | Path
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a dump is made: what stands before the pages and after them, and the part of each page.

    `part` gives a gzip file, None for a page that isn't there any more.
    """

    suffix: str
    head: bytes
    part: Callable[[Store, str], Part | None]
    end: bytes = b""


def latest_dump(store: Store, suffix: str) -> Path | None:
    """The file of the last snapshot that was dumped so."""
    name = re.compile(rf"([0-9]{{1,18}})\.{suffix}\.gz")
    found = [
        (int(match[1]), path) for path in _folder(store).glob(f"*.{suffix}.gz") if (match := name.fullmatch(path.name))
    ]
    return max(found)[1] if found else None


def dumped(store: Store, sequence: int, pages: Sequence[str], recipe: Recipe, progress: Progress) -> Path | None:
    """The file of a snapshot's dump; None where a page was taken back meanwhile, so that there is none.

    Raises `StoreFull`; the dump before stays then.
    """
    target = _folder(store) / f"{sequence}.{recipe.suffix}.gz"
    part = target.with_name(f".{target.name}.{uuid4().hex}{PART}")
    with room_for(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            is_whole = _write(part, _parts(store, pages, recipe, progress))
            if is_whole:
                part.replace(target)
        finally:
            with suppress(FileNotFoundError):
                part.unlink()
    # Who takes a page back removes the page first and the dumps then: so one of the two sees the other.
    if not is_whole or not all(store.page(name) for name in pages):
        target.unlink(missing_ok=True)
        return None
    _forget_older(store, recipe.suffix, target)
    return target


def kept_part(store: Store, name: str, ending: str, made: Callable[[str], bytes]) -> Part | None:
    """The part that is kept beside a page under this ending, made now where there is none.

    :param made: the part of the page of this text, not yet packed.
    """
    relative = f"faces/{name}.{ending}.gz"
    found = store.beside(name, relative)
    if found is not None:
        return found
    text = text_of_page(store, name)
    if text is None:
        return None
    content = whole(made(text))
    try:
        return store.put_beside(name, relative, content)
    except StoreFull:
        return content


def whole(content: bytes) -> bytes:
    """The content as a gzip file."""
    return member(packed(content, LEVEL), checksum(content))


def _parts(store: Store, pages: Sequence[str], recipe: Recipe, progress: Progress) -> Iterable[Part | None]:
    yield whole(recipe.head)
    for done, name in enumerate(pages):
        progress(f"making dump.{recipe.suffix}.gz", done, len(pages))
        yield recipe.part(store, name)
    progress(f"making dump.{recipe.suffix}.gz", len(pages), len(pages))
    if recipe.end:
        yield whole(recipe.end)


def _write(path: Path, parts: Iterable[Part | None]) -> bool:
    """Whether all parts were there."""
    with path.open("xb") as file:
        return all(_append(file, part) for part in parts)


def _append(file: BufferedWriter, part: Part | None) -> bool:
    if part is None:
        return False
    if isinstance(part, bytes):
        file.write(part)
        return True
    try:
        with part.open("rb") as source:
            shutil.copyfileobj(source, file)
    except FileNotFoundError:
        return False
    return True


def _forget_older(store: Store, suffix: str, kept: Path) -> None:
    for path in _folder(store).glob(f"*.{suffix}.gz"):
        if path != kept and path.stat().st_mtime <= kept.stat().st_mtime:
            path.unlink(missing_ok=True)


def _folder(store: Store) -> Path:
    return store.folder / "dumps"
