"""The body of a page as it comes in: in memory, or in a file without a name if it is large."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

from ckanext.citizendata.federation.errors import RegistryUnavailable

__all__ = ["received"]


def received(chunks: Iterator[bytes], most: int) -> bytes | BinaryIO:
    """All of the chunks; in a file, which is for the caller to close, where they are more than `most` bytes.

    Raises `RegistryUnavailable` where the disk is full, and whatever the chunks raise.
    """
    body = io.BytesIO()
    for chunk in chunks:
        body.write(chunk)
        if body.tell() > most:
            return _on_disk(body, chunks)
    return body.getvalue()


def _on_disk(start: io.BytesIO, chunks: Iterator[bytes]) -> BinaryIO:
    with ExitStack() as broken_off:
        with _room():
            # No folder lists it: the system takes it back however the process ends. Without a buffer closing it is no
            # further chance for the disk to be full.
            file = broken_off.enter_context(tempfile.TemporaryFile(buffering=0))
        _write(file, start.getvalue())
        for chunk in chunks:
            _write(file, chunk)
        broken_off.pop_all()
        return file


def _write(file: BinaryIO, chunk: bytes) -> None:
    rest = memoryview(chunk)
    with _room():
        while rest:
            rest = rest[file.write(rest) :]


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"a large page can't be kept on this registry's disk ({error.strerror or error})"
        raise RegistryUnavailable(reason) from error
