"""Writing files so that a reader, another machine or a lost power finds the old one or the new one, whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

__all__ = ["PART", "StoreFull", "room_for", "settle", "write_whole"]

# The ending of a file that is being written.
PART = ".part"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StoreFull(Exception):  # noqa: N818 - what is true of a disk, not an error of the program
    """There is no room for this file; the message names it."""


@contextmanager
def room_for(path: Path) -> Iterator[None]:
    """Raises `StoreFull` where the disk, or what one may take of it, is full."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise StoreFull(f"There is no room for {path}: {error.strerror}") from error


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Writes the file beside its place and moves it there when the disk has it. Raises `StoreFull`."""
    part = path.with_name(f".{path.name}.{uuid4().hex}{PART}")
    with room_for(path):
        try:
            _write_new(part, content, mode)
            part.replace(path)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise


def settle(folder: Path) -> None:
    """Returns when the disk knows the names in a folder."""
    if not folder.is_dir():
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_new(path: Path, content: bytes, mode: int) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:  # noqa: PTH123 - with a mode
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
