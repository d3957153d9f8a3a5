"""Where a site finds what it published after a backup: its own folder of feeds, copies of its feed, its registries."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.core.key_chain import leads_on
from ckanext.citizendata.core.manifest import MANIFEST_TYPE, Manifest, Misstated, manifest_from_json
from ckanext.citizendata.core.signature import PublicKey, Unsigned, unverified
from ckanext.citizendata.exchange.visitor import Visitor
from ckanext.citizendata.feeds.evidence import Evidence, evidence
from ckanext.citizendata.feeds.protocol.finding import Unanswered
from ckanext.citizendata.feeds.protocol.well_known import PATH
from ckanext.citizendata.feeds.store import Store

__all__ = ["Unreadable", "of_copy", "of_folder", "of_peer"]

SUFFIX = ".jws"


class Unreadable(Exception):  # noqa: N818 - named for the state of the source
    """A feed that can't be read or believed; the message is a sentence."""


def of_folder(store: Store) -> Evidence | None:
    """What the newest snapshot in the site's own folder says; None where there is none."""
    numbers = [int(path.stem) for path in store.folder.glob(f"manifests/*{SUFFIX}") if path.stem.isdigit()]
    texts = [text for number in numbers if (text := store.manifest(number))]
    readable = [(manifest, text) for text in texts if (manifest := _self_signed(text))]
    if not readable:
        return None
    manifest, text = max(readable, key=lambda each: (each[0].epoch, each[0].sequence))

    def stored(name: str) -> bytes | None:
        path = store.page(name)
        return path.read_bytes() if path else None

    return evidence(f"the folder {store.folder}", text, manifest, manifest.pages, stored)


def of_copy(address: str, keys: Collection[str]) -> Evidence:
    """What a copy of this site's own feed says that is served somewhere, or a mirror of it; signed by one of its keys.

    Raises `Unreadable`.
    """
    with Visitor() as visitor:
        where, text, manifest = _fetched(visitor, address)
        is_ours = any(leads_on(manifest.keys, known) for known in keys)
        if keys and not is_ours:
            raise Unreadable(f"{where} isn't signed by a key of this site, so that somebody else may have written it")
        return evidence(address, text, manifest, manifest.pages, lambda name: _page(visitor, where, name))


def of_peer(address: str) -> Evidence:
    """What a registry says is gone of all that it lists. Raises `Unreadable`."""
    with Visitor() as visitor:
        where, text, manifest = _fetched(visitor, address)
        # Nothing else of it is needed.
        pages = [page for page in manifest.pages if page.tombstones]
        return evidence(address, text, manifest, pages, lambda name: _page(visitor, where, name))


def _fetched(visitor: Visitor, address: str) -> tuple[str, str, Manifest]:
    """The address of a manifest, its text, and what it says."""
    where = address if address.rstrip("/").endswith("/manifest") else _named(visitor, address)
    text = _body(visitor, where).decode("ascii", "replace").strip()
    manifest = _self_signed(text)
    if manifest is None:
        raise Unreadable(f"{where} is no manifest that its own key signed")
    return where, text, manifest


def _named(visitor: Visitor, address: str) -> str:
    """Where the site at an address says that its open feed is."""
    document = address.rstrip("/") + PATH
    try:
        content: Any = json.loads(_body(visitor, document))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{document} is no JSON, so that nothing tells where the feed is") from error
    feeds = content.get("feeds") if isinstance(content, Mapping) else None
    named = [
        each.get("manifest") for each in feeds or () if isinstance(each, dict) and each.get("audience") == EVERYONE
    ]
    if not named or not isinstance(named[0], str):
        raise Unreadable(f"{document} names no feed for everyone")
    return urljoin(document, named[0])


def _body(visitor: Visitor, address: str) -> bytes:
    try:
        reply = visitor.get(address, {})
    except Unanswered as error:
        raise Unreadable(f"{address} can't be read: {error}") from error
    if reply.status != 200:
        raise Unreadable(f"{address} answers {reply.status}")
    return reply.body


def _page(visitor: Visitor, manifest: str, name: str) -> bytes | None:
    """A page beside a manifest; None for one that isn't there or isn't that page."""
    try:
        reply = visitor.get(urljoin(manifest, f"pages/{name}.nq"), {})
    except Unanswered:
        return None
    return reply.body if reply.status == 200 and sha256(reply.body).hexdigest() == name else None


def _self_signed(text: str) -> Manifest | None:
    """What a manifest says that the last of its own keys signed."""
    try:
        manifest = manifest_from_json(unverified(text))
        PublicKey(manifest.keys[-1].key.x).verified(text, MANIFEST_TYPE)
    except (Unsigned, Misstated):
        return None
    return manifest
