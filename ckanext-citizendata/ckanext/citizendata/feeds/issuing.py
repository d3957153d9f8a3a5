"""Which manifest comes after the last one, and whether one has to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256

from ckanext.citizendata.core.manifest import KeyProof, Manifest, ManifestPage, manifest_from_json
from ckanext.citizendata.core.signature import unverified

__all__ = ["Issue", "issued", "manifest_in"]


@dataclass(frozen=True, slots=True)
class Issue:
    """What a snapshot says beside its pages; believed for so many `days`."""

    catalogue: str
    audience: str
    epoch: int
    keys: Sequence[KeyProof]
    days: int
    mapping_version: str = ""
    licence: str | None = None
    moved_from: str | None = None


def issued(issue: Issue, pages: Sequence[ManifestPage], last: str, now: datetime) -> Manifest | None:
    """The manifest that follows the `last` signed one ("" before the first); None while that one is still right.

    It isn't where anything is different, or where half of the time is over for which it may be believed.
    """
    before = manifest_in(last) if last else None
    now = now.astimezone(timezone.utc).replace(microsecond=0)
    fresh = Manifest(
        catalogue=issue.catalogue,
        audience=issue.audience,
        epoch=issue.epoch,
        sequence=before.sequence + 1 if before else 1,
        created=now,
        expires=now + timedelta(days=issue.days),
        pages=tuple(pages),
        keys=tuple(issue.keys),
        previous=_previous(before, issue.epoch),
        mapping_version=issue.mapping_version,
        licence=issue.licence,
        moved_from=issue.moved_from,
    )
    return None if before and _says_the_same(fresh, before) and not _is_old(before, now) else fresh


def manifest_in(signed: str) -> Manifest:
    """The manifest that a signed text of this site says; nothing is verified."""
    return manifest_from_json(unverified(signed))


def _previous(before: Manifest | None, epoch: int) -> str | None:
    return sha256(before.payload()).hexdigest() if before and before.epoch == epoch else None


def _says_the_same(fresh: Manifest, before: Manifest) -> bool:
    by_time = {name: getattr(before, name) for name in ("sequence", "created", "expires", "previous")}
    return replace(fresh, **by_time) == before


def _is_old(before: Manifest, now: datetime) -> bool:
    return now >= before.created + (before.expires - before.created) / 2
