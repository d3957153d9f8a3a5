"""The manifest of a snapshot: which pages it has, how much stands on them, and till when that may be believed.

`docs/reference/protocol.md` is its specification; other programs write and read it too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ckanext.citizendata.core.signature import PublicKey

__all__ = [
    "MANIFEST_TYPE",
    "PROTOCOL",
    "KEY_TYPE",
    "KeyProof",
    "Manifest",
    "ManifestPage",
    "Misstated",
    "manifest_from_json",
    "moment_of",
    "text_of_moment",
]

PROTOCOL = "citizendata/1"
# Types of signed texts: one can't pass for another.
MANIFEST_TYPE = "citizendata-manifest+json"
KEY_TYPE = "citizendata-key+json"
HASH = re.compile(r"[0-9a-f]{64}")
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
MOST_PAGES = 1_000_000


class Misstated(ValueError):  # noqa: N818 - a finding about somebody's text
    """This is no manifest; the message names field and value."""


@dataclass(frozen=True, slots=True)
class ManifestPage:
    """One page: `start` is where its range of records begins ("" for the first), `sha256` the hash of its bytes.

    Pages are listed by `start`; a page ends where the next one starts. `size` is in bytes, unpacked.
    """

    start: str
    sha256: str
    size: int
    datasets: int
    tombstones: int = 0


@dataclass(frozen=True, slots=True)
class KeyProof:
    """A key that followed another one: `proof` is signed by the one before, and says {"x": …} of this one.

    Only the first key of a site, and one that a person has to confirm, has no proof.
    """

    key: PublicKey
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One snapshot of one feed. `keys` are oldest first; the last one signs. `previous` is the SHA-256 of the payload
    of the manifest before, None for the first of an epoch. Restored sites raise `epoch`, which a person approves.
    `moved_from` is the address that the site had before.
    """

    catalogue: str
    audience: str
    epoch: int
    sequence: int
    created: datetime
    expires: datetime
    pages: tuple[ManifestPage, ...]
    keys: tuple[KeyProof, ...]
    previous: str | None = None
    mapping_version: str = ""
    licence: str | None = None
    moved_from: str | None = None

    @property
    def datasets(self) -> int:
        """How many datasets stand on all pages."""
        return sum(page.datasets for page in self.pages)

    @property
    def tombstones(self) -> int:
        """How many tombstones stand on all pages."""
        return sum(page.tombstones for page in self.pages)

    def payload(self) -> bytes:
        """The manifest as JSON, the same bytes for the same manifest."""
        content = {
            "protocol": PROTOCOL,
            "catalogue": self.catalogue,
            "audience": self.audience,
            "epoch": self.epoch,
            "sequence": self.sequence,
            "previous": self.previous,
            "created": text_of_moment(self.created),
            "expires": text_of_moment(self.expires),
            "mapping_version": self.mapping_version,
            "licence": self.licence,
            "delete_policy": "persistent",
            **({"moved_from": self.moved_from} if self.moved_from else {}),
            "datasets": self.datasets,
            "tombstones": self.tombstones,
            "keys": [{"x": each.key.x, "proof": each.proof} for each in self.keys],
            "page_address": "pages/{sha256}.nq",
            "pages": [
                {
                    "start": page.start,
                    "sha256": page.sha256,
                    "size": page.size,
                    "datasets": page.datasets,
                    "tombstones": page.tombstones,
                }
                for page in self.pages
            ],
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def manifest_from_json(payload: bytes) -> Manifest:
    """The manifest that a verified payload tells; raises `Misstated` for the first field that is wrong or missing."""
    try:
        content = json.loads(payload)
    except ValueError as error:
        raise Misstated(f"the manifest is no JSON: {error}") from error
    if not isinstance(content, dict) or content.get("protocol") != PROTOCOL:
        found = content.get("protocol") if isinstance(content, dict) else content
        raise Misstated(f"protocol is {found!r} instead of {PROTOCOL!r}")
    manifest = Manifest(
        catalogue=_text(content, "catalogue"),
        audience=_text(content, "audience"),
        epoch=_number(content, "epoch", 1),
        sequence=_number(content, "sequence", 1),
        created=moment_of(content, "created"),
        expires=moment_of(content, "expires"),
        pages=tuple(map(_page, _list(content, "pages"))),
        keys=tuple(map(_key, _list(content, "keys"))),
        previous=_hash(content, "previous") if content.get("previous") is not None else None,
        mapping_version=str(content.get("mapping_version") or ""),
        licence=_text(content, "licence") if content.get("licence") is not None else None,
        moved_from=_text(content, "moved_from") if content.get("moved_from") is not None else None,
    )
    _require_consistent(manifest, content)
    return manifest


def _require_consistent(manifest: Manifest, content: Mapping[str, Any]) -> None:
    starts = [page.start for page in manifest.pages]
    if not manifest.keys:
        raise Misstated("keys is empty, so that nothing says who signs")
    if starts != sorted({*starts}) or (starts and starts[0] != ""):
        raise Misstated("pages aren't in the order of start, or the first doesn't start at the beginning")
    for field in ("datasets", "tombstones"):
        claimed, counted = _number(content, field, 0), getattr(manifest, field)
        if claimed != counted:
            raise Misstated(f"{field} is {claimed}, and the pages have {counted}")


def text_of_moment(at: datetime) -> str:
    """A moment in UTC to the second: 2026-11-27T14:00:00Z."""
    return at.astimezone(timezone.utc).strftime(MOMENT)


def moment_of(content: Mapping[str, Any], field: str) -> datetime:
    """The moment of a field; raises `Misstated`."""
    text = _text(content, field)
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=timezone.utc)
    except ValueError as error:
        raise Misstated(f"{field} is {text!r} instead of a moment like 2026-11-27T14:00:00Z") from error


def _page(content: Any) -> ManifestPage:
    if not isinstance(content, dict):
        raise Misstated(f"pages has {content!r} instead of an object")
    return ManifestPage(
        start=_text(content, "start", empty=True),
        sha256=_hash(content, "sha256"),
        size=_number(content, "size", 0),
        datasets=_number(content, "datasets", 0),
        tombstones=_number(content, "tombstones", 0),
    )


def _key(content: Any) -> KeyProof:
    if not isinstance(content, dict):
        raise Misstated(f"keys has {content!r} instead of an object")
    proof = content.get("proof")
    key = PublicKey(_text(content, "x"))
    if not key.is_key:
        raise Misstated(f"keys has {key.x!r}, which is no key in base64url")
    return KeyProof(key, _text(content, "proof") if proof is not None else None)


def _text(content: Mapping[str, Any], field: str, empty: bool = False) -> str:
    value = content.get(field)
    if not isinstance(value, str) or not (value or empty):
        raise Misstated(f"{field} is {value!r} instead of a text")
    return value


def _number(content: Mapping[str, Any], field: str, least: int) -> int:
    value = content.get(field)
    if type(value) is not int or value < least or value >= 2**63:
        raise Misstated(f"{field} is {value!r} instead of a whole number from {least}")
    return value


def _hash(content: Mapping[str, Any], field: str) -> str:
    value = _text(content, field)
    if not HASH.fullmatch(value):
        raise Misstated(f"{field} is {value!r} instead of 64 hex digits")
    return value


def _list(content: Mapping[str, Any], field: str) -> Sequence[Any]:
    value = content.get(field)
    if not isinstance(value, list) or len(value) > MOST_PAGES:
        raise Misstated(f"{field} is no list of at most {MOST_PAGES}")
    return value
