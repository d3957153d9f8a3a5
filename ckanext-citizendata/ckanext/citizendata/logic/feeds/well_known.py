"""What this site says of itself to other catalogues: the protocol's `/.well-known/citizendata`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins as p

from ckanext.citizendata import config
from ckanext.citizendata.core.manifest import PROTOCOL
from ckanext.citizendata.feeds.addresses import DUMPS, EVERYONE, feed_address
from ckanext.citizendata.feeds.dumps import latest_dump
from ckanext.citizendata.feeds.face import FACES
from ckanext.citizendata.logic.description import mapping_version
from ckanext.citizendata.logic.feeds import moving
from ckanext.citizendata.logic.feeds.catalogue_head import catalogue_address, catalogue_head, site_address
from ckanext.citizendata.logic.feeds.feed_keys import shown as keys_shown
from ckanext.citizendata.logic.feeds.feed_scopes import COLLABORATIVE, feeds
from ckanext.citizendata.logic.feeds.feed_stores import store_of

__all__ = ["manifest_address", "well_known"]

PROFILE = "https://w3id.org/citizen-data/profile"
# The names of other feeds are their partners' business.
NAMED = {EVERYONE: "open", COLLABORATIVE: "token"}


def well_known() -> dict[str, Any]:
    """The document; `docs/reference/protocol.md` says what each field means."""
    head = catalogue_head(None)
    return {
        "protocol": PROTOCOL,
        "roles": ["catalogue", *(["registry"] if p.plugin_loaded("citizendata_registry") else [])],
        "catalogue": head.iri,
        "title": dict(head.titles),
        "profile": PROFILE,
        "mapping_version": mapping_version(),
        "languages": [*head.titles],
        "contact": config.contact(),
        "licence": head.licence,
        "delete_policy": "persistent",
        "catalogue_pages": {face.suffix: catalogue_address(face.suffix) for face in FACES},
        **dict(_where_there_is_one()),
    }


def manifest_address(feed: str) -> str:
    """Where the manifest of a feed is."""
    return feed_address(site_address(), feed, "manifest")


def _where_there_is_one() -> Iterator[tuple[str, Any]]:
    keys = keys_shown()
    if keys:
        yield "key", {name: keys[-1][name] for name in ("x", "kid")}
        yield "feeds", [_named(feed, access) for feed, access in NAMED.items() if feed in feeds()]
        yield "changes", feed_address(site_address(), EVERYONE, "changes.json")
    yield "dumps", _dumps()
    if p.plugin_loaded("citizendata_registry"):
        yield "ping", f"{site_address()}/feed/ping"
    before = moving.addresses_before()
    if before:
        yield "moved_from", list(before)


def _named(feed: str, access: str) -> dict[str, str]:
    return {"audience": feed, "access": access, "manifest": manifest_address(feed)}


def _dumps() -> dict[str, str]:
    """The files that are there, by ending."""
    store = store_of(EVERYONE)
    made = [suffix for suffix in DUMPS if store and latest_dump(store, suffix)]
    return {suffix: feed_address(site_address(), EVERYONE, f"dump.{suffix}.gz") for suffix in made}
