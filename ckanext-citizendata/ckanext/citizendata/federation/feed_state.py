"""What is known of the signed feeds of members, and who remembers it; `logic` brings the table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

__all__ = ["FeedState", "FeedStates"]


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of a member's signed feed since it was last read well.

    `key` is the `x` of the key that signs, `payload` the SHA-256 of what the manifest says; `pages` are the hashes of
    the pages that were read, and need not be read again. `read_whole` is when all were. A person may have approved of
    an epoch, taken keys for stolen (`distrusted`), or done something for which all is to be read again (`wanted`).
    """

    catalogue: str
    audience: str
    key: str
    epoch: int
    sequence: int
    payload: str
    expires: datetime
    etag: str = ""
    pages: tuple[str, ...] = ()
    read_whole: datetime | None = None
    wanted: datetime | None = None
    approved_epoch: int | None = None
    distrusted: frozenset[str] = frozenset()

    def without(self, hashes: Collection[str]) -> FeedState:
        """The same, but that these pages are to be read again."""
        left = tuple(each for each in self.pages if each not in hashes)
        # The server would say that nothing has changed.
        return self if len(left) == len(self.pages) else replace(self, pages=left, etag="")


class FeedStates(Protocol):
    """What is known of the signed feeds of members."""

    def of(self, member_id: str) -> FeedState | None:
        """What is known of the member's; None where it was never read."""
        ...

    def accept(self, member_id: str, state: FeedState) -> None:
        """Remember what is known now that a run went well."""
        ...

    def wait(self, member_id: str, x: str, epoch: int) -> None:
        """Note that a person has to decide about a key, "" for none, or an epoch, 0 for none; all else stays."""
        ...
