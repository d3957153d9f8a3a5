"""The keys with which members sign what they say."""

from __future__ import annotations

from ckanext.citizendata.core.signature import PublicKey
from ckanext.citizendata.model import member_feed

__all__ = ["key_of"]


def key_of(member_id: str) -> PublicKey | None:
    """The key of a member's signed feed; None where none was read yet."""
    row = member_feed.of(member_id)
    return PublicKey(row.key) if row else None
