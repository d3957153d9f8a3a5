"""The records of a page side by side, in as few parts as keep what one says from becoming what another one says.

Two records may name one publisher differently, or one may name it and say nothing of it. Laid together, each would say
what the other does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

__all__ = ["Apart", "TooManyParts"]

# A part is sent in one frame (`frames.MOST`); a record of this size has a part of its own.
MOST_BYTES = 8 * 1024 * 1024
# A page of a hundred records has a hundred parts at most.
MOST_PARTS = 1_000
NOTHING = b""

# What a record says of each node that it names, as a hash; `NOTHING` of one that it only names.
Said = Mapping[bytes, bytes]


class TooManyParts(Exception):  # noqa: N818 - what a page is, not an error of ours
    """The records of a page contradict each other in too many ways."""


@dataclass(slots=True)
class _Part:
    """Records that say the same of whatever two of them name."""

    lines: set[bytes] = field(default_factory=set)
    said: dict[bytes, bytes] = field(default_factory=dict)
    size: int = 0

    def takes(self, said: Said, size: int) -> bool:
        """Whether a record may be laid beside those that are here."""
        known = self.said
        return self.size + size <= MOST_BYTES and all(known.get(node, hash_) == hash_ for node, hash_ in said.items())

    def add(self, lines: list[bytes], said: Said, size: int) -> None:
        """Lay a record beside those that are here."""
        self.lines.update(lines)
        self.said.update(said)
        self.size += size


class Apart:
    """The records of one page, added one after the other, each to the first part that takes it."""

    def __init__(self) -> None:
        self._parts: list[_Part] = []

    def add(self, record: bytes) -> None:
        """Take a record, in lines of canonical N-Triples. Raises `TooManyParts`."""
        lines = record.split(b"\n")[:-1]
        said = _said(lines)
        part = next((each for each in self._parts if each.takes(said, len(record))), None)
        if part is None:
            if len(self._parts) >= MOST_PARTS:
                raise TooManyParts
            part = _Part()
            self._parts.append(part)
        part.add(lines, said, len(record))

    def forget(self) -> None:
        """Drop all that was taken."""
        self._parts.clear()

    def texts(self) -> list[bytes]:
        """The lines of each part, sorted, each once."""
        return [b"\n".join([*sorted(part.lines), b""]) for part in self._parts]


def _said(lines: list[bytes]) -> Said:
    about: dict[bytes, set[bytes]] = {}
    named: set[bytes] = set()
    for line in lines:
        subject, rest = line.split(b" ", 1)
        about.setdefault(subject, set()).add(rest)
        target = rest[rest.index(b" ") + 1 : -2]
        if not target.startswith(b'"'):
            named.add(target)
    described = {node: blake2b(b"\n".join(sorted(rests)), digest_size=16).digest() for node, rests in about.items()}
    return {**dict.fromkeys(named, NOTHING), **described}
