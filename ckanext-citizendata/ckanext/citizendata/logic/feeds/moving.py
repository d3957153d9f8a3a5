"""The addresses that this site had before it moved."""

from __future__ import annotations

import json

from ckanext.citizendata.model import site_note

__all__ = ["addresses_before", "note_move"]

KEY = "ckanext.citizendata.moved_from"


def addresses_before() -> tuple[str, ...]:
    """Where the site was, the last address first; none where it never moved."""
    text = site_note.text_of(KEY)
    return tuple(json.loads(text)) if text else ()


def note_move(old: str, new: str) -> None:
    """Notes that the site is at `new` now, and was at `old` until now; the caller commits."""
    before = [old, *(each for each in addresses_before() if each not in (old, new))]
    site_note.write(KEY, json.dumps(before))
