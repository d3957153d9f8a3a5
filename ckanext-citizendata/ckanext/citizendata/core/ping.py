"""A ping: a catalogue tells a registry that something is new; of the news itself it holds nothing.

`docs/reference/protocol.md` is its specification.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ckanext.citizendata.core.manifest import Misstated, moment_of, text_of_moment

__all__ = ["PING_TYPE", "Ping", "ping_from_json"]

PING_TYPE = "citizendata-ping+json"
# So much may clocks differ, and so long may a ping take.
FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Ping:
    """The feed of `catalogue` whose manifest is at this address has got as far as `sequence`."""

    catalogue: str
    manifest: str
    sequence: int
    created: datetime

    def payload(self) -> bytes:
        """The ping as JSON."""
        content = {
            "catalogue": self.catalogue,
            "manifest": self.manifest,
            "sequence": self.sequence,
            "created": text_of_moment(self.created),
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    def is_fresh(self, now: datetime) -> bool:
        """Whether it was written just now; an old one is somebody's copy."""
        return abs(now - self.created) <= FRESH


def ping_from_json(payload: bytes) -> Ping:
    """The ping that a signed text tells; raises `Misstated` for the first field that is wrong or missing."""
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise Misstated(f"the ping is no JSON: {error}") from error
    if not isinstance(content, dict):
        raise Misstated("the ping is no object")
    sequence: Any = content.get("sequence")
    if type(sequence) is not int or not 0 < sequence < 2**63:
        raise Misstated(f"sequence is {sequence!r} instead of a whole number from 1")
    return Ping(_text(content, "catalogue"), _text(content, "manifest"), sequence, moment_of(content, "created"))


def _text(content: dict[str, Any], field: str) -> str:
    value = content.get(field)
    if not isinstance(value, str) or not value:
        raise Misstated(f"{field} is {value!r} instead of a text")
    return value
