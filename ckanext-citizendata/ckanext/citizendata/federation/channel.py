"""Frames to and from another process, none of which is waited for without end."""

from __future__ import annotations

import os
import select
import time
from typing import IO

from ckanext.citizendata.federation import frames

__all__ = ["Channel", "ChannelClosed", "FrameTooLarge"]

CHUNK = 1024 * 1024


class ChannelClosed(Exception):  # noqa: N818 - what the other side did, not an error of ours
    """The other process has ended, or closed its side."""


class FrameTooLarge(Exception):  # noqa: N818 - what the other side did, not an error of ours
    """The other process has more to say than is wanted."""


class Channel:
    """The two pipes of a process; raises `ChannelClosed` for one that is gone, `TimeoutError` for one that is slow."""

    def __init__(self, to: IO[bytes], back: IO[bytes]) -> None:
        self._to = to.fileno()
        self._back = back.fileno()
        self._end = 0.0
        os.set_blocking(self._to, False)
        self._writable, self._readable = select.poll(), select.poll()
        self._writable.register(self._to, select.POLLOUT)
        self._readable.register(self._back, select.POLLIN)

    def allow(self, seconds: float) -> None:
        """Let what follows take this long altogether."""
        self._end = time.monotonic() + seconds

    def send(self, letter: bytes, content: bytes) -> None:
        """Send a frame."""
        for part in (frames.packed_header(letter, len(content)), content):
            rest = memoryview(part)
            while rest:
                self._wait(self._writable)
                try:
                    rest = rest[os.write(self._to, rest[:CHUNK]) :]
                except BlockingIOError:
                    continue
                except BrokenPipeError as error:
                    raise ChannelClosed from error

    def receive(self, most: int) -> tuple[bytes, bytes]:
        """The next frame. Raises `FrameTooLarge` for one with more than `most` bytes in it."""
        letter, size = frames.unpacked_header(bytes(self._read(frames.HEADER)))
        if size > most:
            raise FrameTooLarge(f"a frame of {size} bytes, where {most} are allowed")
        return letter, bytes(self._read(size))

    def _read(self, size: int) -> bytearray:
        content = bytearray()
        while len(content) < size:
            self._wait(self._readable)
            chunk = os.read(self._back, min(size - len(content), CHUNK))
            if not chunk:
                raise ChannelClosed
            content += chunk
        return content

    def _wait(self, ready: select.poll) -> None:
        left = self._end - time.monotonic()
        if left <= 0 or not ready.poll(left * 1000):
            raise TimeoutError
