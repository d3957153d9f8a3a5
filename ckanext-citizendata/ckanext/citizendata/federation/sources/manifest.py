"""The manifest of a signed feed, fetched and held against what was known of that feed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from ckanext.citizendata.core.hazard import is_address
from ckanext.citizendata.core.manifest import (
    KEY_TYPE,
    MANIFEST_TYPE,
    KeyProof,
    Manifest,
    ManifestPage,
    Misstated,
    manifest_from_json,
)
from ckanext.citizendata.core.signature import PublicKey, Unsigned, unverified
from ckanext.citizendata.federation.answer import Answer, Getter
from ckanext.citizendata.federation.errors import DecisionWanted, SourceMalformed
from ckanext.citizendata.federation.feed_state import FeedState
from ckanext.citizendata.federation.page import Snapshot

__all__ = ["MOST_PAGE", "Listed", "is_manifest", "listed"]

# All pages are read again after so long, lest something went wrong unseen.
WHOLE = timedelta(days=7)
# A clock that is further ahead than this is wrong, and what it dates would never seem old.
AHEAD = timedelta(days=1)
# A page of a hundred records has less than a megabyte.
MOST_PAGE = 32 * 1024 * 1024
MEDIA_TYPE = "application/jose"
ASK = "Ask the catalogue's people what happened"


@dataclass(frozen=True, slots=True)
class Listed:
    """What a feed is now, the pages to be read for it in their order, and the address beside which they lie."""

    url: str
    snapshot: Snapshot
    pages: Sequence[ManifestPage] = ()
    total: int = 0


def listed(getter: Getter, url: str, known: FeedState | None, now: datetime) -> Listed:
    """What the feed at this address is, after all that can be told without its pages.

    Raises `SourceMalformed` for a manifest that isn't believed, and `DecisionWanted` where a person may say otherwise.
    """
    due = known is None or known.wanted is not None or known.read_whole is None or now - known.read_whole >= WHOLE
    if known and known.etag and not due:
        answer = getter.get_changed(url, known.etag)
        if answer is None:
            return _unchanged(url, known, now)
    else:
        answer = getter.get(url)
    manifest, payload = _verified(answer, known)
    _require_same(url, manifest, known)
    is_raised = known is not None and manifest.epoch > known.epoch
    digest = sha256(payload).hexdigest()
    _require_later(url, manifest, digest, known)
    _require_in_time(url, manifest.created, manifest.expires, now)
    _require_fitting(url, manifest, getter)
    is_whole = due or is_raised
    state = _state(manifest, digest, answer.etag, known)
    state = replace(state, read_whole=now) if is_whole else state
    read = frozenset(known.pages) if known and not is_whole else frozenset()
    pages = tuple(page for page in manifest.pages if page.sha256 not in read)
    return Listed(answer.url, Snapshot(state, is_whole, state != known), pages, manifest.datasets + manifest.tombstones)


def is_manifest(answer: Answer) -> bool:
    """Whether an answer looks like a manifest, whoever signed it."""
    text = answer.body.strip()
    if answer.file or not (answer.content_type.startswith(MEDIA_TYPE) or text.startswith(b"eyJ")):
        return False
    try:
        return b'"protocol"' in unverified(text.decode("ascii"))
    except (Unsigned, UnicodeDecodeError):
        return False


def _unchanged(url: str, known: FeedState, now: datetime) -> Listed:
    _require_in_time(url, now, known.expires, now)
    return Listed(url, Snapshot(known, is_whole=False, is_new=False))


def _verified(answer: Answer, known: FeedState | None) -> tuple[Manifest, bytes]:
    """The manifest with the bytes that were signed, by the known key or one that followed it."""
    text = _text(answer)
    try:
        payload = unverified(text)
        manifest = manifest_from_json(payload)
        signer = manifest.keys[-1].key
        signer.verified(text, MANIFEST_TYPE)
    except (Misstated, RecursionError) as error:
        _require_signed(answer.url, text, known)
        raise SourceMalformed(answer.url, f"its signed list is wrong: {error}. {ASK}", code="misstated") from error
    except Unsigned as error:
        raise _forged(answer.url, error) from error
    if known and not _follows(manifest.keys, known):
        raise _other_key(answer.url, signer, known)
    return manifest, payload


def _text(answer: Answer) -> str:
    if answer.file:
        raise SourceMalformed(answer.url, "its signed list is too long; ask for larger pages", code="too_large")
    try:
        return answer.body.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise _forged(answer.url, error) from error


def _require_signed(url: str, text: str, known: FeedState | None) -> None:
    """What says nonsense isn't told for what the site itself said, unless it did."""
    try:
        if known:
            PublicKey(known.key).verified(text, MANIFEST_TYPE)
    except Unsigned as error:
        raise _forged(url, error) from error


def _forged(url: str, error: Exception) -> SourceMalformed:
    reason = f"its signature doesn't hold, so that somebody else may have changed it on its way: {error}. {ASK}"
    return SourceMalformed(url, reason, code="signature")


def _follows(keys: Sequence[KeyProof], known: FeedState) -> bool:
    """Whether the last of the keys is the known one, or each one behind that has a proof by the one before."""
    names = [each.key.x for each in keys]
    if known.key not in names:
        return False
    chain = keys[names.index(known.key) :]
    return all(_is_proved(before.key, after) for before, after in zip(chain, chain[1:], strict=False))


def _is_proved(before: PublicKey, after: KeyProof) -> bool:
    try:
        said = json.loads(before.verified(after.proof or "", KEY_TYPE))
    except (Unsigned, ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("x") == after.key.x


def _other_key(url: str, key: PublicKey, known: FeedState) -> SourceMalformed:
    if key.x in known.distrusted:
        reason = f"it is signed by the key {key.kid}, which a person here took for lost or stolen. {ASK}"
        return SourceMalformed(url, reason, code="signature")
    reason = (
        f"it is signed by the key {key.kid} instead of {PublicKey(known.key).kid}, which doesn't say so. Ask the "
        "catalogue's people, not by mail alone, whether this is their new key; if so, accept it as the how-to says"
    )
    return DecisionWanted(url, reason, "key_changed", x=key.x)


def _require_same(url: str, manifest: Manifest, known: FeedState | None) -> None:
    if not is_address(manifest.catalogue):
        reason = f"its signed list names no catalogue: {manifest.catalogue[:100]!r}"
        raise SourceMalformed(url, reason, code="misstated")
    if known and (manifest.catalogue, manifest.audience) != (known.catalogue, known.audience):
        reason = (
            f"this is the feed of {manifest.catalogue} for {manifest.audience}, and here was that of {known.catalogue} "
            f"for {known.audience}. Set the right address; if the catalogue was replaced, remove the member and add it"
        )
        raise SourceMalformed(url, reason, code="other_catalogue")


def _require_later(url: str, manifest: Manifest, digest: str, known: FeedState | None) -> None:
    if known is None:
        return
    before = f"number {known.sequence} of its count {known.epoch}"
    now = f"number {manifest.sequence} of its count {manifest.epoch}"
    if manifest.epoch > known.epoch:
        if manifest.epoch != known.approved_epoch:
            reason = (
                f"it counts anew ({now}, here is {before}), as after a restore from a backup. Ask the "
                "catalogue's people whether they did that; if so, approve it as the how-to says"
            )
            raise DecisionWanted(url, reason, "epoch", epoch=manifest.epoch)
    elif (manifest.epoch, manifest.sequence) < (known.epoch, known.sequence):
        raise SourceMalformed(url, f"this is older than what is here: {now}, here is {before}. {ASK}", code="rollback")
    elif manifest.sequence == known.sequence and digest != known.payload:
        reason = f"it says two different things under one number ({now}). {ASK}"
        raise SourceMalformed(url, reason, code="rollback")


def _require_in_time(url: str, created: datetime, expires: datetime, now: datetime) -> None:
    if expires <= now:
        reason = f"what it says was good until {expires:%Y-%m-%d %H:%M} UTC and wasn't renewed since. {ASK}"
        raise SourceMalformed(url, reason, code="expired")
    if created > now + AHEAD:
        reason = f"it is dated {created:%Y-%m-%d %H:%M} UTC, more than a day from now: see whose clock is wrong"
        raise SourceMalformed(url, reason, code="expired")


def _require_fitting(url: str, manifest: Manifest, getter: Getter) -> None:
    if len(manifest.pages) > getter.limits.pages:
        raise SourceMalformed(url, f"the feed has more than {getter.limits.pages} pages", code="pagination")
    most = min(MOST_PAGE, getter.limits.page_bytes)
    if any(page.size > most for page in manifest.pages):
        raise SourceMalformed(url, f"it has a page of more than {most} bytes; ask for smaller ones", code="too_large")


def _state(manifest: Manifest, digest: str, etag: str, known: FeedState | None) -> FeedState:
    return FeedState(
        catalogue=manifest.catalogue,
        audience=manifest.audience,
        key=manifest.keys[-1].key.x,
        epoch=manifest.epoch,
        sequence=manifest.sequence,
        payload=digest,
        expires=manifest.expires,
        etag=etag,
        pages=tuple(page.sha256 for page in manifest.pages),
        read_whole=known and known.read_whole,
        wanted=known and known.wanted,
        approved_epoch=known and known.approved_epoch,
        distrusted=known.distrusted if known else frozenset(),
    )
