"""What a process opens: noted by the interpreter's audit events, which no code of ours can leave out."""

from __future__ import annotations

import os
import sys
from typing import Any

__all__ = ["Watch"]

# Files that attacks on readers of feeds like to name.
FILES = ("/etc/passwd", "/etc/hostname", "/etc/hosts", "/dev/zero", "/proc/self/environ")


class Watch:
    """Notes servers that are connected to and files of `FILES` that are opened."""

    def __init__(self) -> None:
        self._servers: dict[str, None] = {}
        self._files: dict[str, None] = {}
        sys.addaudithook(self._note)

    def taken(self) -> dict[str, list[str]]:
        """What was noted since this was last asked."""
        found = {"servers": [*self._servers], "files": [*self._files]}
        self._servers, self._files = {}, {}
        return found

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            host, port = arguments[1][:2]
            self._servers[f"{host}:{port}"] = None
        elif event == "open" and isinstance(arguments[0], (str, bytes)) and os.fsdecode(arguments[0]) in FILES:
            self._files[os.fsdecode(arguments[0])] = None
