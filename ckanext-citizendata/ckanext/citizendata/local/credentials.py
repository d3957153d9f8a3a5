"""Passwords and keys of one installation: random, made once, kept in a file of the owner alone."""

from __future__ import annotations

import json
import secrets
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ckanext.citizendata.local.settings import Home

__all__ = ["Credentials"]


class Credentials:
    """The secrets of a home by name; one that is asked for first is made."""

    def __init__(self, home: Home) -> None:
        self.file = home.root / "secrets.json"
        self.values: dict[str, str] = json.loads(self.file.read_text(encoding="utf-8")) if self.file.exists() else {}
        # Sites are filled side by side.
        self.lock = Lock()

    def get(self, name: str) -> str:
        """The secret of that name."""
        return self._known_or(name, secrets.token_urlsafe(24))

    def password(self, account: str) -> str:
        """The password of an account, short enough to type."""
        return self._known_or(f"password of {account}", "-".join(secrets.token_hex(2) for _ in range(4)))

    def _known_or(self, name: str, fresh: str) -> str:
        with self.lock:
            if name not in self.values:
                self.values[name] = fresh
                self._write()
            return self.values[name]

    def _write(self) -> None:
        draft = self.file.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(self.values, indent=1), encoding="utf-8")
        draft.replace(self.file)
